"""What holds of the scores of any forecasts, whatever their figures are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.verification import decomposition, resampling, scoring
from raincast.verification.sums import FIGURES, Table

one = st.tuples(
    st.integers(0, 1), st.sampled_from([0.0, 0.125, 0.25, 0.5, 0.75, 1.0]), st.integers(0, 1)
)
forecasts = st.lists(one, min_size=1, max_size=40)


def columns(rows) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column, float) for column in zip(*rows, strict=True))


def figures(y, p, warned, reference=0.25) -> dict[str, float | None]:
    found = scoring.summary(y, p, warned, np.full(len(y), reference))
    return {name: getattr(found, name) for name in FIGURES}


@given(forecasts, st.randoms())
def test_every_forecast_twice_and_in_any_order_scores_the_same(rows, random) -> None:
    mixed = random.sample(rows * 2, 2 * len(rows))
    assert figures(*columns(rows)) == pytest.approx(figures(*columns(mixed)))


@given(forecasts)
def test_to_forecast_dry_days_is_as_hard_as_to_forecast_wet_ones(rows) -> None:
    y, p, warned = columns(rows)
    there, back = figures(y, p, warned), figures(1 - y, 1 - p, 1 - warned, 0.75)
    for name in ("accuracy", "roc_auc", "brier", "brier_skill"):
        assert there[name] == pytest.approx(back[name])


@given(forecasts)
def test_ranks_ask_for_the_order_of_the_chances_alone(rows) -> None:
    y, p, warned = columns(rows)
    plain, bent = figures(y, p, warned), figures(y, p**3 / 2 + 0.25, warned)
    assert (plain["roc_auc"], plain["average_precision"]) == (
        pytest.approx(bent["roc_auc"]),
        pytest.approx(bent["average_precision"]),
    )


@given(forecasts)
def test_the_climatology_itself_has_no_skill_and_no_forecast_more_than_one(rows) -> None:
    y, p, warned = columns(rows)
    assert figures(y, np.full(len(y), 0.25), warned)["brier_skill"] == pytest.approx(0, abs=1e-12)
    skill = figures(y, p, warned)["brier_skill"]
    assert skill <= 1
    assert (skill == 1) == bool((y == p).all())


cells = st.tuples(*[st.integers(0, 50)] * 4).map(lambda counts: Table(*counts))


@given(cells, st.floats(0.01, 0.99))
def test_value_is_what_a_user_saves_of_what_knowing_would_save(table, ratio) -> None:
    """Counted in losses: each warning costs the ratio, each miss one; the cheaper of always and
    never protecting stands at 0, knowing at 1.
    """
    value = scoring.value(table, ratio)
    wet, dry = table.hits + table.misses, table.false_alarms + table.correct_negatives
    assert (value is None) == (not wet or not dry)
    if value is None:
        return
    spent = ratio * (table.hits + table.false_alarms) + table.misses
    usual, knowing = min(ratio * (wet + dry), wet), ratio * wet
    assert value == pytest.approx((usual - spent) / (usual - knowing), abs=1e-9)
    assert value <= 1 + 1e-9


@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 99))
def test_a_resample_draws_as_many_days_as_there_are(days, resamples, seed) -> None:
    drawn = resampling.drawn_days(np.random.default_rng(seed), days, resamples)
    assert drawn.shape == (resamples, days)
    assert (drawn >= 0).all()
    assert drawn.sum(axis=1).tolist() == [days] * resamples


@given(forecasts)
def test_the_parts_of_the_brier_score_make_it_up_and_are_none_below_nought(rows) -> None:
    y, p, warned = columns(rows)
    found = decomposition.parts(y, p, np.arange(len(y)), np.random.default_rng(0), 5)
    whole = found.reliability - found.resolution + found.uncertainty + found.within_bins
    assert whole == pytest.approx(figures(y, p, warned)["brier"])
    assert min(found.reliability, found.resolution, found.uncertainty) >= 0
    assert found.uncertainty <= 0.25
    assert found.resolution <= found.uncertainty + 1e-12
