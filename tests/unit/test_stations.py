"""Stations are known by two names, and nobody else is let in."""

import numpy as np
import pytest

from raincast.errors import UnknownStation
from raincast.observations import sphere
from tests import places as stations


def test_there_are_49_with_every_time_zone_named() -> None:
    assert len(stations.STATIONS) == 49
    assert {s.time_zone.split("/")[0] for s in stations.STATIONS} == {"Australia", "Pacific"}


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("AliceSprings", "AliceSprings"),
        ("Alice Springs", "AliceSprings"),
        ("alice springs", "AliceSprings"),
        ("Albury-Wodonga", "Albury"),
        ("Nhill", "Nhil"),
        ("Tindal RAAF", "Katherine"),
        ("Bellambi", "Wollongong"),
        ("Melbourne (Olympic Park)", "Melbourne"),
        ("Melbourne Airport", "MelbourneAirport"),
        ("Yulara", "Uluru"),
        ("Alice Springs, Northern Territory", "AliceSprings"),
    ],
)
def test_both_names_lead_to_one_station(name: str, location: str) -> None:
    assert stations.find(name).location == location


def test_no_name_means_two_stations() -> None:
    assert [stations.find(s.bureau_name).location for s in stations.STATIONS] == list(
        stations.LOCATIONS
    )


def test_an_unknown_station_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(UnknownStation, match=r"'Alic Spring'.*AliceSprings"):
        stations.find("Alic Spring")


def test_distance_and_bearing() -> None:
    sydney, perth = stations.INDEX["Sydney"], stations.INDEX["Perth"]
    assert stations.DISTANCES_KM[sydney, perth] == pytest.approx(3290, rel=0.01)
    assert np.allclose(stations.DISTANCES_KM, stations.DISTANCES_KM.T)
    assert 225 < sphere.bearings(*stations.NETWORK.places[[[sydney], [perth]]])[0, 0] < 290


def test_a_product_names_one_station() -> None:
    assert stations.of_product("IDCJDW2002") == stations.find("Albury")
    assert stations.of_product("IDCJDW2012") is None
