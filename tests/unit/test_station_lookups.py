"""Whom numbers in files belong to, and a table's text that is changed in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.errors import BadFile
from raincast.observations.event import DEFAULT, Event
from raincast.observations.network import Network
from raincast.observations.stations import (
    Station,
    entry_text,
    event_of_table,
    names_of,
    of_table,
    with_event,
    with_gauges,
)
from tests.places import NETWORK, STATIONS, find

SYDNEY = find("Sydney")
TWO = tuple(
    SYDNEY._replace(location=name, gauges=gauges, learned_gauge=former, wmo="", ghcn=ghcn)
    for name, gauges, former, ghcn in (
        ("Abroad", (), "", "NZ000093994"),
        ("Here", ("066214", "066037"), "066062", ""),
    )
)
TABLE = "".join(entry_text(one) for one in TWO)


def astray(station: Station) -> list[str]:
    """The station's numbers and names by which another, or nobody, is found."""
    found = {station.wmo: NETWORK.of_wmo(station.wmo)} if station.wmo else {}
    for gauge in station.rain_gauges:  # spreadsheets drop the first zeros
        found |= {gauge: NETWORK.of_rain_gauge(gauge.lstrip("0"))}
        found |= {f"ASN00{gauge}": NETWORK.of_ghcn(f"ASN00{gauge}")}
    found |= {name: NETWORK.find(name.upper()) for name in names_of(station)}
    return [key for key, whose in found.items() if whose != station]


def test_each_shipped_station_is_found_by_each_of_its_numbers_and_names() -> None:
    assert {s.location: wrong for s in STATIONS if (wrong := astray(s))} == {}
    assert sum(bool(s.wmo) for s in STATIONS) > len(STATIONS) / 2


def test_a_gauge_is_the_stations_whose_rain_it_reads_and_a_country_has_its_own_numbers() -> None:
    known = Network(TWO)
    assert TWO[1].rain_gauges == ("066214", "066062"), "today's, and that of earlier years"
    assert known.of_rain_gauge("066037") is None, "a gauge of its files, which reads no rain now"
    assert known.of_ghcn("NZ000093994") == TWO[0]
    assert known.of_ghcn("NZ000066062") is None, "the digits of a gauge, in another country"
    assert known.of_wmo("") is None, "nobody's, though both have none"


def test_whom_nobody_looks_at_stays_so_and_all_else_is_the_same() -> None:
    apart = NETWORK.without_influence(["Sydney", "Perth"])
    looked_at = {s.location for s in apart.stations if s.neighbour}
    before = {s.location for s in NETWORK.stations if s.neighbour}
    assert looked_at == before - {"Sydney", "Perth"}
    assert apart.without_influence([]).stations == apart.stations
    assert [s._replace(neighbour=True) for s in apart.stations] == [
        s._replace(neighbour=True) for s in NETWORK.stations
    ]


@pytest.mark.parametrize("location", ["Abroad", "Here"])
def test_gauges_are_written_into_one_entry_with_or_without_a_line_of_them(location: str) -> None:
    changed = of_table(with_gauges(TABLE, location, ["012345", "067890"]), "a table")
    for before, after in zip(TWO, changed, strict=True):
        gauges = ("012345", "067890") if before.location == location else before.gauges
        assert after == before._replace(gauges=gauges)


@given(st.integers(1, 1000), st.booleans(), st.integers(1, 1000))
def test_an_event_is_read_as_it_is_written_and_written_over(
    tenths: int, at_least: bool, others: int
) -> None:
    event = Event(tenths / 10, at_least)
    assert event_of_table(TABLE, "a table") == DEFAULT
    once = with_event(f"# of the owner's own\n{TABLE}", Event(others / 10))
    text = with_event(once, event)
    assert event_of_table(text, "a table") == event
    assert of_table(text, "a table") == TWO
    assert text.startswith("# of the owner's own\n")
    assert text.count("[event]") == 1


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ("event = 1\n", "event"),
        ("[event]\nmore_than_mm = 0.25\n", "more_than_mm"),
        ("[event]\nmore_than_mm = 1.0\nat_least_mm = 1.0\n", "more_than_mm"),
        ("[event]\nhour = 8\n", "hour"),
        ("[event]\nthreshold = 1.0\n", "threshold"),
    ],
)
def test_what_is_no_event_is_refused_by_the_name_of_its_field(entry: str, field: str) -> None:
    with pytest.raises(BadFile, match=rf"a table.*{field}"):
        event_of_table(entry + TABLE, "a table")
