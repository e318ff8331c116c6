"""A thousand damaged files: none ends in a traceback, and what got in is true.

Over the simulator's weather, and over the Bureau's own files where they are.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.errors import BadFile
from raincast.loop import intake
from raincast.loop.around import _UNSURE_ELSEWHERE, Surroundings, body_of, usual, values
from raincast.loop.ingest import ingest_paths
from raincast.observations import doubts, plausibility
from raincast.observations.frame import validate
from raincast.observations.network import Network, from_surroundings, shipped
from raincast.observations.schema import OBSERVATIONS
from raincast.settings import Settings
from raincast.simulator import Climate, simulate
from raincast.simulator.climate import usual_temperatures
from raincast.sources import dwo
from raincast.sources.dwo_form import dwo_bytes
from raincast.sources.readings import Readings
from tests.places import find

NOW, WRITTEN = datetime(2024, 6, 20, tzinfo=UTC), datetime(2024, 6, 10, tzinfo=UTC)
PLACES = ("Albury", "Canberra", "WaggaWagga", "Melbourne", "Hobart", "Launceston", "Cairns")
MONTH = pd.Period("2024-05")


@cache
def weather() -> pd.DataFrame:
    frame = simulate(date(2024, 4, 25), date(2024, 6, 5), 5, Climate(gaps=0))
    return frame[frame["Location"].isin(PLACES)].reset_index(drop=True)


def month_of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[(frame["Location"] == name) & (frame["Date"].dt.to_period("M") == MONTH)]


def content(name: str = "Albury", body: str = "") -> bytes:
    """The file of a station, with the rows of another where `body` names one."""
    rows = month_of(weather(), body or name).assign(Location=name)
    return dwo_bytes(rows, find(name), WRITTEN)


@cache
def label(name: str) -> str:
    return f"{find(name).product}.202405.csv"


def taken(data: bytes, name: str = "Albury", without: tuple[str, ...] = ()) -> dwo.DwoFile:
    """What of the file would get in, beside the other stations' rows."""
    file = intake.possible(label(name), dwo.parse(data, label(name)), NOW)
    others = weather()[~weather()["Location"].isin((name, *without))]
    return intake.plausible(label(name), file, Surroundings(others, [file.frame]))


@cache
def true_frame(name: str) -> pd.DataFrame:
    return dwo.parse(content(name), label(name)).frame.set_index("Date")


def wrong_rows(file: dwo.DwoFile) -> int:
    """How many of the rows that got in hold a value that is not that day's at the station."""
    true = true_frame(file.station.location).reindex(file.frame["Date"])
    got = file.frame.set_index("Date")
    same = (got == true) | got.isna()
    return int((~same[list(OBSERVATIONS)].all(axis=1)).sum())


def test_what_is_whole_gets_in_whole():
    for name in PLACES:
        file = taken(content(name), name)
        assert (len(file.lines), file.set_aside, wrong_rows(file)) == (31, (), 0)


def spoilt(rng: np.random.Generator, data: bytes) -> tuple[bytes, int]:
    """Bytes changed, put in, taken out, doubled or cut off; and how many lines that touches."""
    at, length = int(rng.integers(len(data))), int(rng.integers(1, 30))
    junk = rng.bytes(length)
    kind = rng.integers(5)
    end = min(at + length, len(data))
    lines = data[at:end].count(b"\n") + junk.count(b"\n") + junk.count(b"\r") + 2
    damaged = [
        data[:at] + junk + data[end:],
        data[:at] + junk + data[at:],
        data[:at] + data[end:],
        data[:at] + data[at:end] + data[at:],
        data[:at],
    ][kind]
    return damaged, lines


