"""Chances of amounts: never rising, around the event's own, and calibrated."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from scores.probability import crps_cdf

from raincast.learning import amounts
from raincast.learning.amounts import AMOUNTS_MM, OF_THE_CLIMATE, Forecasts
from raincast.learning.blend import Forecaster
from raincast.learning.metadata import AmountRatio, AmountStep, Origin
from raincast.observations import event
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force
from raincast.verification import amounts as scored
from tests.places import LOCATIONS

weights = st.floats(-5, 5)
ratios = st.builds(
    AmountRatio, intercept=weights, odds=weights, odds_squared=weights, climate=weights
)
chances = st.floats(0, 1)


@st.composite
def steps(draw: st.DrawFn, event_mm: float) -> list[AmountStep]:
    return [
        AmountStep(mm=b, beyond_mm=a, regimes={name: draw(ratios) for name in REGIMES})
        for b, a in amounts.steps_from(event_mm)
    ]


def forecasts(p: list[float], regime: int = 1) -> Forecasts:
    n = len(p)
    day = np.full(n, np.datetime64("2015-07-01"))
    return amounts.forecasts(p, day, np.arange(n) % 3, [REGIMES[regime]] * n)


def exceedance(
    fitted: Sequence[AmountStep], of: Forecasts, around: Mapping[float, np.ndarray]
) -> dict[float, np.ndarray]:
    return amounts.chances(fitted, amounts.weights(fitted), of, amounts.ratios(fitted, around))


def climate(n: int, event_mm: float = 1.0) -> dict[float, np.ndarray]:
    places = sorted({*AMOUNTS_MM, event_mm})
    return {mm: np.linspace(0.5, 0.3, n) / (1 + i) for i, mm in enumerate(places)}


@given(st.sampled_from([0.1, 0.2, 1.0, 2.5, 50.0, 80.0]), st.data())
def test_never_rising_and_the_events_to_the_bit(event_mm: float, data: st.DataObject) -> None:
    p = data.draw(st.lists(chances, min_size=1, max_size=20))
    drawn = data.draw(steps(event_mm))
    found = exceedance(drawn, forecasts(p), climate(len(p), event_mm))
    assert list(found) == sorted({*AMOUNTS_MM, event_mm})
    table = np.stack(list(found.values()))
    assert (np.diff(table, axis=0) <= 0).all()
    assert ((table >= 0) & (table <= 1)).all()
    np.testing.assert_array_equal(found[event_mm], p)


@given(st.lists(chances, min_size=2, max_size=30), st.data())
def test_a_row_alone_has_the_bits_that_it_has_in_company(p: list[float], data: st.DataObject):
    drawn, around = data.draw(steps(1.0)), climate(len(p))
    regimes = data.draw(st.lists(st.sampled_from(REGIMES), min_size=len(p), max_size=len(p)))
    of = forecasts(p)._replace(regime=np.array([REGIMES.index(name) for name in regimes]))
    together = exceedance(drawn, of, around)
    for i in range(len(p)):
        alone = exceedance(
            drawn,
            Forecasts(*(column[i : i + 1] for column in of)),
            {mm: column[i : i + 1] for mm, column in around.items()},
        )
        assert {mm: v[0] for mm, v in alone.items()} == {mm: v[i] for mm, v in together.items()}


def test_what_is_fitted_is_what_comes_in_every_regime() -> None:
    rng = np.random.default_rng(1)
    n = 60_000
    of = forecasts(expit(rng.normal(0, 1.5, n)).tolist())
    of = of._replace(regime=rng.integers(0, 3, n))
    around = {mm: np.full(n, 0.4 / (1 + i)) for i, mm in enumerate(AMOUNTS_MM)}
    heavy = 6 * np.exp(0.3 * logit(of.p) - 0.4 * of.regime)  # what a regime adds is its own
    wet, drawn = rng.random(n) < of.p, rng.exponential(size=n)
    mm = np.where(wet, 1.1 + heavy * drawn, np.minimum(drawn * heavy / 20, 1.0))
    fitted = amounts.fitted(mm, of, around, event.DEFAULT)
    found = exceedance(fitted, of, around)
    for regime in range(3):
        here = of.regime == regime
        for a in (0.2, 5.0, 25.0):
            assert found[a][here].mean() == pytest.approx((mm[here] > a).mean(), abs=0.01)


def test_too_few_days_leave_the_climatologys_ratio() -> None:
    of, around = forecasts([0.5] * 60), climate(60)
    for step in amounts.fitted(np.full(60, 30.0), of, around, event.DEFAULT):
        assert set(step.regimes) == set(REGIMES)
        assert set(step.regimes.values()) == {OF_THE_CLIMATE} or step.mm == 0.2
    dry = amounts.fitted(np.zeros(60), of, around, event.DEFAULT)
    p = of._replace(p=around[1.0])
    for mm, chance in exceedance(dry, p, around).items():
        np.testing.assert_allclose(chance, around[mm], rtol=1e-9)


def test_the_rain_of_the_next_day_is_what_the_truth_is_made_from() -> None:
    rain = np.array([[0.0], [1.2], [np.nan], [9.0], [0.4]])
    seen = np.ones_like(rain, dtype=bool)
    np.testing.assert_array_equal(
        event.next_day(rain, seen)[:, 0], [1.2, np.nan, np.nan, 0.4, np.nan]
    )
    np.testing.assert_array_equal(
        event.DEFAULT.truth(rain, seen)[:, 0], [1, np.nan, np.nan, 0, np.nan]
    )


def test_a_former_model_has_no_amounts() -> None:
    about = Origin(stations=list(LOCATIONS), climatology={n: [0.2] * 12 for n in LOCATIONS})
    assert Forecaster.unkept(None, about, {"3pm": 0.3}, "v1").amounts is None


@pytest.mark.filterwarnings("ignore:numba is not available")
@pytest.mark.parametrize("fell", [0.0, 0.2, 0.7, 1.0, 5.4, 25.0, 49.8, 50.0, 180.0])
def test_the_crps_is_that_of_the_verification_package(fell: float) -> None:
    exceedance = dict(zip(AMOUNTS_MM, (0.6, 0.4, 0.25, 0.1, 0.03, 0.02), strict=True))
    ours = scored.crps(np.array([fell]), {mm: np.array([p]) for mm, p in exceedance.items()})
    places = [0.0, *AMOUNTS_MM]
    # It integrates to the largest threshold; rain above counts as that much.
    cdf = xr.DataArray([[1 - p for p in (0.6, *exceedance.values())]], dims=("i", "mm"))
    theirs = crps_cdf(
        cdf.assign_coords(mm=places),
        xr.DataArray([min(fell, 50.0)], dims="i"),
        threshold_dim="mm",
        fcst_fill_method="linear",
    )
    assert ours[0] == pytest.approx(float(theirs["total"].item()), abs=1e-9)


def test_the_crps_of_a_sure_and_right_forecast_is_nothing() -> None:
    sure = {mm: np.array([1.0 if mm <= 25 else 0.0]) for mm in AMOUNTS_MM}
    dry = {mm: np.array([0.0]) for mm in AMOUNTS_MM}
    assert scored.crps(np.array([0.0]), dry) == 0
    assert scored.crps(np.array([37.5]), sure)[0] < scored.crps(np.array([37.5]), dry)[0]
    assert np.isnan(scored.crps(np.array([np.nan]), dry)).all()


def test_amounts_are_kept_by_station_and_month() -> None:
    # A panel keeps readings as float32, of which 0.2 is a little more than 0.2.
    mm = np.array([0.2, 3.0, 30.0, np.nan], dtype=np.float32).astype(np.float64)
    day = np.array([date(2015, 1, i) for i in (1, 2, 3, 4)], dtype="datetime64[D]")
    found = amounts.frequencies(mm, day, np.zeros(4, dtype=np.intp), in_force())
    assert list(found) == ["5", "10", "25", "50", "0.2"]
    first = in_force().locations[0]
    assert [round(found[a][first][0], 2) for a in ("0.2", "5", "50")] == [0.67, 0.33, 0.0]
