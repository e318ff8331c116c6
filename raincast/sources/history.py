"""The historical file: 145,460 station-days of 2007 to 2017, since grown, in one CSV file. Pure.

Its labels (`RainToday`, `RainTomorrow`, `RISK_MM`) are left out on reading: the event follows from
the rainfall.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile, UnknownStation
from raincast.observations import plausibility
from raincast.observations.availability import day_instants
from raincast.observations.event import DEFAULT, RAIN_TODAY, Event
from raincast.observations.network import find, in_force
from raincast.observations.schema import HISTORICAL, NUMERIC, OBSERVATIONS, SLOTS
from raincast.sources import cells, forms, text
from raincast.sources.cells import Remark

MISSING = cells.NOTHING | {"<NA>", "None", "NULL", "NaT", "."}
"""How the file's editions, R and pandas say that there is no value."""
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9:.]*(Z|[+-]00:?00)?)?")
_MOST_BAD_SHARE = 0.01
"""With more cells of a column that are no values the columns are not what their names say."""
_YES_NO = {"Yes": 1.0, "No": 0.0, "yes": 1.0, "no": 0.0, "1": 1.0, "0": 0.0, "1.0": 1.0, "0.0": 0.0}
_GAP_DAYS = 2
"""How far the next row may be for a label to stand even if it is that row's: one day is missing."""


@dataclass(frozen=True)
class Historical:
    """What a historical file says.

    Attributes:
        frame: its observations frame, in the file's order.
        labels: (rows,) the file's own `RainTomorrow`, 1.0, 0.0 or NaN, without those that belong to
            a later day.
        set_aside: cells that are no values.
        columns: the names in its header.
    """

    frame: pd.DataFrame
    labels: npt.NDArray[Any]
    set_aside: tuple[Remark, ...]
    columns: tuple[str, ...]


def is_historical(content: bytes) -> bool:
    """Whether a file's first line is the historical file's header."""
    first = text.lines(text.decoded(content[:_HEADER_BYTES]))[0]
    return set(HISTORICAL) <= set(_names(first))


_HEADER_BYTES = 2000


def _names(line: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([line.strip()]), [])]


def _table(told: str, name: str) -> pd.DataFrame:
    """Every cell as text; row i stands on line i + 2."""
    lines = [line for line in text.lines(told) if line.strip()]
    header = _names(lines[0]) if lines else []
    missing = [column for column in HISTORICAL if column not in header]
    if missing:
        form = forms.of_text(told)
        found = form.name if form else told[:60]
        raise BadFile(name, found, f"the historical file, with a column {missing[0]}", line=1)
    twice = next((column for column in header if column and header.count(column) > 1), None)
    if twice is not None:
        raise BadFile(name, f"{header.count(twice)} columns {twice}", "one of each", line=1)
    width = _width(lines[1:], len(header), name)
    # R writes row names without a name for their column.
    names = [""] * (width - len(header)) + header
    columns = [column or f"column {i + 1}" for i, column in enumerate(names)]
    body = io.StringIO("\n".join(lines[1:]) + "\n")
    return pd.read_csv(
        body,
        header=None,
        names=columns,
        dtype=str,
        na_filter=False,
        skipinitialspace=True,
        index_col=False,
    )


def _width(lines: Sequence[str], header: int, name: str) -> int:
    """How many cells every line has; a file that was cut off has not the same in all."""
    quoted = any('"' in line for line in lines)
    counted = (
        (len(row) for row in csv.reader(lines))
        if quoted
        else (line.count(",") + 1 for line in lines)
    )
    widths = np.fromiter(counted, dtype=np.int64)
    width = header + int(len(widths) > 0 and widths[0] == header + 1)
    if (widths != width).any():
        row = int(np.argmax(widths != width))
        expected = f"{width} as in the header: is it cut off?"
        raise BadFile(name, f"{widths[row]} fields", expected, line=row + 2)
    return width


def _location(told: str) -> str | None:
    try:
        return find(told).location
    except UnknownStation:
        return None


def _locations(table: pd.DataFrame, name: str) -> npt.NDArray[Any]:
    codes, distinct = pd.factorize(table["Location"])
    found: npt.NDArray[Any] = np.array([_location(told) for told in distinct], dtype=object)
    if None in found:
        unknown = list(found).index(None)
        line = int(np.argmax(codes == unknown)) + 2
        of = f"one of the {len(in_force().locations)} stations of the network"
        expected = f"{of}; `raincast stations add` adds one"
        raise BadFile(name, distinct[unknown], expected, line=line, field="Location")
    located: npt.NDArray[Any] = found[codes]
    return located


def _day(told: str) -> np.datetime64:
    found = _DAY.fullmatch(told.strip())
    try:
        return np.datetime64(found[1] if found else "NaT", "s")
    except ValueError:
        return np.datetime64("NaT", "s")


def _days(table: pd.DataFrame, name: str) -> npt.NDArray[Any]:
    codes, distinct = pd.factorize(table["Date"])
    found = np.array([_day(told) for told in distinct], dtype="datetime64[s]")
    days = found[codes]
    if np.isnat(days).any():
        row = int(np.argmax(np.isnat(days)))
        raise BadFile(
            name, table["Date"].iloc[row], "a date such as 2008-12-01", line=row + 2, field="Date"
        )
    return days


