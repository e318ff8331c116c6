"""The historical file: 145,460 station-days of 2007 to 2017, since grown, in one CSV file. Pure.

Its labels (`RainToday`, `RainTomorrow`, `RISK_MM`) are left out on reading: the event follows from
the rainfall.
"""

import csv
import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadFile, UnknownStation
from raincast.observations import event, stations
from raincast.observations.availability import day_instants
from raincast.observations.schema import HISTORICAL, OBSERVATIONS, SLOTS
from raincast.observations.stations import INDEX
from raincast.sources import cells

_MISSING = ("NA", "")


def is_historical(content: bytes) -> bool:
    """Whether a file's first line is the historical file's header."""
    return set(HISTORICAL) <= set(_header(content))


def _header(content: bytes) -> list[str]:
    first = content[:2000].split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    return next(csv.reader([first.strip()]), [])


def _check_widths(content: bytes, width: int, name: str) -> None:
    """Every line has as many fields as the header; a file that was cut off has not."""
    commas = np.array([line.count(b",") for line in content.rstrip().split(b"\n")])
    if (commas != width - 1).any():
        row = int(np.argmax(commas != width - 1))
        raise BadFile(
            name,
            f"{commas[row] + 1} fields",
            f"{width} as in the header: is it cut off?",
            line=row + 1,
        )


def _table(content: bytes, name: str) -> pd.DataFrame:
    """Every cell as text; row i stands on line i + 2."""
    header = _header(content)
    missing = [column for column in HISTORICAL if column not in header]
    if missing:
        raise BadFile(
            name, content[:60], f"the historical file, with a column {missing[0]}", line=1
        )
    _check_widths(content, len(header), name)
    try:
        return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    except ValueError as error:
        raise BadFile(name, str(error), "comma-separated text in UTF-8") from error


def _location(text: str) -> str | None:
    try:
        return stations.find(text).location
    except UnknownStation:
        return None


def _locations(table: pd.DataFrame, name: str) -> npt.NDArray[Any]:
    codes, distinct = pd.factorize(table["Location"])
    found: npt.NDArray[Any] = np.array([_location(text) for text in distinct], dtype=object)
    if None in found:
        unknown = list(found).index(None)
        line = int(np.argmax(codes == unknown)) + 2
        raise BadFile(
            name, distinct[unknown], "one of the 49 stations", line=line, field="Location"
        )
    located: npt.NDArray[Any] = found[codes]
    return located


def _days(table: pd.DataFrame, name: str) -> npt.NDArray[Any]:
    days = np.asarray(
        pd.to_datetime(table["Date"], format="%Y-%m-%d", errors="coerce"), dtype="datetime64[s]"
    )
    if np.isnat(days).any():
        row = int(np.argmax(np.isnat(days)))
        raise BadFile(
            name, table["Date"].iloc[row], "a date such as 2008-12-01", line=row + 2, field="Date"
        )
    return days


def parse(content: bytes, name: str) -> pd.DataFrame:
    """The observations frame of a historical file, in the file's order.

    Raises:
        BadFile: names the line and field, what was found and what was expected.
    """
    table = _table(content, name)
    texts = cells.Table(
        name, range(2, len(table) + 2), {f: table[f] for f in OBSERVATIONS}, _MISSING
    )
    frame = cells.frame(
        {"Location": _locations(table, name), "Date": _days(table, name)}
        | cells.observations(texts)
    )
    twice = frame.duplicated(["Location", "Date"]).to_numpy()
    if twice.any():
        row = int(np.argmax(twice))
        found = f"{frame['Location'][row]} {frame['Date'][row]:%Y-%m-%d}"
        raise BadFile(name, found, "each station-day once", line=row + 2, field="Date")
    return frame


def labels(content: bytes) -> npt.NDArray[Any]:
    """(n,) the file's own `RainTomorrow`, 1.0, 0.0 or NaN: for station-days whose next row is not
    in the file.
    """
    words = pd.read_csv(io.BytesIO(content), usecols=["RainTomorrow"], dtype=str)["RainTomorrow"]
    happened: npt.NDArray[Any] = words.map({"Yes": 1.0, "No": 0.0}).to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    return happened


def known_at(frame: pd.DataFrame) -> pd.Series:
    """When each row was first known, as far as one can say now: 9 am on its date at its station
    (UTC).
    """
    codes, days = pd.factorize(frame["Date"])
    nine = np.array([day_instants(day.date())[:, SLOTS.index("9am")] for day in days]).reshape(
        -1, len(INDEX)
    )
    seconds = nine[codes, frame["Location"].map(INDEX).to_numpy(dtype=int)]
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
        "RainToday": _words(event.occurred(frame["Rainfall"])),
        "RainTomorrow": _words(rain_tomorrow),
    }
    return pd.concat([frame, pd.DataFrame(labels, index=frame.index)], axis=1)[list(HISTORICAL)]
