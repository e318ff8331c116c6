"""How a journal of any age is read: with seven, eight or all columns, naive or aware times, rows
added by hand.

Each line is read by itself and by its own number of cells, so that neither a torn line nor an older
header spoils another. Naive times are UTC. A row that cannot be read is set aside with its line and
reason.
"""

import csv
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from raincast.errors import UnknownStation
from raincast.forecasts import forms
from raincast.forecasts.basis import BASES
from raincast.forecasts.row import COLUMNS, FIXED, OLDER, WITHOUT_BASIS, WITHOUT_EXCEEDANCE
from raincast.observations import event
from raincast.observations.availability import REGIMES
from raincast.observations.network import find

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_ID = "[0-9a-f]{32}"
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_EXCEEDANCE = rf"{_NUMBER}:{_NUMBER}( {_NUMBER}:{_NUMBER})*"
_YES_NO = {"1": 1, "1.0": 1, "true": 1, "yes": 1, "0": 0, "0.0": 0, "false": 0, "no": 0}
_TEXTS = ("model_version", "exceedance", "forecast_id", "basis")
_LINE_BREAKS = re.compile(r"[\s,]+")


class Text(NamedTuple):
    """A journal taken apart.

    Attributes:
        header: the names in its first line; empty where that is no header.
        cells: str, one column per name, "" where a line has none; indexed by line number (from 1).
        torn: number and text of every line whose number of cells fits no layout.
    """

    header: tuple[str, ...]
    cells: pd.DataFrame
    torn: dict[int, str]


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


def header_of(line: bytes) -> tuple[str, ...]:
    """The column names in a journal's first line; empty when it is no header."""
    names = [name.strip() for name in _split(line.decode("utf-8-sig", "replace"))]
    distinct = (
        name if name and name not in names[:i] else f"{name}_{i + 1}"
        for i, name in enumerate(names)
    )
    return tuple(distinct) if set(OLDER) <= set(names) else ()


def take_apart(data: bytes, skipped: int = 0) -> Text:
    """The cells of a journal, as text, in whatever form it comes (`forms`).

    Args:
        skipped: how many lines stand between its header and the first that is given.
    """
    data = forms.plain(data)
    first, _, rest = data.partition(b"\n")
    header = header_of(first)
    return _laid_out(header, rest, 2 + skipped) if header else _laid_out((), data, 1)


def _laid_out(header: tuple[str, ...], data: bytes, number: int) -> Text:
    """The lines put into columns, each by its own number of cells; the first one has that line
    number.
    """
    if b'"' in data:
        data = b"\n".join(_unquoted(line) if b'"' in line else line for line in data.splitlines())
    body = data.splitlines()
    former: tuple[tuple[str, ...], ...] = (OLDER, FIXED)
    former += () if header else (WITHOUT_BASIS, WITHOUT_EXCEEDANCE)
    layouts = {len(names): names for names in (*former, COLUMNS, header) if names}
    widths = np.array(
        [line.count(b",") + 1 if line.strip(b" ,") else 0 for line in body], dtype=np.intp
    )
    names = [*COLUMNS, *(name for name in header if name not in COLUMNS)]
    parts = [pd.DataFrame(columns=names, dtype="str")]
    torn: dict[int, str] = {}
    for width in set(widths.tolist()) - {0}:
        rows = np.flatnonzero(widths == width)
        if width in layouts:
            text = data if len(rows) == len(body) else b"\n".join(body[i] for i in rows)
            parts.append(_table(text, layouts[width], rows + number))
        else:
            torn |= {int(i) + number: body[i].decode() for i in rows}
    return Text(header, pd.concat(parts).fillna("").sort_index(), torn)


