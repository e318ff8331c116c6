"""The scored journal's file: the journal's columns, then what was observed.

It is made anew from the journal and the archive at each scoring, so nothing is ever added to it by
hand.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from raincast.errors import BadFile
from raincast.forecasts import origin, row
from raincast.observations.event import DEFAULT
from raincast.observations.network import in_force, require_event
from raincast.store import files
from raincast.verification.records import TRUTH

COLUMNS = (*row.COLUMNS, *TRUTH)
EVENT = "event"
"""The column behind them, of an event that is not the default one."""
_REMEDY = "a scored journal; `raincast score` writes it"
_READ = {
    "location": pa.string(),
    "feature_date": pa.timestamp("s"),
    "truth_available": pa.bool_(),
    "use_latest": pa.bool_(),
    "forecast_id": pa.string(),
}
_FRAME = _READ | {
    "basis": pa.string(),
    "model_version": pa.string(),
    "target_date": pa.timestamp("s"),
    "logged_at_utc": pa.timestamp("us", "UTC"),
    "issued_at_utc": pa.timestamp("us", "UTC"),
    "regime": pa.string(),
    "rain_probability": pa.float64(),
    "predicted_rain": pa.float64(),
    "observed_rainfall_mm": pa.float64(),
    "y_true": pa.float64(),
}


def _stamp(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Times in UTC as 2026-02-18T06:00:00.000000+00:00; several times faster than `strftime`."""
    text = column.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us")).cast(pa.string())
    return pc.binary_join_element_wise(pc.binary_replace_slice(text, 10, 11, "T"), "+00:00", "")


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as it stands in the file."""
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "True", "False")
    if not pa.types.is_timestamp(column.type):
        return column
    return _stamp(column) if column.type.tz else column.cast(pa.date32())


class Scored:
    """The scored journal of a root.

    Attributes:
        name: where it lies, for messages.
    """

    def __init__(self, path: Path) -> None:
        self._path, self.name = path, str(path)

    def write(self, scored: pd.DataFrame) -> None:
        """Puts a scored frame (see `live_report`) in place, the columns in the order of
        `COLUMNS`, and the event behind them where it is not the default one.
        """
        with self.writing() as put:
            put(scored)

    @contextmanager
    def writing(self) -> Iterator[Callable[[pd.DataFrame], None]]:
        """The same of some rows after the others: what is called with them. All are in place at
        the end, or none.
        """
        with files.replacing(self._path) as part, part.open("wb") as out:
            yield into(out)

    def snapshot(self) -> bytes:
        """The whole as CSV; nothing where nothing was ever scored."""
        try:
            with self._open() as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def station_days(self) -> pd.DataFrame:
        """`location`, `feature_date` (datetime64) and `truth_available` of every row that the
        decision may count, which a caller's question is not (`forecasts.origin`); none where there
        is nothing.

        Raises:
            BadFile: it is not a scored journal.
        """
        found = self._columns(_READ)
        kept = found[origin.of(found) != origin.CALLER].reset_index(drop=True)
        return kept[["location", "feature_date", "truth_available"]]

    def read(self) -> pd.DataFrame:
        """A scored frame of the rows that the live figures count (`forecasts.origin`), with the
        columns of `_FRAME`; none where there is nothing.

        Raises:
            BadFile: it is not a scored journal.
        """
        found = self._columns(_FRAME)
        return found[origin.counted(found)].reset_index(drop=True)

    def _open(self) -> IO[bytes]:
        return self._path.open("rb")

    def _columns(self, types: dict[str, pa.DataType]) -> pd.DataFrame:
        """Those columns; no rows where there are none."""
        try:
            with self._open() as file:
                table = _table(file, self.name, types)
        except FileNotFoundError:
            table = pa.schema(types).empty_table()
        except (pa.ArrowInvalid, KeyError) as error:
            raise BadFile(self.name, str(error), _REMEDY) from error
        found: pd.DataFrame = table.to_pandas()
        return found


def into(out: IO[bytes]) -> Callable[[pd.DataFrame], None]:
    """Writes frames as one CSV."""
    event = in_force().event
    columns = COLUMNS if event == DEFAULT else (*COLUMNS, EVENT)
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    out.write(",".join(columns).encode() + b"\n")

    def put(scored: pd.DataFrame) -> None:
        frame = scored.assign(**{EVENT: event.statement})[list(columns)].astype({"y_true": "Int8"})
        table = pa.Table.from_pandas(frame, preserve_index=False)
        text = pa.table([_text(column) for column in table.columns], names=table.column_names)
        pyarrow.csv.write_csv(text, out, options)

    return put


def _table(file: IO[bytes], name: str, types: dict[str, pa.DataType]) -> pa.Table:
    """The columns; one scored before forecasts said what they rest on has no `basis`."""
    header = file.readline().decode("utf-8", "replace").strip().split(",")
    row = file.readline().decode("utf-8", "replace").strip()
    file.seek(0)
    older = "basis" not in header
    event = row.rpartition(",")[2] if header[-1] == EVENT and row else None
    if row:
        require_event(event, name, "`raincast score` scores it anew")
    names = [name for name in types if not (older and name == "basis")]
    convert = pyarrow.csv.ConvertOptions(
        include_columns=names, column_types=types, strings_can_be_null=True
    )
    table = pyarrow.csv.read_csv(file, convert_options=convert)
    if len(names) == len(types):
        return table
    return table.append_column("basis", pa.nulls(len(table), pa.string()))
