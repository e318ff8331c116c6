"""What is wrong with a root, and what to do about it. Reads everything, writes nothing."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from raincast.errors import RaincastError
from raincast.loop import decide, retrain_set
from raincast.settings import Settings
from raincast.store import space, stores

Level = Literal["good", "note", "bad"]

FOLDERS = ("data", "models", "metrics", "outputs", "optimisations")
NAMES = {"_observations": "archive", "_loop": "live scores"}
"""Checks that are called otherwise than their functions."""
BRING = "`raincast ingest FILE` with the files that you saved, or `--bureau`"
STALE_DAYS = 3
"""The Bureau's daily files are at most two days behind, weekends included."""


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        check: what was looked at.
        level: `good`, `note` (works, but look at it) or `bad` (something will fail).
        found: what is there.
        remedy: what to do; empty if nothing.
    """

    check: str
    level: Level
    found: str
    remedy: str = ""


Check = Callable[[Settings, datetime], Iterator[Finding]]


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Every check's findings; a check that fails is a finding itself.

    Args:
        now: aware moment.
    """
    return [finding for check in CHECKS for finding in _guarded(check, settings, now)]


def _guarded(check: Check, settings: Settings, now: datetime) -> list[Finding]:
    name = NAMES.get(check.__name__, check.__name__.strip("_"))
    try:
        return list(check(settings, now))
    except (RaincastError, OSError) as error:
        return [Finding(name, "bad", str(error), "see the message")]


def _root(settings: Settings, _: datetime) -> Iterator[Finding]:
    root = settings.root
    if not root.is_dir():
        found = f"{root} is a file" if root.exists() else f"there is no {root}"
        yield Finding("root", "bad", found, "set PROJECT_ROOT to a folder")
        return
    if not any((root / name).is_dir() for name in FOLDERS):
        remedy = "is PROJECT_ROOT spelt right? `raincast fetch-history` fills a new one"
        yield Finding("root", "note", f"{root} is new: it has none of {', '.join(FOLDERS)}", remedy)
    fixed = [path for name in ("", *FOLDERS) if (path := root / name).is_dir() and not _may(path)]
    for path in fixed:
        yield Finding("rights", "bad", f"{path} cannot be written", f"give this user {path}")
    if not fixed:
        yield Finding("root", "good", str(root))


def _may(path: Path) -> bool:
    return os.access(path, os.W_OK | os.X_OK)


def _database(settings: Settings, _: datetime) -> Iterator[Finding]:
    if settings.database:
        found = f"archive, journals, history and runs are in {stores.of(settings).journal().name}"
        yield Finding("database", "good", found, "`raincast backup` leaves it out: `pg_dump`")


def _space(settings: Settings, _: datetime) -> Iterator[Finding]:
    free, least = space.free_bytes(settings.root), space.LEAST_FREE_BYTES
    level: Level = "good" if free >= least else "bad"
    remedy = "" if level == "good" else f"free {least / 1024**3:.0f} GB"
    yield Finding("space", level, f"{free / 1024**3:.1f} GB free", remedy)


def _links(settings: Settings, _: datetime) -> Iterator[Finding]:
    for name in FOLDERS:
        for path in (settings.root / name).glob("**/*"):
            if path.is_symlink() and path.readlink().is_absolute():
                level: Level = "note" if path.exists() else "bad"
                remedy = "put the file itself there, so that the folder can be copied"
                yield Finding("links", level, f"{path} leads to {path.readlink()}", remedy)


def _history(settings: Settings, _: datetime) -> Iterator[Finding]:
    end = retrain_set.history_end(settings)
    if end is None:
        remedy = "`raincast fetch-history`, then `raincast prepare`"
        yield Finding("history", "note", "no historical file: nothing can be trained", remedy)
    elif not settings.prepared.exists():
        yield Finding("history", "note", f"to {end}, not prepared", "`raincast prepare`")
    else:
        yield Finding("history", "good", f"to {end}")


def _observations(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not stores.of(settings).has_archive():
        yield Finding("archive", "note", "no observations", BRING)
        return
    recent = stores.of(settings).archive().as_known_at(first=(now - timedelta(days=60)).date())
    if recent.empty:
        remedy = f"{BRING}: forecasts rest on recent days"
        newest = stores.of(settings).archive().newest_day()
        text = "no observation of the last 60 days" + (
            f", the newest is of {newest}" if newest else ", nor any other"
        )
        yield Finding("archive", "note", text, remedy)
        return
    newest = recent["Date"].max().date()
    behind = (now.date() - newest).days
    if behind < -1:
        remedy = "set the clock; `raincast withdraw` takes wrong versions back out"
        yield Finding("clock", "bad", f"the newest observation is of {newest}, after now", remedy)
    elif behind > STALE_DAYS:
        remedy = f"{BRING}; is BUREAU_URL right?"
        yield Finding("archive", "note", f"newest observation {newest}, {behind} days ago", remedy)
    else:
        yield Finding("archive", "good", f"newest observation {newest}")


def _model(settings: Settings, _: datetime) -> Iterator[Finding]:
    if not settings.models.is_dir():
        yield Finding("model", "note", "no model", "`raincast train`, or `train --quick`")
        return
    active = stores.of(settings).registry().load_active()
    yield Finding("model", "good", f"{active.version} serves, its hash matches")


def _journal(settings: Settings, now: datetime) -> Iterator[Finding]:
    held = stores.of(settings).journal()
    if not held.exists():
        yield Finding("journal", "note", "no forecast yet", "`raincast predict --all`")
        return
    reading = held.examine(lambda rows: rows[["logged_at_utc"]])
    if len(reading.unreadable):
        found = f"{len(reading.unreadable)} of {len(reading.rows)} rows cannot be read"
        yield Finding("journal", "bad", found, f"`raincast validate {settings.journal}`")
    torn = held.torn()
    if torn:
        yield Finding("journal", "note", f"{torn} holds what was torn", "look at it, and delete it")
    newest = reading.rows["logged_at_utc"].max()
    if newest > now + timedelta(hours=1):
        found = f"a forecast was logged at {newest}, after now"
        yield Finding("clock", "bad", found, "set the clock")
    yield Finding("journal", "good", f"{len(reading.rows)} rows, the newest of {newest:%Y-%m-%d}")


def _loop(settings: Settings, now: datetime) -> Iterator[Finding]:
    report, mark = decide.live(settings), retrain_set.read_watermark(settings)
    if report is None:
        yield Finding("live scores", "note", "not scored yet", "`raincast score`")
    elif not report.scored_rows:
        remedy = "`raincast score` once the rain has been read"
        yield Finding("live scores", "note", "no forecast has its truth yet", remedy)
    else:
        yield Finding("live scores", "good", f"over {report.scored_rows} rows")
    if mark and mark.updated_at_utc > now + timedelta(hours=1):
        yield Finding(
            "clock", "bad", f"the watermark moved at {mark.updated_at_utc}", "set the clock"
        )


CHECKS: tuple[Check, ...] = (
    _root,
    _database,
    _space,
    _links,
    _history,
    _observations,
    _model,
    _journal,
    _loop,
)
