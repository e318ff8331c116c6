"""Readings out of texts by day and field: what the forms that are no daily files share. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np

from raincast.observations.schema import OBSERVATIONS
from raincast.observations.stations import Station
from raincast.sources import cells
from raincast.sources.cells import Remark
from raincast.sources.readings import EARLIEST, Readings

Rows = Mapping[date, tuple[int, Mapping[str, str]]]
"""By day: a line of the file, and the texts by field."""
MOST_DAYS = 31
"""A reading of more days than this is none that anybody can use."""


def covered(covers: Mapping[date, int]) -> dict[date, tuple[int, dict[str, str]]]:
    """A row without a reading for each day before a reading of several that it covers too."""
    return {
        day - timedelta(days=before): (0, {})
        for day, days in covers.items()
        for before in range(1, days)
    }


def readings(
    station: Station,
    rows: Rows,
    name: str,
    *,
    label: str,
    channel: str,
    prepared_at: datetime | None = None,
    covers: Mapping[date, int] | None = None,
    aside: Sequence[Remark] = (),
) -> Readings:
    """The rows of a station in the order of their days, without those before `EARLIEST`.

    Args:
        covers: the days that a day's rain covers, where that is not one.
    """
    days = sorted(day for day in rows if day >= EARLIEST)
    old = len(rows) - len(days)
    lines = [rows[day][0] for day in days]
    columns = {field: [rows[day][1].get(field, "") for day in days] for field in OBSERVATIONS}
    observed = cells.read(cells.Table(name, lines, columns, cells.NOTHING))
    keys = {
        "Location": np.full(len(days), station.location, dtype=object),
        "Date": np.array(days, dtype="datetime64[s]"),
    }
    warning = f"{name}: found {old} days before {EARLIEST}, which are left out"
    return Readings(
        station=station,
        label=label,
        month=(days[0] if days else EARLIEST).replace(day=1),
        prepared_at=prepared_at,
        columns=keys | observed.columns,
        lines=tuple(lines),
        set_aside=(*aside, *(remark for _, remark in observed.set_aside)),
        read_as=tuple(observed.read_as),
        warnings=(warning,) if old else (),
        channel=channel,
        covers=tuple((covers or {}).get(day, 1) for day in days),
    )
