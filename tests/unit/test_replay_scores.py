"""The scores of a replay on a handful of rows, by hand."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from raincast.learning import climatology
from raincast.learning.baselines import Baseline
from raincast.replay.summary import scores
from raincast.verification.evaluation import TunedBaseline
from tests.places import INDEX

COLUMNS = ["location", "feature_date", "hour", "regime", "y", "p", "predicted", "missing"]
ROWS = [
    ("Cairns", "2024-02-28", 6, "9am", 1, 0.9, 1, "Sunshine Cloud9am"),
    ("Cairns", "2024-02-28", 18, "3pm", 1, 0.4, 0, "Sunshine"),
    ("Perth", "2024-02-29", 6, "9am", 0, 0.2, 1, None),
    ("Perth", "2024-02-29", 18, "3pm", 0, 0.6, 1, ""),
    ("Cairns", "2024-03-01", 6, "9am", None, 0.5, 1, "Sunshine"),
    ("Cairns", "2024-03-02", 6, "9am", 1, 0.7, 1, None),
]


def journal() -> pd.DataFrame:
    """The rows as a scored journal has them; of one nothing is known yet."""
    made = pd.DataFrame(ROWS, columns=COLUMNS)
    feature = pd.to_datetime(made["feature_date"])
    issued = [
        datetime.combine(at.date(), datetime.min.time(), UTC).replace(hour=hour)
        for at, hour in zip(feature, made["hour"], strict=True)
    ]
    return made.assign(
        feature_date=feature,
        target_date=feature + pd.Timedelta(days=1),
        issued_at_utc=pd.to_datetime(issued),
        y_true=made["y"].astype(float),
        truth_available=made["y"].notna(),
        rain_probability=made["p"],
        predicted_rain=made["predicted"],
    ).drop(columns=["y", "p", "predicted"])


def table() -> climatology.Table:
    """Fitted to one wet and one dry day of Cairns in February."""
    days = np.array([date(2023, 2, 1), date(2023, 2, 2)], "datetime64[D]")
    return climatology.fit(np.array([1.0, 0.0]), days, np.array([INDEX["Cairns"]] * 2))


@pytest.fixture
def told() -> pd.DataFrame:
    return scores.told(journal(), table())


def test_rows_without_truth_are_left_out_and_the_others_are_named_as_scores_are(told) -> None:
    assert told["y"].tolist() == [1, 1, 0, 0, 1]
    assert told["p"].tolist() == [0.9, 0.4, 0.2, 0.6, 0.7]
    assert told["month"].tolist() == [*["2024-02"] * 4, "2024-03"]  # of the feature date
    assert told["issue_hour_utc"].tolist() == ["06:00", "18:00", "06:00", "18:00", "06:00"]
    assert told.index.tolist() == [0, 1, 2, 3, 4]
    assert told["reference"].between(0, 1).all()


def test_groups_name_their_keys_and_nothing_else(told) -> None:
    found = scores.by(told, ["month", "regime"])
    assert [(g.month, g.regime, g.n, g.positives) for g in found] == [
        ("2024-02", "3pm", 2, 1),
        ("2024-02", "9am", 2, 1),
        ("2024-03", "9am", 1, 1),
    ]
    assert found[0].location is None
    assert found[0].issue_hour_utc is None
    assert (found[0].recall, found[1].recall, found[2].roc_auc) == (0.0, 1.0, None)
    assert found[0].brier == pytest.approx((0.36 + 0.36) / 2)


def test_a_month_of_few_days_has_figures_and_no_interval(told) -> None:
    february, march = scores.over_time(told)
    assert (february.month, february.n) == ("2024-02", 4)
    assert (february.recall, february.precision) == (1 / 2, pytest.approx(1 / 3))
    assert (march.month, march.n, march.recall, march.interval) == ("2024-03", 1, 1.0, None)


def test_the_summary_has_the_value_at_every_ratio_and_all_rows_in_the_table(told) -> None:
    found = scores.summary(told)
    assert (found.n, found.days) == (5, 3)
    assert sum(part.n for part in found.reliability) == 5
    assert [at.ratio for at in found.value] == [round(i / 20, 2) for i in range(1, 20)]


def test_a_user_protects_where_the_chance_reaches_the_own_ratio() -> None:
    """Wet at 0.3 and 0.6, dry at 0.3 and 0.1: half of the days are wet.

    At a ratio of 0.3 protecting on three days costs 0.9, against 0.3 x 4 for always protecting, and
    0.6 for knowing: (1.2 - 0.9) / (1.2 - 0.6). At 0.6 it costs one day's 0.6 and one loss of 1,
    against 2 for never protecting, and 1.2 for knowing.
    """
    found = scores.values(np.array([1.0, 1, 0, 0]), np.array([0.3, 0.6, 0.3, 0.1]))
    by_ratio = {at.ratio: at.value for at in found}
    assert by_ratio[0.3] == pytest.approx((1.2 - 0.9) / (1.2 - 0.6))
    assert by_ratio[0.6] == pytest.approx((2 - 1.6) / (2 - 1.2))


def test_knowing_is_worth_one_to_everybody_and_the_wet_share_alone_nothing() -> None:
    wet = np.array([1.0, 0, 0, 1, 0, 0, 0, 1, 0, 0])
    assert [at.value for at in scores.values(wet, wet)] == pytest.approx([1.0] * 19)
    usual = [at.value for at in scores.values(wet, np.full(10, 0.3))]
    assert usual == pytest.approx([0.0] * 19, abs=1e-9)


def test_what_was_absent_is_a_share_of_the_forecasts_of_an_hour_and_regime() -> None:
    found = scores.missing(journal())
    assert [(part.issue_hour_utc, part.regime, part.n, part.absent) for part in found] == [
        ("06:00", "9am", 4, {"Sunshine": 0.5, "Cloud9am": 0.25}),
        ("18:00", "3pm", 2, {"Sunshine": 0.5}),
    ]


def test_the_difference_is_on_the_forecasts_that_both_have(told) -> None:
    other = told.assign(p=[0.4, 0.9, 0.2, 0.6, 0.0], predicted=[0, 1, 0, 1, 0]).iloc[::-1]
    found = scores.difference(told, other.iloc[1:])  # not that of March
    # Squared errors .36, .01, .04, .36 against .01, .36, .04, .36.
    assert found.n == 4
    assert found.brier == (pytest.approx(0.0), None, None)
    assert found.recall == (0.0, None, None)  # one hit lost, one gained
    lost = scores.difference(told, other)
    assert lost.brier[0] == pytest.approx((1.0 - 0.09) / 5)
    assert lost.recall[0] == pytest.approx(-1 / 3)


def test_without_a_wet_day_there_is_no_difference_of_the_recall(told) -> None:
    dry = told[told["y"] == 0]
    found = scores.difference(dry, dry.assign(p=0.0))
    assert found.brier[0] == pytest.approx(-(0.04 + 0.36) / 2)
    assert found.recall == (None, None, None)


def test_without_a_forecast_in_common_nothing_is_compared(told) -> None:
    assert scores.difference(told, told[:0]) is None
    assert scores.difference(told[:0], told[:0]) is None
    elsewhere = told.assign(location="Albury")
    assert scores.difference(told, elsewhere) is None


def test_a_regime_without_rows_has_no_baselines_beside_it(told) -> None:
    """After a dry day it rains one time in ten, after a wet one every second time, else three in
    ten; of what the features say only the rain of the feature date is looked at.
    """
    baseline = Baseline("persistence", {"after": np.array([0.1, 0.5, 0.3])})
    tuned = [TunedBaseline(baseline, 0.3)]
    X = np.full((len(told), 200), 5.0, np.float32)
    found = scores.beside(told, X, {"9am": tuned, "complete": tuned})
    assert list(found) == ["9am"]
    theirs = found["9am"]["persistence"]
    assert (theirs.n, theirs.recall, theirs.precision) == (3, 1.0, pytest.approx(2 / 3))
    assert theirs.brier == pytest.approx(0.25)
