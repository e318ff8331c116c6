"""What the forms of daily rain alone (`climate`, `rain_table`) share: rows of a station with
nothing but rain in them. Pure.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from raincast.observations.schema import OBSERVATIONS
from raincast.observations.stations import Station
from raincast.sources import cells
from raincast.sources.cells import Remark
from raincast.sources.readings import EARLIEST, Readings


class Rain(NamedTuple):
    """One day's cell: its line, the day, the text, and how many days the reading covers."""

    line: int
    day: date
    text: str
    covers: int = 1


def readings(
    station: Station,
    rows: Sequence[Rain],
    name: str,
    *,
    label: str,
    channel: str,
    prepared_at: datetime | None = None,
    aside: Sequence[Remark] = (),
) -> Readings:
    """The rows of a station, at least one. Of two rows of one day that differ neither is taken; nor
    is one before `EARLIEST`.
    """
    taken, clashes = _once(rows)
    old = [row for row in taken if row.day < EARLIEST]
    taken = [row for row in taken if row.day >= EARLIEST]
    warning = f"{name}: found {len(old)} days before {EARLIEST}, which are left out"
    columns = {field: [""] * len(taken) for field in OBSERVATIONS}
    columns["Rainfall"] = [row.text for row in taken]
    lines = [row.line for row in taken]
    observed = cells.read(cells.Table(name, lines, columns, cells.NOTHING))
    days = np.array([row.day for row in taken], dtype="datetime64[s]")
    keys = {"Location": np.full(len(days), station.location, dtype=object), "Date": days}
    return Readings(
        station=station,
        label=label,
        month=min((row.day for row in taken), default=EARLIEST).replace(day=1),
        prepared_at=prepared_at,
        columns=keys | observed.columns,
        lines=tuple(lines),
        set_aside=(*aside, *clashes, *(remark for _, remark in observed.set_aside)),
        read_as=tuple(observed.read_as),
        warnings=(warning,) if old else (),
        channel=channel,
        covers=tuple(row.covers for row in taken),
    )


def _once(rows: Sequence[Rain]) -> tuple[list[Rain], list[Remark]]:
    by_day: dict[date, list[Rain]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    differ = [found for found in by_day.values() if len({row[2:] for row in found}) > 1]
    clashes = [
        Remark(row.line, "Date", str(row.day), "each date once, or twice the same reading")
        for found in differ
        for row in found
    ]
    return [found[0] for found in by_day.values() if found not in differ], clashes


def with_covered_days(rows: Sequence[Rain]) -> list[Rain]:
    """The rows, and a row without a reading for each day that a reading of several covers."""
    there = {row.day for row in rows}
    more = [
        Rain(row.line, day, "")
        for row in rows
        if row.covers > 1
        for day in np.arange(
            np.datetime64(row.day) - (row.covers - 1), np.datetime64(row.day)
        ).tolist()
        if day not in there
    ]
    return [*rows, *dict.fromkeys(more)]
