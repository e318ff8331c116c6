"""A thousand damaged files: none ends in a traceback, and what got in is true.

Over the simulator's weather, and over the Bureau's own files where they are.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from raincast.errors import BadFile
from raincast.loop import intake
from raincast.loop.around import Surroundings, body_of
from raincast.observations.frame import validate
from raincast.sources import dwo
from raincast.sources.dwo_form import dwo_bytes
from raincast.sources.readings import Readings
from tests.damaged import (
    MONTH,
    NOW,
    PLACES,
    WRITTEN,
    content,
    label,
    month_of,
    taken,
    weather,
    wrong_rows,
)
from tests.places import find


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


@pytest.mark.slow
def test_real_files_spoilt_in_three_hundred_ways(bom_dir):
    rng = np.random.default_rng(5)
    paths, refused = sorted(bom_dir.rglob("*.csv")), 0
    for path in rng.choice(np.array(paths, dtype=object), 300):
        damaged, _ = spoilt(rng, path.read_bytes())
        try:
            file = intake.possible(path.name, dwo.parse(damaged, path.name), NOW.replace(year=2026))
            around = Surroundings(weather().iloc[:1], [file.frame])
            got = intake.plausible(path.name, file, around)
        except BadFile:
            refused += 1
            continue
        validate(got.frame)
        assert set(got.frame["Location"]) <= {got.station.location}
    assert 0 < refused < 270, "most damage costs rows, not files, and some costs the file"


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
