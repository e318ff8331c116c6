"""Intervals hold the figures, widen where days are few, and cover what they promise."""

import numpy as np
import pytest

from raincast.verification import resampling, scoring, sums
from raincast.verification.sums import FIGURES

NAN = float("nan")


def weather(rng: np.random.Generator, days: int, stations: int = 45):
    """Forecasts whose errors the stations of a day share, as arrays y, p, predicted, reference,
    day.
    """
    day = np.repeat(np.arange(days), stations)
    seen = rng.normal(-1.3, 1, len(day)) + rng.normal(0, 0.7, days)[day]
    p, chance = (1 / (1 + np.exp(-1.5 * z)) for z in (seen, seen + rng.normal(0, 0.8, days)[day]))
    y = (rng.random(len(day)) < chance).astype(float)
    return y, p, (p > 0.4).astype(float), np.full(len(day), 0.24), day


def widths(found: dict) -> np.ndarray:
    return np.array([found["intervals"][name][1] - found["intervals"][name][0] for name in FIGURES])


def test_intervals_hold_the_figures_and_shrink_with_days():
    rng = np.random.default_rng(3)
    few, many = (scoring.with_intervals(*weather(rng, days), rng).to_json() for days in (10, 160))
    for found in (few, many):
        assert all(
            found["intervals"][name][0] < found[name] < found["intervals"][name][1]
            for name in FIGURES
        )
    assert (widths(many) < 0.7 * widths(few)).all()
    assert (few["days"], many["days"]) == (10, 160)


def test_intervals_know_that_the_stations_of_a_day_are_not_alone():
    y, p, predicted, reference, day = weather(np.random.default_rng(4), 60)
    by_day = scoring.with_intervals(
        y, p, predicted, reference, day, np.random.default_rng(0)
    ).to_json()
    by_row = scoring.with_intervals(
        y, p, predicted, reference, np.arange(len(y)), np.random.default_rng(0)
    ).to_json()
    assert widths(by_day)[FIGURES.index("recall")] > 1.3 * widths(by_row)[FIGURES.index("recall")]


def test_the_same_seed_gives_the_same_intervals():
    rows = weather(np.random.default_rng(5), 12)
    first, again, other = (
        scoring.with_intervals(*rows, np.random.default_rng(seed)).to_json() for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.parametrize("days", [0, 1, scoring.FEWEST_DAYS - 1])
def test_no_interval_from_too_few_days(days):
    found = scoring.with_intervals(
        *weather(np.random.default_rng(6), days), np.random.default_rng(0)
    ).to_json()
    assert found["intervals"] == dict.fromkeys(FIGURES)
    assert found["days"] == days


def test_an_interval_from_just_enough_days():
    found = scoring.with_intervals(
        *weather(np.random.default_rng(6), scoring.FEWEST_DAYS), np.random.default_rng(0)
    ).to_json()
    assert all(found["intervals"].values())


def test_days_without_truth_are_no_days():
    y, *others, day = weather(np.random.default_rng(7), scoring.FEWEST_DAYS)
    y[day == 0] = NAN
    found = scoring.with_intervals(y, *others, day, np.random.default_rng(0)).to_json()
    assert (found["days"], found["intervals"]["recall"]) == (scoring.FEWEST_DAYS - 1, None)


def test_an_undefined_figure_has_no_interval():
    y, p, predicted, _, day = weather(np.random.default_rng(8), 20)
    found = scoring.with_intervals(
        y, np.full(len(y), NAN), predicted, p, day, np.random.default_rng(0)
    ).to_json()
    assert [name for name in FIGURES if found["intervals"][name] is None] == [
        "roc_auc",
        "average_precision",
        "brier",
        "brier_skill",
    ]


@pytest.mark.parametrize(
    "values", [50, 20_000], ids=["few distinct values", "more than there are cells"]
)
def test_a_resample_is_a_weighting_of_days(values):
    """Days drawn 0, 1, 2 and 3 times score as if their rows stood there as often."""
    y, p, predicted, reference, day = weather(np.random.default_rng(9), 400)
    p = np.round(p * values) / values
    times = np.arange(400) % 4
    often = np.repeat(np.arange(len(y)), times[day])
    expected = scoring.summary(y[often], p[often], predicted[often], reference[often]).to_json()
    columns = sums.forecasts(y, p, predicted, reference)
    cell = resampling._cell_of(columns.p)
    found = resampling._resampled(columns, cell, day, times[None, :].astype(float))
    tolerance = {"roc_auc": 1e-5, "average_precision": 0.002} if values > resampling.CELLS else {}
    for name in FIGURES:
        assert found[name][0] == pytest.approx(expected[name], abs=tolerance.get(name, 1e-12)), name


@pytest.mark.slow
def test_intervals_cover_what_they_promise():
    """Of 200 intervals from 20 days about 190 hold the figure of the process that made them."""
    rng = np.random.default_rng(10)
    true = scoring.summary(*weather(rng, 5_000)[:4]).to_json()
    found = [
        scoring.with_intervals(*weather(rng, 20), rng, 300).to_json()["intervals"]
        for _ in range(200)
    ]
    for name in FIGURES:
        held = np.mean(
            [low <= true[name] <= high for low, high in (interval[name] for interval in found)]
        )
        assert 0.88 <= held <= 0.99, name