@pytest.mark.parametrize("turns", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_thousand_spoilt_files_end_in_a_refusal_or_in_true_rows(turns):
    rng, data = np.random.default_rng(2024), content()
    refused = 0
    for turn in range(turns):
        damaged, lines = spoilt(rng, data)
        try:
            file = intake.possible(label("Albury"), dwo.parse(damaged, label("Albury")), NOW)
        except BadFile:
            refused += 1
            continue
        if turn % 10 == 0:
            validate(file.frame)
        assert set(file.frame["Location"]) <= {"Albury"}
        assert (file.frame["Date"].dt.to_period("M") == MONTH).all()
        assert wrong_rows(file) <= lines, "only what was touched"
    assert 0.02 * turns < refused < 0.9 * turns


def cells_of(data: bytes) -> tuple[bytes, list[list[bytes]]]:
    head, _, body = data.partition(b'3pm MSL pressure (hPa)"\r\n')
    assert body
    rows = [row.split(b",") for row in body.split(b"\r\n")]
    return head + b'3pm MSL pressure (hPa)"\r\n', rows


def together(head: bytes, rows: list[list[bytes]]) -> bytes:
    return head + b"\r\n".join(b",".join(row) for row in rows)


def test_rows_whose_cells_are_shifted_do_not_get_in():
    rng = np.random.default_rng(7)
    for _ in range(20):
        head, rows = cells_of(content())
        hit = int(rng.integers(len(rows)))
        at, by = int(rng.integers(2, 12)), 1
        row = rows[hit]
        rows[hit] = (
            row[:at] + [b""] * by + row[at:-by]
            if rng.random() < 0.5
            else (row[:at] + row[at + by :] + [b""] * by)
        )
        file = taken(together(head, rows))
        assert wrong_rows(file) == 0, (hit, at, row, rows[hit])
        assert len(file.set_aside) == 1


@pytest.mark.parametrize("step", [-1, 1])
@pytest.mark.parametrize("name", ["Albury", "Canberra", "Launceston"])
def test_rows_of_the_day_before_or_after_do_not_get_in(name, step):
    head, rows = cells_of(content(name))
    days = [row[1] for row in rows]
    turned = [[row[0], day, *row[2:]] for row, day in zip(rows, np.roll(days, step), strict=True)]
    with pytest.raises(BadFile, match="are the dates shifted"):
        taken(together(head, turned), name)


def test_rows_that_the_archive_has_under_another_day_do_not_get_in():
    """Where no neighbour is known, but the month was seen before."""
    head, rows = cells_of(content())
    turned = [[row[0], after[1], *row[2:]] for row, after in pairwise(rows)]
    file = dwo.parse(together(head, turned), label("Albury"))
    known = month_of(weather(), "Albury")
    known = dwo.parse(dwo_bytes(known, find("Albury"), WRITTEN), label("Albury")).frame
    with pytest.raises(BadFile, match="not those of another day"):
        intake.plausible("a file", file, Surroundings(known, [file.frame]))


@pytest.mark.parametrize("body", [name for name in PLACES if name != "Albury"])
def test_the_body_of_another_station_that_is_known_does_not_get_in(body):
    """The archive has the rows as they stood in the other station's own file."""
    head, rows = cells_of(content("Albury", body))
    file = dwo.parse(together(head, rows), label("Albury"))
    known = dwo.parse(content(body), label(body)).frame
    with pytest.raises(BadFile, match=f"not those of {body}|usual at Albury"):
        intake.plausible("a file", file, Surroundings(known, [file.frame]))


def test_the_body_of_a_station_in_another_climate_does_not_get_in_on_an_empty_machine():
    file = dwo.parse(content("Albury", "Cairns"), label("Albury"))
    with pytest.raises(BadFile, match="from what is usual at Albury: is it another"):
        intake.plausible("a file", file, Surroundings(weather().iloc[:0], [file.frame]))


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


@pytest.mark.slow
def test_real_files_spoilt_in_three_hundred_ways(bom_dir):
    rng = np.random.default_rng(5)
    paths = sorted(bom_dir.rglob("*.csv"))
    for path in rng.choice(np.array(paths, dtype=object), 300):
        damaged, _ = spoilt(rng, path.read_bytes())
        try:
            file = intake.possible(path.name, dwo.parse(damaged, path.name), NOW.replace(year=2026))
            around = Surroundings(weather().iloc[:1], [file.frame])
            intake.plausible(path.name, file, around)
        except BadFile:
            continue


def begun(file: Readings, day: int) -> Readings:
    """The file as it stood after so many days of its month."""
    return intake._without(file, file.frame["Date"].dt.day.to_numpy() > day, (), "")


@pytest.mark.slow
def test_a_true_month_is_taken_on_each_of_its_days(bom_dir):
    months: dict[str, list[Path]] = {}
    for path in sorted((bom_dir / "dwo").rglob("*.csv")):
        months.setdefault(path.stem[-6:], []).append(path)
    refused = []
    for paths in months.values():
        files = [dwo.parse(path.read_bytes(), path.name) for path in paths]
        for day in (8, 9, 10, 12, 14, 17, 20, 25):
            parts = [begun(file, day) for file in files]
            around = Surroundings(weather().iloc[:0], [part.frame for part in parts])
            refused += [
                f"{path.name} on day {day}: {doubt.reason}"
                for path, part in zip(paths, parts, strict=True)
                for doubt in around.doubts(body_of(part))
                if not doubt.fields and doubt.rows.sum() * 2 >= len(part.lines) > 1
            ]
    assert refused == []


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