def _split(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:  # a line of other ends, or longer than any row
        return []


def _unquoted(line: bytes) -> bytes:
    cells = _split(line.decode())
    return ",".join(_LINE_BREAKS.sub(" ", cell) for cell in cells).replace('"', "'").encode()


def _table(text: bytes, names: tuple[str, ...], numbers: npt.NDArray[np.intp]) -> pd.DataFrame:
    """Lines of equal width as columns."""
    table = pyarrow.csv.read_csv(
        pa.BufferReader(text),
        read_options=pyarrow.csv.ReadOptions(column_names=list(names), block_size=1 << 24),
        parse_options=pyarrow.csv.ParseOptions(quote_char=False),
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    return pd.DataFrame(table.to_pandas().set_index(pd.Index(numbers, name="line")))


def _each(cells: "pd.Series[str]", read: Callable[[str], Any], dtype: str) -> pd.Series:
    """Every cell read once for each of its values."""
    codes, values = pd.factorize(cells.str.strip())
    return pd.Series(np.array([read(value) for value in values], dtype=dtype)[codes], cells.index)


def _location(name: str) -> str:
    try:
        return find(name).location
    except UnknownStation:
        return ""


def _day(text: str) -> np.datetime64:
    found = _DAY.fullmatch(text)
    try:
        return np.datetime64("{}-{:0>2}-{:0>2}".format(*found.groups()) if found else "NaT", "s")
    except ValueError:
        return np.datetime64("NaT", "s")


def _moments(cells: "pd.Series[str]") -> pd.Series:
    """Times as UTC. Those in UTC or naive are read without their offset, which is several times
    faster.
    """
    in_utc = cells.str.endswith("+00:00")
    bare = cells.where(~in_utc, cells.str.slice(0, -6))
    found = pd.to_datetime(bare, format="ISO8601", utc=True, errors="coerce")
    return found.astype("datetime64[us, UTC]")


def _number(cells: "pd.Series[str]") -> pd.Series:
    """Decimal numbers, exact to the last bit; NaN where a cell is none."""
    return cells.where(cells.str.fullmatch(_NUMBER)).astype("float64[pyarrow]").astype("float64")


def _typed(c: pd.DataFrame) -> pd.DataFrame:
    feature, target = (
        _each(c["feature_date"], _day, "datetime64[s]"),
        _each(c["target_date"], _day, "datetime64[s]"),
    )
    rows = {
        "logged_at_utc": _moments(c["logged_at_utc"]),
        "feature_date": feature.where(c["feature_date"] != "", target - event.LEAD),
        "target_date": target.where(c["target_date"] != "", feature + event.LEAD),
        "location": _each(
            c["location"].where(c["location"] != "", c["station_name"]), _location, "object"
        ).astype("str"),
        "use_latest": _each(c["use_latest"], lambda text: _YES_NO.get(text.lower(), 0), "bool"),
        "station_name": c["station_name"],
        "rain_probability": _number(c["rain_probability"]),
        "predicted_rain": _each(
            c["predicted_rain"], lambda text: _YES_NO.get(text.lower(), -1), "int64"
        ),
        "issued_at_utc": _moments(c["issued_at_utc"]),
        "regime": c["regime"],
        "threshold": _number(c["threshold"]),
        **{name: c[name] for name in (*_TEXTS, "missing")},
    }
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _faults(c: pd.DataFrame, rows: pd.DataFrame) -> dict[str, tuple[pd.Series, str]]:
    """What each column must hold, and where it does not."""
    a_time = "a time such as 2026-02-18T06:00:00+00:00"
    return {
        "logged_at_utc": (rows["logged_at_utc"].isna() & (c["logged_at_utc"] != ""), a_time),
        "target_date": (
            ~(rows["target_date"] == rows["feature_date"] + event.LEAD),
            "the day after feature_date, YYYY-MM-DD",
        ),
        "location": (rows["location"] == "", "a station's name"),
        "rain_probability": (~rows["rain_probability"].between(0, 1), "0 to 1"),
        "predicted_rain": (rows["predicted_rain"] < 0, "0 or 1"),
        "issued_at_utc": (rows["issued_at_utc"].isna() & (c["issued_at_utc"] != ""), a_time),
        "regime": (~c["regime"].isin(["", *REGIMES]), " or ".join(REGIMES)),
        "threshold": (rows["threshold"].isna() & (c["threshold"] != ""), "a number"),
        "exceedance": (
            ~((c["exceedance"] == "") | c["exceedance"].str.fullmatch(_EXCEEDANCE)),
            "amounts in mm with their chances, such as 1:0.25 5:0.1",
        ),
        "forecast_id": (
            ~((c["forecast_id"] == "") | c["forecast_id"].str.fullmatch(_ID)),
            "32 hexadecimal digits",
        ),
        "basis": (~c["basis"].isin(["", *BASES]), " or ".join(BASES)),
    }


def faults(cells: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which cells of rows in the columns of `COLUMNS` do not hold what they must."""
    wrong = {name: mask for name, (mask, _) in _faults(cells, _typed(cells)).items()}
    table = pd.DataFrame(wrong, index=cells.index)
    return table.reindex(columns=COLUMNS, fill_value=False).to_numpy("bool")


def parse(data: bytes, skipped: int = 0) -> Reading:
    """What the journal in these bytes says; see `take_apart`."""
    text = take_apart(data, skipped)
    rows = _typed(text.cells)
    reasons = {
        line: f"found {_cells(row)}, expected {len(FIXED)} or {len(COLUMNS)}"
        for line, row in text.torn.items()
    }
    for name, (wrong, expected) in _faults(text.cells, rows).items():
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
        **{name: good[name].where(good[name] != "") for name in ("regime", *_TEXTS)}
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
    feature = _each(cells["target_date"], _day, "datetime64[s]") - event.LEAD
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
