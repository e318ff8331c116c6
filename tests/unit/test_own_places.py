"""Stations of one's own, anywhere: their clocks, the calendar's odd days, and a network of few."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import BadInput
from raincast.observations import availability, event, frame, network, panel, sphere
from raincast.observations.availability import REGIMES, canonical, day_instants, instant
from raincast.observations.event import Event
from raincast.observations.network import Network, from_surroundings, require_event, within
from raincast.observations.stations import Station, of_entry


def own(name: str, zone: str, latitude: float = -30.0, longitude: float = 150.0) -> Station:
    return of_entry(name, {"position": [latitude, longitude], "time_zone": zone}, "stations.toml")


def ahead(hours: int) -> Station:
    return own(f"Ahead{hours}", f"Etc/GMT-{hours}", longitude=min(15.0 * hours, 180.0))


FEW = Network(
    (own("Chatham", "Pacific/Auckland", -43.9, 176.5), own("Nukus", "Asia/Tashkent", 42, 59))
)


@pytest.fixture
def few() -> Iterator[Network]:
    with within(FEW) as found:
        yield found


@pytest.mark.parametrize("hours", range(8, 14))
def test_a_regimes_instant_is_that_regime_where_clocks_are_8_to_13_hours_ahead(hours: int) -> None:
    with within(Network((ahead(hours),))):
        for day in (date(2024, 2, 29), date(2024, 12, 31)):
            found = [availability.regimes(day, canonical(name, day)) for name in REGIMES]
            assert found == [[name] for name in REGIMES]


@pytest.mark.parametrize("hours", [7, 14])
def test_where_they_are_not_a_morning_is_another_time_of_the_day(hours: int) -> None:
    with within(Network((ahead(hours),))):
        day = date(2024, 5, 1)
        assert availability.regimes(day, canonical("9am", day)) != ["9am"]


def test_each_station_keeps_its_own_clock(few: Network) -> None:
    """New Zealand put its clocks back at 3 am on 7 April 2024; Uzbekistan never does."""
    before, after = (day_instants(date(2024, 4, day)) for day in (6, 7))
    assert ((after - before) / 3600).tolist() == [[25.0, 25.0, 25.0, 24.0], [24.0] * 4]
    nine = instant(datetime(2024, 4, 5, 20, tzinfo=UTC))
    assert before[:, 0].tolist() == [nine, instant(datetime(2024, 4, 6, 4, tzinfo=UTC))]
    moment = datetime(2024, 4, 6, 21, 30, tzinfo=UTC)  # half past nine there, half past two here
    assert [availability.newest_feature_date(i, moment) for i in range(2)] == [
        date(2024, 4, 7),
        date(2024, 4, 6),
    ]


@given(st.integers(-(2**31), 2**35))
def test_an_instant_is_a_moment_and_back(seconds: int) -> None:
    moment = availability.moment(seconds)
    assert moment.tzinfo == UTC
    assert instant(moment) == seconds


def rows(*told: tuple[str, str, float | None]) -> pd.DataFrame:
    places, days, rain = zip(*told, strict=True)
    return frame.conform(
        pd.DataFrame({"Location": places, "Date": pd.to_datetime(days), "Rainfall": rain})
    )


OUT_OF_ORDER = (
    ("Nukus", "2024-03-01", 9.0),
    ("Chatham", "2024-02-29", 3.0),
    ("Nukus", "2024-02-28", 0.0),
    ("Chatham", "2024-02-28", None),
    ("Nukus", "2024-02-29", None),
)
"""A leap day between; Nukus reads 9 mm after a day without a reading, Chatham 3 mm likewise."""


def test_a_panel_of_few_has_its_days_and_stations_in_order(few: Network) -> None:
    found = panel.from_frame(rows(*OUT_OF_ORDER))
    assert found.days == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    nan = np.nan
    np.testing.assert_array_equal(found.rainfall(), [[nan, 0], [3, nan], [nan, 9]])
    assert found.seen.tolist() == [[True, True], [True, True], [False, True]]
    assert found.position(date(2024, 3, 1)) == 2
    assert found.position(date(2024, 2, 27)) == -1
    marked = panel.accumulated(rows(*OUT_OF_ORDER))
    assert marked.tolist() == [True, True, False, False, False], "in the order of the rows"
    assert panel.accumulated(rows(*OUT_OF_ORDER)[:0]).tolist() == []
    assert found.days_with_truth() == [], "after every gap nobody knows"


def test_a_panel_over_other_days_has_them_all_and_leaves_the_rest(few: Network) -> None:
    whole = rows(*OUT_OF_ORDER, ("Chatham", "2024-03-01", None))
    told = np.array([1.0, 0.0, 1.0, np.nan, 1.0, 1.0])
    found = panel.from_frame(whole, date(2024, 2, 29), date(2024, 3, 2), told)
    assert len(found) == 3
    assert found.seen.sum() == 4
    np.testing.assert_array_equal(
        found.truth(),
        [[np.nan, np.nan], [np.nan, 1.0], [np.nan, np.nan]],
        "a label counts where the next row is not here and the row has a reading",
    )
    assert found.days_with_truth() == [date(2024, 3, 1)]
    assert np.isnan(found.truth(Event(5.0))[1, 1]), "of another event the labels say nothing"
    until = panel.from_frame(whole, last=date(2024, 2, 28))
    assert until.days == [date(2024, 2, 28)]


def test_a_block_is_asked_by_rows_or_by_days_and_positions(few: Network) -> None:
    whole = rows(*OUT_OF_ORDER)
    found = panel.from_frame(whole)
    np.testing.assert_array_equal(
        found.of_rows(found.rainfall(), whole), whole["Rainfall"].to_numpy()
    )
    days = np.array(["2024-03-01", "2024-02-28"], "datetime64[s]")
    assert found.at(found.rainfall(), days, np.array([1, 1])).tolist() == [9.0, 0.0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Rainfall": -0.1}, "Rainfall"),
        ({"Humidity3pm": 100.5}, "Humidity3pm"),
        ({"WindDir9am": "NORTH"}, "WindDir9am"),
        ({"Cloud9am": "three"}, "three"),
    ],
)
def test_a_value_that_cannot_be_is_named_by_its_column(change: dict[str, Any], said: str) -> None:
    told = {"Location": ["Perth"], "Date": ["2024-02-29"]} | {n: [v] for n, v in change.items()}
    with pytest.raises(ValueError, match=said):
        frame.conform(pd.DataFrame(told))


def test_a_station_day_stands_once_in_a_frame() -> None:
    with pytest.raises(BadInput, match="not an observations frame"):
        rows(("Perth", "2024-02-29", 1.0), ("Perth", "2024-02-29", 1.0))
    found = rows(("Perth", "2024-02-29", 1.0))
    pd.testing.assert_frame_equal(frame.conform(found), found)
    assert frame.degrees(["N", "E", None, "NNW", "calm"]).tolist()[:2] == [0.0, 90.0]
    assert np.isnan(frame.degrees([None, "calm", ""])).all()


PLACES = st.tuples(st.floats(-80, 80), st.floats(-179, 179))


@given(st.lists(PLACES, min_size=2, max_size=5, unique=True), PLACES)
def test_what_is_taken_from_the_surroundings_lies_between_them_and_one_is_taken_as_it_is(
    places: list[tuple[float, float]], at: tuple[float, float]
) -> None:
    def station(name: str, place: tuple[float, float]) -> Station:
        return ahead(10)._replace(location=name, latitude=place[0], longitude=place[1])

    source = Network(tuple(station(f"S{i}", place) for i, place in enumerate(places)))
    here = Network((station("S0", at), station("Z", at)))
    known = np.arange(2.0 * len(places)).reshape(-1, 2)
    found = from_surroundings(known, source.locations, source, here)
    assert found.shape == (2, 2)
    assert found[0].tolist() == known[0].tolist(), "by its name, wherever it stands"
    weights = 1 / (sphere.distances(np.array([at]), np.array(places))[0] + 50.0) ** 2
    np.testing.assert_allclose(found[1], np.average(known, axis=0, weights=weights))
    assert (known.min(axis=0) - 1e-9 <= found[1]).all()
    assert (found[1] <= known.max(axis=0) + 1e-9).all()


@given(st.lists(PLACES, min_size=1, max_size=3), st.integers(1, 3), st.data())
def test_bearings_to_ones_own_others_are_those_of_every_pair(
    places: list[tuple[float, float]], count: int, data: st.DataObject
) -> None:
    size = st.lists(PLACES, min_size=count, max_size=count)
    others = np.array([data.draw(size) for _ in places])
    found = sphere.bearings_to(np.array(places), others)
    every = [sphere.bearings(np.array([p]), o)[0] for p, o in zip(places, others, strict=True)]
    np.testing.assert_allclose(found, every)
    assert ((found >= 0) & (found <= 360)).all()


def test_another_event_of_the_same_kind_and_what_rests_on_another_is_refused() -> None:
    any_rain = Event(0.2, at_least=True)
    assert any_rain.of_amount(5.0) == Event(5.0, at_least=True)
    assert (any_rain.amount, Event(1.0).amount) == ("at least 0.2 mm", "more than 1 mm")
    assert event.named(None) == event.named("") == event.DEFAULT.statement
    require_event(None, "a file", "make it anew")
    with within(Network(FEW.stations, any_rain)):
        require_event(any_rain.statement, "a file", "make it anew")
        with pytest.raises(BadInput) as caught:
            require_event(None, "a file", "make it anew")
    assert str(caught.value) == (
        f"a file: found the event '{event.DEFAULT.statement}', expected"
        f" '{any_rain.statement}'; make it anew"
    )


def test_a_network_in_force_ends_with_its_block_whatever_happens() -> None:
    before = network.in_force()

    def fail() -> None:
        with within(FEW):
            with within(FEW.only(["Nukus"])) as inner:
                assert network.in_force() is inner
                assert inner.locations == ("Nukus",)
            assert network.in_force() is FEW
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert network.in_force() is before
