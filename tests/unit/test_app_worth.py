"""Cost and loss: what the slider names, and that the sentence follows from the interval."""

import numpy as np
import pandas as pd
import pytest

from raincast.app import worth
from raincast.app.words import Words
from raincast.verification import value

EN = Words("en")


@pytest.mark.parametrize(
    ("asked", "ratio"),
    [
        ("0.2", "0.20"),
        ("0.99", "0.99"),
        ("0", None),
        ("1", None),
        ("nan", None),
        ("a fifth", None),
        (None, None),
    ],
)
def test_an_address_names_a_ratio_or_none(asked, ratio):
    assert worth.ratio_of(asked) == ratio


def scored(days: int = 40) -> pd.DataFrame:
    """Three stations a day; what is said is right in nine of ten."""
    rng = np.random.default_rng(1)
    wet = rng.random(3 * days) < 0.3
    right = rng.random(3 * days) < 0.9
    return pd.DataFrame(
        {
            "y_true": wet.astype(float),
            "rain_probability": np.where(wet == right, 0.9, 0.1),
            "predicted_rain": (wet == right).astype(int),
            "target_date": np.repeat(pd.date_range("2016-01-01", periods=days), 3),
        }
    )


def test_the_value_is_that_of_the_command():
    rows = scored()
    found = worth.of_rows(rows, 0.2)
    assert found == value.of_user(
        rows["y_true"].to_numpy(),
        rows["rain_probability"].to_numpy(),
        rows["predicted_rain"].to_numpy() == 1,
        rows["target_date"].to_numpy("datetime64[D]"),
        0.2,
    )
    assert found.threshold == 0.2


@pytest.mark.parametrize(
    ("interval", "key"),
    [((0.1, 0.6), "pays"), ((-0.1, 0.6), "unsure"), ((-0.6, -0.1), "costs"), (None, "unknown")],
)
def test_the_sentence_follows_from_the_interval(interval, key):
    found = worth.of_rows(scored(), 0.2).model_copy(update={"interval": interval})
    assert worth.conclusion(found, EN)[:12] == EN(f"worth.{key}", share="", ends="")[:12]


def test_shares_below_none_are_written_with_a_minus():
    assert worth.ends((-0.25, 0.5), EN) == "−25% to 50%"
