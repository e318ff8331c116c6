"""The simulator's parts: travelling waves, the gauge, standing rain, lost instruments."""

from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import ndtri

from raincast.observations import event, panel
from raincast.observations.network import shipped
from raincast.simulator import Climate, rain, simulate, sites
from raincast.simulator.gaps import FIELDS_OF, standing
from raincast.simulator.instruments import INSTRUMENTS
from raincast.simulator.normals import NORMALS
from raincast.simulator.synoptic import STEPS, Waves, fronts, systems
from raincast.simulator.wind import points
from raincast.simulator.zones import FORCES, WEIGHT
from tests.places import DISTANCES_KM, INDEX, LOCATIONS
from tests.simulated import FIRST, by_station, correlation, holed, whole

STATION_COUNT = len(LOCATIONS)
SITES = sites.of(shipped())
ADELAIDE, MELBOURNE = INDEX["Adelaide"], INDEX["Melbourne"]


@pytest.mark.parametrize("waves", [fronts(), systems(500, 2, 600), systems(1500, 14, 0)])
def test_a_field_has_variance_one_and_the_spread_that_it_says(waves: Waves) -> None:
    field = waves.field(np.random.default_rng(1), 40_000, SITES)
    assert_allclose(field.real.std(axis=0), 1, atol=0.12)
    assert abs(field.real.mean()) < 0.1
    days = np.mean(
        [field.real[i : len(field) - STEPS + i : STEPS] for i in range(STEPS + 1)], axis=0
    )
    assert days.std() == pytest.approx(waves.spread_of_day(), abs=0.04)


def test_a_field_moves_east_at_its_speed() -> None:
    days = DISTANCES_KM[ADELAIDE, MELBOURNE] / 600
    field = (
        systems(400, memory=3, east_km_per_day=600)
        .field(np.random.default_rng(2), 40_000, SITES)
        .real
    )
    lag = round(STEPS * days)
    west, east = field[:, ADELAIDE], field[:, MELBOURNE]
    assert correlation(west[:-lag], east[lag:]) > correlation(west, east) + 0.1
    assert correlation(west, east) > correlation(west[lag:], east[:-lag]) + 0.1


def test_what_makes_a_day_wet_adds_up_to_variance_one() -> None:
    assert_allclose(sum(WEIGHT[name] ** 2 for name in FORCES), 1)


@given(st.floats(-5, 5), st.floats(0.005, 0.7))
def test_a_day_is_wet_exactly_when_its_wetness_exceeds_the_quantile(
    wetness: float, chance: float
) -> None:
    assume(abs(wetness + ndtri(chance)) > 1e-6)
    mm = rain.amount(
        1, np.full((1, STATION_COUNT), wetness), np.full((1, STATION_COUNT), chance), SITES
    )
    assert (event.DEFAULT.occurred(mm) == (wetness > -ndtri(chance))).all()
    assert (mm <= rain.LARGEST_MM + rain.GAUGE_MM).all()


def test_more_wetness_never_brings_less_rain_and_a_wet_day_brings_the_mean() -> None:
    wetness = ndtri((np.arange(200_000) + 0.5) / 200_000)[:, None] * np.ones(STATION_COUNT)
    mm = rain.amount(1, wetness, np.full(wetness.shape, 0.25), SITES)
    assert (np.diff(mm, axis=0) >= -0.1 - 1e-9).all()
    wet = np.where(mm > 1, mm, np.nan)
    assert_allclose(np.nanmean(wet, axis=0), NORMALS["mm"], rtol=0.06)
    assert (mm > 0).mean() / (mm > 1).mean() == pytest.approx(1.6, abs=0.1)


@pytest.mark.parametrize(
    ("toward", "point"),
    [
        ((0, -1), "N"),
        ((-1, 0), "E"),
        ((0, 1), "S"),
        ((1, 0), "W"),
        ((1, -1), "NW"),
        ((1, -0.4), "WNW"),
    ],
)
def test_a_wind_is_named_by_where_it_comes_from(toward: tuple[float, float], point: str) -> None:
    east, north = np.array([toward]).T
    assert points(east, north).tolist() == [point]


NAN = np.nan


