"""The sun and the seasons of the simulator, against published figures and what holds anywhere."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.observations.network import Network, shipped
from raincast.simulator import sites
from raincast.simulator.climate import STATIONARY, Climate, Season, season, usual_temperatures
from raincast.simulator.wind import KNOT, whole_knots
from tests.places import INDEX, find

YEAR = np.arange(np.datetime64("2015-01-01"), np.datetime64("2016-01-01"))


def at(latitude: float, *days: str, climate: Climate = STATIONARY) -> Season:
    """The season of a place on the meridian of Alice Springs."""
    place = find("AliceSprings")._replace(
        location="Elsewhere", bureau_name="Elsewhere", latitude=latitude, product=""
    )
    asked = np.array(days, "datetime64[D]") if days else YEAR
    return season(asked, climate, sites.of(Network((place,))))


def test_the_sun_is_that_of_the_worked_examples() -> None:
    """FAO Irrigation and Drainage Paper 56, examples 8 and 9: on 3 September at 20° S the sun gives
    32.2 MJ/m² above the air, worth 0.408 mm each, and shines for 11.7 hours.
    """
    found = at(-20.0, "2015-09-03")
    assert found.radiation[0, 0] == pytest.approx(0.408 * 32.2, abs=0.05)
    assert found.daylight[0, 0] == pytest.approx(11.7, abs=0.05)


def test_day_and_night_are_equal_at_the_equinox_in_every_latitude() -> None:
    march, september = (at(lat, "2015-03-21", "2015-09-23").daylight for lat in (-10.0, -45.0))
    assert np.concatenate([march, september]) == pytest.approx(12.0, abs=0.2)


def test_south_of_the_circle_the_sun_stays_up_in_december_and_down_in_june() -> None:
    found = at(-80.0, "2015-12-22", "2015-06-21")
    assert found.daylight[:, 0] == pytest.approx([24.0, 0.0])
    assert found.radiation[1, 0] == pytest.approx(0.0, abs=1e-9)


@given(st.floats(-66, -8))
def test_a_place_further_south_has_longer_summer_days_and_shorter_winter_days(latitude) -> None:
    here, south = at(latitude), at(latitude - 0.5)
    january, july = 14, 195
    assert south.daylight[january, 0] > here.daylight[january, 0]
    assert south.daylight[july, 0] < here.daylight[july, 0]
    assert ((here.daylight > 0) & (here.daylight < 24)).all()
    assert (here.radiation > 0).all()
    assert here.daylight.mean() == pytest.approx(12, abs=0.1)


def test_summer_is_between_one_and_minus_one_and_july_is_the_coldest() -> None:
    found = season(YEAR, STATIONARY, sites.of(shipped()))
    assert np.abs(found.summer).max() <= 1
    assert str(YEAR[found.summer[:, 0].argmax()])[:7] == "2015-01"
    assert str(YEAR[found.summer[:, 0].argmin()])[:7] == "2015-07"
    assert ((found.wet > 0) & (found.wet < 1)).all()
    assert (found.range > 0).all()


def test_a_wetter_climate_multiplies_the_odds_and_nothing_else_from_its_day_on() -> None:
    wetter = Climate(changed_from=date(2015, 7, 1), wetter=3.0)
    days, of = np.array(["2015-06-30", "2015-07-01"], "datetime64[D]"), sites.of(shipped())
    before, after = season(days, STATIONARY, of), season(days, wetter, of)
    odds = [s.wet / (1 - s.wet) for s in (before, after)]
    assert odds[1][0] == pytest.approx(odds[0][0])
    assert odds[1][1] == pytest.approx(3 * odds[0][1])
    assert np.array_equal(before.temperature, after.temperature)


def test_the_usual_temperatures_have_a_leap_year_and_nights_below_days() -> None:
    night, day = usual_temperatures()
    assert night.shape == day.shape == (len(shipped()), 366)
    assert (night < day).all()
    darwin, hobart = (INDEX[name] for name in ("Darwin", "Hobart"))
    assert night[darwin].mean() > day[hobart].mean()


@given(st.floats(0, 300))
def test_a_wind_in_whole_knots_stays_and_is_moved_by_a_knot_at_most(speed) -> None:
    found = whole_knots(np.array([speed]))
    assert whole_knots(found).tolist() == found.tolist()
    assert abs(found[0] - speed) <= (KNOT + 1) / 2
    assert found[0] == round(round(found[0] / KNOT) * KNOT)


def test_whole_knots_by_hand() -> None:
    """0.4, 1, 2, 10.5 and 11 knots: 0, 1.85, 3.70, even 10 (18.52) and 20.37 km/h."""
    speeds = KNOT * np.array([0.4, 1, 2, 10.5, 11])
    assert whole_knots(speeds).tolist() == [0, 2, 4, 19, 20]


def test_a_station_is_shipped_by_name_and_place() -> None:
    """Of the same name 33 km away, or of another name there, it is a place of its own with the
    climate of the nearest.
    """
    sydney, perth = find("Sydney"), find("Perth")
    moved = perth._replace(latitude=perth.latitude - 0.3)
    named = sydney._replace(location="SydneyToo", bureau_name="Sydney Too", product="")
    found = sites.of(Network((find("Cairns"), moved, named)))
    assert found.is_shipped.tolist() == [True, False, False]
    assert found.near.tolist() == [INDEX[name] for name in ("Cairns", "Perth", "Sydney")]
    assert found.latitude.tolist() == [find("Cairns").latitude, moved.latitude, sydney.latitude]


def test_east_and_north_are_kilometres_from_30_s_134_e() -> None:
    """A degree of latitude is 111.2 km; one of longitude at 30° S √3/2 of it."""
    place = find("AliceSprings")._replace(location="There", latitude=-29.0, longitude=136.0)
    found = sites.of(Network((place,)))
    assert found.north.tolist() == pytest.approx([111.2])
    assert found.east.tolist() == pytest.approx([2 * 111.2 * 3**0.5 / 2])
