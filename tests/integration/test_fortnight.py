"""Fortnights in which each day one more thing goes wrong: the loop runs every slot by itself."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
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
from tests import served, slots, troubles
from tests.commands import raincast
from tests.places import find
from tests.slots import Spoil
from tests.troubles import always, by_line, cell, instead

FIRST = datetime(2024, 5, 20, 6, tzinfo=UTC)
DAYS = 14
MOMENTS = slots.slots(FIRST, DAYS)

Meddle = Callable[[Settings, slots.Mirror, datetime], None]


def strays(here: Settings, _: slots.Mirror, __: datetime) -> None:
    (here.models / "versions" / "copy of a model").mkdir()
    (here.models / "versions" / "notes.txt").write_text("ours")


def typed(here: Settings, _: slots.Mirror, __: datetime) -> None:
    with here.journal.open("a") as rows:
        rows.write("a line that somebody typed\n")


def asked_often(here: Settings, _: slots.Mirror, at: datetime) -> None:
    """One wet day of one station, 210 times, made up to be dry."""
    dry = {"Humidity3pm": 10.0, "Rainfall": 0.0, "Pressure3pm": 1030.0}
    load = Registry(here.models).load_active
    desk = Desk(Contexts(Archive(here.archive)), Journal(here.journal), load, lambda: at)
    day = (pd.Timestamp(at) - pd.Timedelta(days=2)).date()
    desk.forecast([of_values("Uluru", day, dry, at)] * 210)


def half_written(here: Settings, _: slots.Mirror, __: datetime) -> None:
    (here.root / "stations.toml~").write_text("half an ed")
    (here.metrics / "live_eval.json").write_text("{ cut off")


def lines_of_nothing(here: Settings, _: slots.Mirror, __: datetime) -> None:
    with (here.models / "history.jsonl").open("a") as history:
        history.write('{}\n{"action": "promote"}\n{"at_utc": 7, "version": []}\n')


def edited(here: Settings, _: slots.Mirror, __: datetime) -> None:
    """The metadata of a version that does not serve."""
    path = here.models / "versions" / served.version(here.root, 1) / "model_metadata.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"threshold": 1.5}))


def torn(here: Settings, _: slots.Mirror, __: datetime) -> None:
    """A machine that stopped while it wrote."""
    with here.journal.open("a") as rows:
        rows.write("2024-05-26T06:15:00+00:00,2024-05-2")


def nobody(_: Settings, mirror: slots.Mirror, __: datetime) -> None:
    mirror.spoils[""] = instead(500)


def back(_: Settings, mirror: slots.Mirror, __: datetime) -> None:
    del mirror.spoils[""]


def wrong_merge(here: Settings, _: slots.Mirror, __: datetime) -> None:
    before = here.journal.read_bytes()
    (here.root / "other.csv").write_text("Date,Location\n2024-05-20,Sydney\n")
    assert raincast(here.root, "merge", str(here.root / "other.csv")).returncode != 0
    assert here.journal.read_bytes() == before


def lost_cache(here: Settings, _: slots.Mirror, __: datetime) -> None:
    """What was kept of the Bureau's answers is no database any more."""
    for path in here.fetch_cache.iterdir():
        path.write_bytes(b"no database" * 1000)


@dataclass(frozen=True)
class Fortnight:
    """Attributes:
    read: files in forms that are read.
    lost: what cannot be had.
    sometimes: of these, stations whose file now and then has nothing that shows the trouble.
    meddle: what else goes wrong in the folder and around it, by day.
    """

    read: Mapping[str, Spoil]
    lost: Mapping[str, Spoil]
    sometimes: frozenset[str]
    meddle: Mapping[int, Meddle]


