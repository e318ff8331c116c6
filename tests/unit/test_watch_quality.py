"""What a day of forecasts says of the model's own record, by hand."""

import numpy as np
import pytest

from raincast.verification.watch import quality
from raincast.verification.watch.quality import Rows

NAN = float("nan")


def rows(day: list[int], p: list[float], y: list[float], warned: list[int] | None = None) -> Rows:
    """Forecasts without a reference."""
    chance = np.array(p)
    warns = chance >= 0.5 if warned is None else np.array(warned) == 1
    return Rows(np.array(day), chance, warns, np.array(y), np.full(len(p), NAN))


def test_a_day_is_charted_in_standard_deviations_of_independent_rows() -> None:
    """Five chances of 0.2 and one day of rain: as expected; a second such day with two is wetter
    by one over the root of 5 · 0.2 · 0.8.
    """
    day = [0] * 5 + [1] * 5
    found = quality.own_record(rows(day, [0.2] * 10, [1, 0, 0, 0, 0, 1, 1, 0, 0, 0]), 2)
    assert found["wetter"] == pytest.approx([0, 1 / 0.8**0.5])
    # Of alike chances none is sharper, and each row has the same weight in the Brier score.
    assert np.isnan(found["sharper"]).all()
    assert found["brier"] == pytest.approx([0, 1 / 0.8**0.5])


def test_chances_too_bold_are_less_sharp_and_have_a_worse_brier_score() -> None:
    """Chances of 0.1 and 0.9, of which neither kind is right more often than the other."""
    p, y = [0.1, 0.1, 0.1, 0.9, 0.9, 0.9], [1, 0, 0, 0, 1, 1]
    found = quality.own_record(rows([0] * 6, p, y), 1)
    assert found["wetter"] == pytest.approx([0], abs=1e-9)
    # Each row's lean is 0.4 to either side: -0.4 (0.9 - 0.2) + 0.4 (0.2 - 0.9) over the spread.
    expected = -2 * 0.4 * 0.7 / np.sqrt(6 * 0.4**2 * 0.09)
    assert found["sharper"] == pytest.approx([expected])
    # The Brier score weighs them by 0.8 and -0.8: twice as much, and the other way round.
    assert found["brier"] == pytest.approx([-expected])


def test_too_few_rows_and_rows_without_truth_say_nothing() -> None:
    few = quality.FEWEST_ROWS - 1
    of_few = quality.own_record(rows([0] * few, [0.3] * few, [0] * few), 2)
    of_none = quality.own_record(rows([1] * 9, [0.3] * 9, [NAN] * 9), 2)
    assert all(np.isnan(series).all() for series in (*of_few.values(), *of_none.values()))


def test_usual_recall_is_the_curve_that_undisturbed_days_lie_on() -> None:
    """Half of a day's forecasts are dry: then recall to expect is 1 on each day, whatever its
    mean chance; days of other shares lie on a cubic.
    """
    means = np.linspace(0.1, 0.6, 8)
    day = np.repeat(np.arange(8), 10)
    p = np.repeat(means, 10)
    curve = quality.usual_recall(rows(list(day), list(p), [NAN] * 80, [1] * 80), 8)
    assert np.polyval(curve, means) == pytest.approx(np.ones(8))
    quiet = quality.warnings(rows(list(day), list(p), [NAN] * 80, [0] * 80), 8, curve)
    assert quiet == pytest.approx(-means), "no warning at all: the whole recall is missing"


def test_a_past_of_few_days_has_no_curve() -> None:
    days = quality.CUBIC
    past = rows(list(np.repeat(np.arange(days), 9)), [0.3] * 9 * days, [NAN] * 9 * days)
    assert quality.usual_recall(past, days).tolist() == [0.0]