def _observed(table: pd.DataFrame, name: str) -> cells.Observed:
    told = {field: table[field].to_numpy(object).tolist() for field in OBSERVATIONS}
    observed = cells.read(cells.Table(name, range(2, len(table) + 2), told, MISSING))
    bad = Counter(remark.field for _, remark in observed.set_aside)
    for _, first in observed.set_aside:
        if bad[first.field] > max(1, _MOST_BAD_SHARE * len(table)):
            expected = f"{first.expected}; {bad[first.field]} such cells are too many"
            raise BadFile(name, first.found, expected, line=first.line, field=first.field)
    return observed


def _refuse_twins(frame: pd.DataFrame, name: str) -> None:
    twice = frame.duplicated(["Location", "Date"]).to_numpy()
    if twice.any():
        row = int(np.argmax(twice))
        found = f"{frame['Location'][row]} {frame['Date'][row]:%Y-%m-%d}"
        raise BadFile(name, found, "each station-day once", line=row + 2, field="Date")


def _refuse_exchanged(frame: pd.DataFrame, name: str) -> None:
    numbers = frame[list(NUMERIC)].to_numpy()
    values = np.full((len(frame), len(OBSERVATIONS)), np.nan)
    values[:, [OBSERVATIONS.index(field) for field in NUMERIC]] = numbers
    for doubt in plausibility.mixed_up(values):
        raise BadFile(name, doubt.reason, "columns that hold what their names say")


def read(content: bytes, name: str, labelled: Event = DEFAULT) -> Historical:
    """What a historical file says, in any edition, and as R and pandas write it again.

    Args:
        labelled: the event of its labels; the public file knows the default one alone.

    Raises:
        BadFile: names the line and field, what was found and what was expected.
    """
    told = text.decoded(text.unwrapped(content, name))
    table = _table(told, name)
    observed = _observed(table, name)
    frame = cells.frame(
        {"Location": _locations(table, name), "Date": _days(table, name)} | observed.columns
    )
    _refuse_twins(frame, name)
    _refuse_exchanged(frame, name)
    set_aside = tuple(remark for _, remark in observed.set_aside)
    return Historical(frame, _labels(table, frame, labelled), set_aside, tuple(table.columns))


def parse(content: bytes, name: str) -> pd.DataFrame:
    """The observations frame of a historical file; see `read`."""
    return read(content, name).frame


def labels(content: bytes) -> npt.NDArray[Any]:
    """(n,) the file's own `RainTomorrow`, 1.0, 0.0 or NaN: for station-days whose next row is not
    in the file; see `read`.
    """
    return read(content, "the historical file").labels


def _labels(table: pd.DataFrame, frame: pd.DataFrame, labelled: Event) -> npt.NDArray[Any]:
    """The labels, but for those before a gap that are the event of the row behind it.

    The file was labelled from row to row, so that before a missing month a label is that of the
    month after: 135 of 135 such rows of 2017 are. Where unlabelled rows were dropped later, other
    labels stand before gaps, and are right.
    """
    told: npt.NDArray[Any] = table["RainTomorrow"].str.strip().map(_YES_NO).to_numpy(np.float64)
    ordered = frame[["Location", "Date", "Rainfall"]].sort_values(["Location", "Date"])
    after = ordered.groupby("Location").shift(-1)
    far = (after["Date"] - ordered["Date"]).dt.days > _GAP_DAYS
    same = labelled.occurred(after["Rainfall"]) == told[ordered.index]
    wrong = (far & same).reindex(frame.index).to_numpy()
    return np.where(wrong, np.nan, told)


def known_at(frame: pd.DataFrame) -> pd.Series:
    """When each row was first known, as far as one can say now: 9 am on its date at its station
    (UTC).
    """
    codes, days = pd.factorize(frame["Date"])
    nine = np.array([day_instants(day.date())[:, SLOTS.index("9am")] for day in days]).reshape(
        -1, len(in_force().index)
    )
    seconds = nine[codes, frame["Location"].map(in_force().index).to_numpy(dtype=int)]
    return pd.Series(seconds.astype("datetime64[s]"), index=frame.index).dt.tz_localize("UTC")


def _words(happened: npt.NDArray[Any]) -> list[str | None]:
    return [None if np.isnan(one) else "Yes" if one else "No" for one in happened]


def to_historical(frame: pd.DataFrame, rain_tomorrow: npt.NDArray[Any]) -> pd.DataFrame:
    """An observations frame in the columns of the historical file, labels included.

    Args:
        frame: an observations frame of n rows.
        rain_tomorrow: (n,) the event on each row's target date, 1.0 or 0.0; NaN where unknown or
            accumulated.
    """
    labels = {
        "RainToday": _words(RAIN_TODAY.occurred(frame["Rainfall"])),
        "RainTomorrow": _words(rain_tomorrow),
    }
    return pd.concat([frame, pd.DataFrame(labels, index=frame.index)], axis=1)[list(HISTORICAL)]