FILES = Fortnight(
    read={
        "Albury": cell(b"9am relative humidity", b"137"),
        "Sydney": by_line(troubles.dashes),
        "Cairns": always(lambda content: content.replace(b"\r\n", b"\r")),
        "Hobart": always(lambda content: content.decode("cp1252").encode("utf-16")),
        "Perth": always(gzip.compress),
        "Canberra": always(troubles.in_local_time),
        "Richmond": always(lambda c: c.replace(find("Richmond").gauges[0].encode(), b"067999")),
        "Darwin": by_line(troubles.other_order),
    },
    lost={
        "Melbourne": instead(b'{"observations": {"data": [{"rain_trace": "-"}]}}'),
        "Launceston": instead(b""),
        "Adelaide": troubles.another_body("Darwin"),
        "Townsville": instead(500),
        "Nuriootpa": always(lambda content: bytes(255 - byte for byte in content)),
        "Brisbane": instead(b"<!DOCTYPE html><html><body>This service has moved.</body></html>"),
    },
    sometimes=frozenset({"Adelaide"}),
    meddle={3: strays, 5: typed, 7: asked_often, 9: half_written},
)
AROUND = Fortnight(
    read={
        "Hobart": cell(b"Rainfall", b"Tce"),
        "Sydney": cell(b"Rainfall", b" 0.2*"),
        "Adelaide": troubles.former("Adelaide"),
        "Cairns": always(lambda content: content.replace(b"\r\n", b"\n", 4)),
        "Albury": always(lambda content: content.replace(b" UTC on", b" GMT on")),
        "Perth": by_line(troubles.shifted),
        "Darwin": by_line(troubles.of_tomorrow),
        "Canberra": cell(b"9am MSL pressure", b"1" + b"0" * 400),
    },
    lost={
        "Melbourne": troubles.another_form,
        "Townsville": instead("429"),
        "Nuriootpa": by_line(troubles.exchanged),
        "Uluru": always(lambda c: c.replace(find("Uluru").product.encode(), b"IDCJDW9999")),
        "AliceSprings": troubles.of_another_age,
        "Launceston": instead("timeout"),
    },
    sometimes=frozenset({"Nuriootpa"}),
    meddle={
        2: lines_of_nothing,
        4: edited,
        6: torn,
        7: nobody,
        8: back,
        10: wrong_merge,
        11: lost_cache,
        12: asked_often,
    },
)


@pytest.mark.slow
@pytest.mark.parametrize("life", [FILES, AROUND], ids=["files", "around"])
def test_a_fortnight_in_which_each_day_one_more_thing_goes_wrong(
    tmp_path: Path, life: Fortnight
) -> None:
    slots.build(tmp_path / "root")
    come = list((life.read | life.lost).items())
    could: dict[tuple[str, datetime], bool] = {}
    verdicts = []
    with slots.mirror(FIRST) as mirror:
        here = slots.settings(tmp_path / "root", mirror.url)
        here = replace(here, fetch_timeout_seconds=3.0)
        for i, at in enumerate(MOMENTS):
            name, spoil = come[i // 2]
            mirror.spoils[find(name).product] = spoil
            if i % 2 == 0 and i // 2 in life.meddle:
                life.meddle[i // 2](here, mirror, at)
            found = slots.live(here, mirror, at)
            assert found.failed == {}, at
            verdicts.append(found.decision)
            spoilt = {name for name, _ in come[: i // 2 + 1]} & set(life.lost)
            away = set(slots.STATIONS) if "" in mirror.spoils else set()
            could |= {(s, at): s not in spoilt | away and mirror.has_row(s) for s in slots.STATIONS}
            assert set(found.without) >= spoilt - life.sometimes or found.already
    rows = journal.Journal(here.journal).read()
    made = rows[rows["use_latest"] == True].set_index(["location", "logged_at_utc"])  # noqa: E712
    assert sorted(made.index) == sorted(could), "every station has one forecast in every slot"
    own = made["basis"].map(basis.has_own_row)
    missed = [key for key, there in could.items() if there and not own[key]]
    assert missed == []
    assert sum(could.values()) > 200
    assert verdicts == ["skip_optuna"] * len(MOMENTS)
    report = pd.read_json(here.live_eval, typ="series")
    assert report["callers"]["rows"] == 210
    assert report["unreadable_rows"] == int(typed in life.meddle.values())
    assert report["scored_rows"] == 200
