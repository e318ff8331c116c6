"""How a journal of any age is read: with seven, eight or all columns, naive or aware times, rows
added by hand.

A row that cannot be read is set aside with its line and reason.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from raincast.forecasts.cells import TEXTS, dates, demands, faults, typed
from raincast.forecasts.layout import Text, header_of, take_apart
from raincast.forecasts.row import COLUMNS, FIXED
from raincast.observations import event

__all__ = [
    "Reading",
    "Text",
    "faults",
    "header_of",
    "parse",
    "rewritten",
    "take_apart",
    "together",
]


class Reading(NamedTuple):
    """What a journal says.

    Attributes:
        rows: one row per forecast in the order of the file, the columns of `journal.COLUMNS`: times
            datetime64 UTC, dates datetime64[s], `use_latest` bool, `rain_probability` and
            `threshold` float64, `predicted_rain` int64, the rest str. What older or hand-made rows
            do not have is NaT or NaN.
        unreadable: the reason, indexed by line number.
    """

    rows: pd.DataFrame
    unreadable: "pd.Series[str]"


def parse(data: bytes, skipped: int = 0) -> Reading:
    """What the journal in these bytes says; see `take_apart`."""
    text = take_apart(data, skipped)
    rows = typed(text.cells)
    reasons = {
        line: f"found {_cells(row)}, expected {len(FIXED)} or {len(COLUMNS)}"
        for line, row in text.torn.items()
    }
    for name, (wrong, expected) in demands(text.cells, rows).items():
        found = text.cells.loc[wrong, name]
        reasons |= {
            line: f"{name}: found {cell!r}, expected {expected}"
            for line, cell in found.items()
            if line not in reasons
        }
    good = (
        rows if not reasons else rows.drop(index=[line for line in reasons if line in rows.index])
    )
    good = good.assign(
        **{name: good[name].where(good[name] != "") for name in ("regime", *TEXTS)}
    ).reset_index(drop=True)
    return Reading(good, pd.Series(reasons, dtype="str").sort_index())


def together(readings: Sequence[Reading]) -> Reading:
    """Those of one journal's pieces, in their order, as one."""
    if len(readings) == 1:
        return readings[0]
    rows, unreadable = (pd.concat(parts) for parts in zip(*readings, strict=True))
    return Reading(rows.reset_index(drop=True), unreadable)


def _cells(row: str) -> str:
    number = row.count(",") + 1
    return f"{number} cells" if number > 1 else "1 cell"


def rewritten(data: bytes) -> bytes:
    """The journal in today's columns, then those of others; a line that fits no layout stays as it
    is.
    """
    text = take_apart(data)
    cells = text.cells
    feature = dates(cells["target_date"]) - event.LEAD
    told = feature.dt.strftime("%Y-%m-%d").fillna("")
    cells = cells.assign(
        feature_date=cells["feature_date"].where(cells["feature_date"] != "", told)
    )
    rows = dict(
        zip(
            cells.index,
            map(",".join, zip(*(cells[name] for name in cells), strict=True)),
            strict=True,
        )
    )
    whole = [",".join(cells.columns), *(row for _, row in sorted((rows | text.torn).items()))]
    return ("\n".join(whole) + "\n").encode()
