"""What the forms of daily rain alone (`climate`, `rain_table`) share: rows of a station with
nothing but rain in them. Pure.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from raincast.observations.stations import Station
from raincast.sources import day_rows
from raincast.sources.cells import Remark
from raincast.sources.readings import Readings


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
    """The rows of a station, at least one. Of two rows of one day that differ neither is taken."""
    taken, clashes = _once(rows)
    return day_rows.readings(
        station,
        {row.day: (row.line, {"Rainfall": row.text}) for row in taken},
        name,
        label=label,
        channel=channel,
        prepared_at=prepared_at,
        covers={row.day: row.covers for row in taken},
        aside=(*aside, *clashes),
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
    blank = day_rows.covered({row.day: row.covers for row in rows})
    return [*rows, *(Rain(line, day, "") for day, (line, _) in blank.items() if day not in there)]
