"""A fortnight in which each day one more thing goes wrong: the loop runs every slot by itself."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from raincast.forecasts import basis
from raincast.forecasts.request import of_values
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import Desk
from raincast.settings import Settings
from raincast.store import journal
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.registry import Registry
from tests import slots
from tests.places import find

FIRST = datetime(2024, 5, 20, 6, tzinfo=UTC)
DAYS = 14

Lines = list[bytes]


def by_line(change: Callable[[Lines], Lines]) -> slots.Spoil:
    return lambda content: b"\r\n".join(change(content.split(b"\r\n")))


def header(lines: Lines) -> int:
    return next(i for i, line in enumerate(lines) if line.count(b",") > 15)


def bad_cell(lines: Lines) -> Lines:
    """The first row's humidity is impossible."""
    place = header(lines)
    names = lines[place].split(b",")
    column = next(i for i, name in enumerate(names) if b"9am relative humidity" in name)
    cells = lines[place + 1].split(b",")
    cells[column] = b"137"
    return [*lines[: place + 1], b",".join(cells), *lines[place + 2 :]]


def marked(lines: Lines) -> Lines:
    """A dash for what is missing, a mark behind the first number of the first row."""
    place = header(lines)
    rows = [re.sub(rb",(?=,)", b",-", row) if row else row for row in lines[place + 1 :]]
    return [*lines[: place + 1], *rows]


def other_order(lines: Lines) -> Lines:
    """The last column stands first behind the date."""
    place = header(lines)
    moved = [
        b",".join([cells[0], cells[1], cells[-1], *cells[2:-1]])
        for cells in (line.split(b",") for line in lines[place:] if line)
    ]
    return [*lines[:place], *moved]


def another_body(name: str) -> slots.Spoil:
    """Another station's file."""

    def made(_: bytes) -> bytes:
        now = moments[len(done) - 1] if done else FIRST
        page = slots.shelf().page(find(name), now.date().replace(day=1), now)
        return page.content if page else b""

    return made


def in_local_time(content: bytes) -> bytes:
    """The time of writing as Canberra's clock has it."""
    said = re.search(rb"(\d\d:\d\d) UTC on \w+ +(\d+ \w+ \d{4})", content)
    assert said
    utc = datetime.strptime(f"{said[1].decode()} {said[2].decode()}", "%H:%M %d %B %Y")
    local = utc + timedelta(hours=10)
    return content.replace(said[0], f"{local:%H:%M} AEST on {local:%A %d %B %Y}".encode())


moments = slots.slots(FIRST, DAYS)
done: list[datetime] = []
"""The slots that have begun."""

READ: dict[str, slots.Spoil] = {
    "Albury": by_line(bad_cell),
    "Sydney": by_line(marked),
    "Cairns": lambda content: content.replace(b"\r\n", b"\r"),
    "Hobart": lambda content: content.decode("cp1252").encode("utf-16"),
    "Perth": gzip.compress,
    "Canberra": in_local_time,
    "Richmond": lambda content: content.replace(find("Richmond").gauges[0].encode(), b"067999"),
    "Darwin": by_line(other_order),
}
"""Files in forms that are read."""

LOST: dict[str, slots.Spoil] = {
    "Melbourne": lambda _: b'{"observations": {"data": [{"rain_trace": "-"}]}}',
    "Launceston": lambda _: b"",
    "Adelaide": another_body("Darwin"),
    "Townsville": lambda _: 500,
    "Nuriootpa": lambda content: bytes(255 - byte for byte in content),
    "Brisbane": lambda _: b"<!DOCTYPE html><html><body>This service has moved.</body></html>",
}
"""What cannot be had."""


def meddle(here: Settings, day: int) -> None:
    """What else goes wrong in the folder itself."""
    if day == 3:
        (here.models / "versions" / "copy of a model").mkdir()
        (here.models / "versions" / "notes.txt").write_text("ours")
    if day == 5:
        with here.journal.open("a") as rows:
            rows.write("a line that somebody typed\n")
    if day == 7:
        dry = {"Humidity3pm": 10.0, "Rainfall": 0.0, "Pressure3pm": 1030.0}
        desk = Desk(
            Contexts(Archive(here.archive)),
            Journal(here.journal),
            Registry(here.models).load_active,
            lambda: moments[2 * day],
        )
        asked = of_values("Uluru", moments[2 * day - 4].date(), dry, moments[2 * day])
        desk.forecast([asked] * 210)
    if day == 9:
        (here.root / "stations.toml~").write_text("half an ed")
        (here.metrics / "live_eval.json").write_text("{ cut off")


@pytest.mark.slow
def test_a_fortnight_in_which_each_day_one_more_thing_goes_wrong(tmp_path: Path) -> None:
    slots.build(tmp_path / "root")
    troubles = list((READ | LOST).items())
    could: dict[tuple[str, datetime], bool] = {}
    verdicts = []
    with slots.mirror(FIRST) as mirror:
        here = slots.settings(tmp_path / "root", mirror.url)
        for i, at in enumerate(moments):
            done.append(at)
            name, spoil = troubles[i // 2]
            mirror.spoils[find(name).product] = spoil
            if i % 2 == 0:
                meddle(here, i // 2)
            found = slots.live(here, mirror, at)
            assert found.failed == {}, at
            verdicts.append(found.decision)
            spoilt = {name for name, _ in troubles[: i // 2 + 1]} & set(LOST)
            could |= {(s, at): s not in spoilt and mirror.has_row(s) for s in slots.STATIONS}
            assert set(found.without) >= spoilt - {"Adelaide"} or found.already
    rows = journal.read(here.journal)
    made = rows[rows["use_latest"] == True].set_index(["location", "logged_at_utc"])  # noqa: E712
    assert sorted(made.index) == sorted(could), "every station has one forecast in every slot"
    own = made["basis"].map(basis.has_own_row)
    missed = [key for key, there in could.items() if there and not own[key]]
    assert missed == []
    assert sum(could.values()) > 200
    assert verdicts == ["skip_optuna"] * len(moments)
    report = pd.read_json(here.live_eval, typ="series")
    assert report["callers"]["rows"] == 210
    assert report["unreadable_rows"] == 1
    assert report["scored_rows"] == 200