@pytest.mark.parametrize(
    ("fell", "unread", "emptied_late", "reads"),
    [
        ([1, 2, 3, 4], "....", "yyyy", [1, 2, 3, 4]),
        (
            [1, 2, 3, 4],
            ".x..",
            "yyyy",
            [1, NAN, 5, 4],
        ),  # the next reading holds both days, the one after its own
        ([1, 2, 3, 4], ".x..", "yyny", [1, NAN, 3, 4]),  # somebody emptied it meanwhile
        ([1, 2, 3, 4], "xx..", "yyyy", [NAN, NAN, 6, 4]),
        ([1, 2, 3, 4], "..xx", "yyyy", [1, 2, NAN, NAN]),
        ([1, 1, 1, 1, 1, 1, 1], "xxxx...", "yyyyyyy", [NAN] * 4 + [5, 1, 1]),
        (
            [1, 1, 1, 1, 1, 1, 1],
            "xxxxx..",
            "yyyyyyy",
            [NAN] * 5 + [1, 1],
        ),  # a long outage: the gauge was away
    ],
)
def test_rain_left_standing(
    fell: list[float], unread: str, emptied_late: str, reads: list[float]
) -> None:
    out, late = np.array([[c == "x"] for c in unread]), np.array([[c == "y"] for c in emptied_late])
    assert_array_equal(
        standing(np.array(fell, dtype=float)[:, None], out, late), np.array(reads)[:, None]
    )


def test_accumulated_readings_are_in_the_record_and_hold_more_rain() -> None:
    read, fell = (
        by_station(holed(), "Rainfall").to_numpy(),
        by_station(whole(), "Rainfall").to_numpy(),
    )
    more = read > fell + 0.01
    sums = panel.from_frame(holed(), FIRST, whole()["Date"].max().date())
    marked = event.accumulated(sums.rainfall(), sums.seen)
    assert more.sum() > 200
    assert (more & ~marked).sum() == 0
    assert np.nanmean(read[marked]) > 1.5 * np.nanmean(read[~marked])


def test_each_station_lacks_what_it_lacks() -> None:
    frame = holed()
    missing = frame.drop(columns=["Location", "Date"]).isna().groupby(frame["Location"]).mean()
    never = {
        group: set(INSTRUMENTS.index[INSTRUMENTS[group] == 100])
        for group in FIELDS_OF
        if group != "row"
    }
    for group, names in FIELDS_OF.items():
        for name in names:
            assert missing[name][sorted(never[group])].eq(1).all(), name
    assert never["press"] == {"MountGinini", "Newcastle", "Penrith", "SalmonGums"}
    assert never["gust"] == {"Albany", "Newcastle"}
    assert {"Albury", "Uluru"} <= never["evap"] & never["sun"]
    for name, group in (
        ("Rainfall", "rain"),
        ("Cloud9am", "cloud"),
        ("Pressure9am", "press"),
        ("Sunshine", "sun"),
    ):
        assert missing[name].mean() == pytest.approx(INSTRUMENTS[group].mean() / 100, abs=0.04), (
            name
        )
        assert correlation(missing[name].to_numpy(), INSTRUMENTS[group].to_numpy()) > 0.9, name


def test_days_go_missing_in_runs_and_some_rows_are_absent() -> None:
    frame = holed()
    gust = (
        by_station(frame[frame["Location"] == "Sydney"], "WindGustSpeed")["Sydney"]
        .isna()
        .to_numpy()
    )
    assert gust.mean() == pytest.approx(0.31, abs=0.06)
    assert gust[1:][gust[:-1]].mean() > gust.mean() + 0.2
    absent = 1 - len(frame) / len(whole())
    assert absent == pytest.approx(0.004, abs=0.001)


def test_a_share_of_the_stations_loses_its_observer_on_the_day() -> None:
    day, last = date(2015, 3, 1), date(2016, 2, 28)
    plain, lost = (
        simulate(date(2014, 3, 1), last, 3, c) for c in (Climate(), Climate(day, lost_share=0.5))
    )
    before = lost["Date"] < np.datetime64(day)
    assert lost[before].equals(plain[before])
    fields = ["Sunshine", "Evaporation", "Cloud9am", "Cloud3pm"]
    silent = lost[~before].groupby("Location")[fields].count().eq(0).all(axis=1)
    used_to_be = plain[~before].groupby("Location")[fields].count().eq(0).all(axis=1)
    assert silent.sum() == pytest.approx(len(LOCATIONS) / 2 + used_to_be.sum() / 2, abs=5)
    others = lost.drop(columns=fields)
    assert others.equals(plain.drop(columns=fields))


def test_twice_the_gaps_are_twice_the_gaps() -> None:
    once, twice = (
        simulate(date(2014, 3, 1), date(2016, 2, 28), 3, Climate(gaps=g)) for g in (1, 2)
    )
    assert twice["Rainfall"].isna().mean() == pytest.approx(
        2 * once["Rainfall"].isna().mean(), rel=0.25
    )
