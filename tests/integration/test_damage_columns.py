"""Exchanged columns, values that cannot have been, and the bodies of other places do not get in."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from raincast.errors import BadFile
from raincast.loop import intake
from raincast.loop.around import _UNSURE_ELSEWHERE, usual, values
from raincast.loop.ingest import ingest_paths
from raincast.observations import doubts, plausibility
from raincast.observations.network import Network, from_surroundings, shipped
from raincast.settings import Settings
from raincast.simulator import simulate
from raincast.simulator.climate import usual_temperatures
from raincast.sources import dwo
from raincast.sources.dwo_form import dwo_bytes
from tests.damaged import NOW, WRITTEN, content, label, month_of, taken, weather
from tests.places import find

EXCHANGED = [
    ("Minimum temperature", "Maximum temperature"),
    ("Minimum temperature", "9am Temperature"),
    ("Maximum temperature", "3pm Temperature"),
    ("9am Temperature", "3pm Temperature"),
    ("9am relative humidity", "3pm relative humidity"),
    ("9am MSL pressure", "3pm MSL pressure"),
    ("Rainfall", "Evaporation"),
    ("9am Temperature", "9am relative humidity"),
    ("9am MSL pressure", "9am Temperature"),
    ("Speed of maximum wind gust", "3pm wind speed"),
    ("9am relative humidity", "9am MSL pressure"),
]


@pytest.mark.parametrize(("first", "second"), EXCHANGED)
@pytest.mark.parametrize("name", ["Albury", "Hobart"])
def test_columns_that_are_exchanged_do_not_get_in(name, first, second):
    data = content(name)
    header = data.index(b',"Date"'), data.index(b"\r\n", data.index(b',"Date"'))
    words = data[slice(*header)].decode("cp1252").split(",")
    one, other = (next(w for w in words if w.startswith(f'"{x} ')) for x in (first, second))
    swap = {one: other, other: one}
    turned = ",".join(swap.get(word, word) for word in words).encode("cp1252")
    with pytest.raises(BadFile):
        taken(data[: header[0]] + turned + data[header[1] :], name)


def test_a_file_whose_columns_are_exchanged_takes_no_neighbour_down(tmp_path: Path):
    """Each beside the other, before anything else is known."""
    names = ("Adelaide", "Nuriootpa")
    frame = simulate(date(2024, 4, 25), date(2024, 6, 5), 3)
    for name in names:
        data = dwo_bytes(month_of(frame, name), find(name), WRITTEN)
        if name == "Nuriootpa":
            low, high = b'"Minimum temperature', b'"Maximum temperature'
            data = data.replace(low, b"?").replace(high, low).replace(b"?", high)
        (tmp_path / label(name)).write_bytes(data)
    report = ingest_paths(Settings(root=tmp_path / "root"), [tmp_path], NOW)
    assert report.stations == ("Adelaide",)
    (error,) = report.errors
    assert "MinTemp above" in error
    assert "plausible rows of Nuriootpa" in error


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"202405", b"299905", "a month from 1990-01 to 2024-06"),
        (b"202405", b"100005", "a month from 1990-01 to 2024-06"),
        (b"2024   IDCJDW", b"2100   IDCJDW", "is the clock right"),
        (b"2024   IDCJDW", b"1999   IDCJDW", "nobody knows values before their day"),
        (b"IDCJDW2002", b"IDCJDW9999", "the product of one of the stations"),
    ],
    ids=["year 2999", "year 1000", "prepared in 2100", "prepared in 1999", "product of nobody"],
)
def test_what_cannot_have_been_is_refused(old, new, said):
    data = content().replace(old, new)
    if b"05" in new:
        year = new[:4]
        data = data.replace(b",2024-05-", b"," + year + b"-05-")
    with pytest.raises(BadFile, match=said):
        intake.possible("a file", dwo.parse(data, "a file"), NOW)


def test_rows_of_days_that_had_not_begun_are_set_aside():
    file = intake.possible("a file", dwo.parse(content(), "a file"), NOW)
    early = replace(file, prepared_at=datetime(2024, 5, 20, 5, tzinfo=UTC))
    cut = intake.possible("a file", early, NOW)
    assert (len(cut.lines), len(cut.set_aside)) == (20, 11)
    assert "had come when the file was prepared" in str(cut.set_aside[0])


def test_what_is_usual_at_another_place_is_as_unsure_as_it_was_for_each_station():
    home, off = shipped(), 0.0
    for name in home.locations:
        rest = Network(tuple(one for one in home.stations if one.location != name))
        others = [home.index[one] for one in rest.locations]
        for table in usual_temperatures():
            told = from_surroundings(table[others], rest.locations, rest, home)
            off = max(off, float(np.abs(told - table)[home.index[name]].max()))
    assert _UNSURE_ELSEWHERE - 1 < off <= _UNSURE_ELSEWHERE


def test_nothing_is_usual_in_antarctica():
    mawson = find("Hobart")._replace(location="Mawson", latitude=-67.6, longitude=62.87)
    assert usual(Network((mawson, find("Hobart")))).unsure.tolist() == [np.inf, 0.0]


def test_a_new_station_in_the_mountains_is_not_taken_for_another():
    cold = month_of(weather(), "Canberra").assign(Location="Thredbo").reset_index(drop=True)
    temperatures = ["MinTemp", "MaxTemp", "Temp9am", "Temp3pm"]
    cold[temperatures] -= 13.0
    added = find("Canberra")._replace(location="Thredbo", latitude=-36.49, longitude=148.29)
    days = cold["Date"].to_numpy().astype("datetime64[D]")
    body = doubts.Body(0, days, values(cold))
    there = usual(Network((added,)))
    assert not list(plausibility.alone(body, there))
    sure = there._replace(unsure=np.zeros(1))
    assert {doubt.fields for doubt in plausibility.alone(body, sure)} >= {()}
