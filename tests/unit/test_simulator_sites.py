"""Weather for any network: that of the shipped stations stays, that of others fits it."""

from datetime import date

import pandas as pd
import pytest

from raincast.observations.network import Network, shipped
from raincast.observations.schema import FIELDS, NUMERIC
from raincast.simulator import Climate, simulate, sites
from tests.many import stations
from tests.places import find

FIRST, LAST = date(2013, 11, 1), date(2014, 3, 31)
CHANGED = Climate(changed_from=date(2014, 1, 1), wetter=1.5, lost_share=0.4, gaps=2)


def network(*more: object) -> Network:
    """The shipped stations and others, alphabetically."""
    return Network(tuple(sorted((*shipped().stations, *more), key=lambda s: s.location)))


BESIDE_SYDNEY = find("Sydney")._replace(location="Besides", latitude=-33.9, longitude=151.2)
POLAR = find("Hobart")._replace(location="Mawson", latitude=-67.6, longitude=62.87)


@pytest.mark.parametrize("climate", [Climate(), CHANGED])
def test_the_shipped_stations_weather_is_the_same_in_any_network(climate: Climate) -> None:
    alone = simulate(FIRST, LAST, 3, climate)
    among = simulate(FIRST, LAST, 3, climate, network(*stations(30), BESIDE_SYDNEY))
    kept = among[among["Location"].isin(shipped().locations)].reset_index(drop=True)
    order = ["Date", "Location"]
    pd.testing.assert_frame_equal(
        kept.sort_values(order, ignore_index=True), alone.sort_values(order, ignore_index=True)
    )
    assert among["Location"].nunique() == 49 + 31


def test_a_part_of_the_network_has_the_weather_of_the_whole() -> None:
    some = shipped().only(["Cairns", "Hobart", "Perth"])
    whole = simulate(FIRST, LAST, 3)
    pd.testing.assert_frame_equal(
        simulate(FIRST, LAST, 3, network=some),
        whole[whole["Location"].isin(some.locations)].reset_index(drop=True),
    )


def test_neighbours_have_like_weather_and_strangers_other() -> None:
    of = network(BESIDE_SYDNEY)
    rows = simulate(FIRST, LAST, 3, Climate(gaps=0), of)
    pressure = rows.pivot(index="Date", columns="Location", values="Pressure3pm")
    rain = rows.pivot(index="Date", columns="Location", values="Rainfall") > 1
    assert pressure["Besides"].corr(pressure["Sydney"]) > 0.95
    assert pressure["Besides"].corr(pressure["Sydney"]) > pressure["Besides"].corr(
        pressure["Perth"]
    )
    assert (rain["Besides"] == rain["Sydney"]).mean() > 0.8
    assert not rows[rows["Location"] == "Besides"]["MaxTemp"].equals(
        rows[rows["Location"] == "Sydney"]["MaxTemp"]
    )


def test_there_is_weather_where_the_sun_does_not_set() -> None:
    rows = simulate(FIRST, LAST, 3, Climate(gaps=0), network(POLAR))
    mine = rows[rows["Location"] == "Mawson"]
    assert len(mine) == (LAST - FIRST).days + 1
    for name in NUMERIC:
        told = mine[name].dropna()
        assert told.between(FIELDS[name].low, FIELDS[name].high).all(), name


def test_sites_are_worked_out_once() -> None:
    assert sites.of(shipped()) is sites.of(shipped())
