"""How often the watch alarms on half a year of real files, as what has changed for good is noted.

The Bureau's files of 2023-24 beside a history that ends in 2017, the inputs alone, no forecast.
After each alarm the watch begins anew a week later, as after an answer. In each round somebody
notes what its findings and gaps name. Prints a line for each round, the first is the baseline, and
writes `metrics/known_changes.json`.

    python -m benchmarks.known_changes data/raw/weatherAUS.csv data/bom
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from raincast.features.block import LOOKBACK_DAYS
from raincast.loop import ingest, known_changes
from raincast.observations import panel
from raincast.observations.network import shipped
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store.archive import Archive
from raincast.store.known_changes import EVERY_FIELD, KnownChange
from raincast.verification.watch import detection, findings, inputs
from raincast.verification.watch.detection import Part
from raincast.verification.watch.memory import learned
from raincast.verification.watch.records import Finding

OUT = Path(__file__).resolve().parent.parent / "metrics/known_changes.json"
HISTORY = date(2008, 1, 1), date(2017, 6, 25)
WATCHED = date(2023, 10, 1), date(2024, 4, 1)
RUN_LENGTH_DAYS = Settings().watch_run_length_days
REST_DAYS = 7
ROUNDS = 8
NAMED = ("difference", "gap", "missing", "places", "relation")


def main(paths: Sequence[str]) -> None:
    history, observed = panels([Path(path) for path in paths])
    changes: list[KnownChange] = []
    rounds: list[dict[str, Any]] = []
    for _ in range(ROUNDS):
        days, found = look(history, observed, changes)
        ratio = len(days) / len(rounds[0]["alarms"]) if rounds else 1.0
        print(f"{len(changes)} noted: {len(days)} alarms, {ratio:.2f} of the first round's")
        rounds.append({"noted": len(changes), "alarms": days})
        fresh = list(named(found, changes))
        if not fresh:
            break
        changes += fresh
    report = {"watched": [str(day) for day in WATCHED], "run_length_days": RUN_LENGTH_DAYS}
    OUT.write_text(json.dumps(report | {"rounds": rounds}, indent=1) + "\n", "utf-8")


def panels(paths: Sequence[Path]) -> tuple[Panel, Panel]:
    """The history, and the days watched with those that explain them."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(root=Path(folder))
        ingest.ingest_paths(settings, paths, datetime(2025, 1, 10, tzinfo=UTC))
        archive = Archive(settings.archive)
        first, last = WATCHED[0] - timedelta(days=LOOKBACK_DAYS), WATCHED[1]
        past = archive.as_known_at(first=HISTORY[0], last=HISTORY[1])
        watched = archive.as_known_at(first=first, last=last)
    return panel.from_frame(past, *HISTORY), panel.from_frame(watched, first, last)


def look(
    history: Panel, observed: Panel, changes: Sequence[KnownChange]
) -> tuple[list[str], list[Finding]]:
    """The days of the alarms, and the findings of the last day without any answer."""
    memory = learned(history, {}, known_changes.mask(changes, shipped()))
    parts = detection.evidence(observed, {}, memory)
    begin = observed.position(WATCHED[0])
    levels = detection.levels(parts, begin)
    days = [str(observed.first + timedelta(days=at)) for at in alarms(parts, begin, len(observed))]
    sure = findings.found(levels, RUN_LENGTH_DAYS, observed, memory.usual)
    return days, [*sure, *findings.gaps(observed, memory.usual)]


def alarms(parts: Sequence[Part], begin: int, end: int) -> Iterator[int]:
    """The positions of the alarms; after each a rest, as after an answer."""
    while begin < end and (at := detection.first_alarm(parts, begin, RUN_LENGTH_DAYS)) is not None:
        yield at
        begin = at + REST_DAYS


def named(found: Sequence[Finding], known: Sequence[KnownChange]) -> Iterator[KnownChange]:
    """What the findings name and nobody has noted."""
    seen = {(change.station, change.field) for change in known}
    for one in found:
        field = one.what if one.what in inputs.FIELDS else EVERY_FIELD
        if one.kind != "station" and one.kind not in NAMED:
            continue
        for place in one.stations or [one.where]:
            if (place, field) not in seen and (place, EVERY_FIELD) not in seen:
                seen.add((place, field))
                yield KnownChange(at_utc="", station=place, field=field, reason=one.sentence)


if __name__ == "__main__":
    main(sys.argv[1:])
