"""What the published journal must be: whole, in today's columns, every row readable, no forecast
twice.

The journal's readers set a bad row aside and go on (`reader`); what is published has none.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadInput
from raincast.forecasts import reader
from raincast.forecasts.pieces import Piece
from raincast.forecasts.row import COLUMNS, FIXED

MOST_FAULTS = 10
MOST_SHOWN = 3
_ID_BYTES = 16


class Examined(NamedTuple):
    """What was found in a journal.

    Attributes:
        size: bytes.
        sha256: of all of them.
        rows: how many forecasts can be read.
        stations: of how many stations.
        faults: all that keeps it from being published, in words, `line N:` where it is a line's.
    """

    size: int
    sha256: str
    rows: int
    stations: int
    faults: list[str]


def require(found: Examined, name: str) -> None:
    """Refuses a journal that cannot be published.

    Raises:
        BadInput: says the first faults and how many there are.
    """
    if found.faults:
        many = len(found.faults)
        more = f"; and {many - MOST_FAULTS} more" if many > MOST_FAULTS else ""
        first = "; ".join(found.faults[:MOST_FAULTS])
        raise BadInput(f"{name} is not published: {first}{more}")


def examine(pieces: Iterable[Piece]) -> Examined:
    """A look at every row of a journal, of one piece after the other."""
    header, rows, size, digest = b"", 0, 0, hashlib.sha256()
    piece = Piece(b"", b"")
    stations: set[str] = set()
    of_rows: list[str] = []
    ids: list[npt.NDArray[np.bytes_]] = []
    for piece in pieces:
        own = piece.own
        digest.update(own)
        size += len(own)
        header = header or own.partition(b"\n")[0]
        reading = piece.reading()
        rows += len(reading.rows)
        stations |= set(reading.rows["location"].unique())
        of_rows += [f"line {line}: {reason}" for line, reason in reading.unreadable.items()]
        of_rows += _contradictions(reading.rows)
        ids.append(_as_bytes(reading.rows["forecast_id"].dropna()))
    of_file = [fault for fault in (_of_header(header) or _unended(piece),) if fault]
    faults = of_file or of_rows + list(_twice(ids))
    return Examined(size, digest.hexdigest(), rows, len(stations), faults)


def _of_header(line: bytes) -> str:
    if reader.header_of(line.rstrip(b"\r"))[: len(FIXED)] == FIXED:
        return ""
    found = line[:200].decode("utf-8", "replace")
    return f"line 1: found {found!r}, expected a header that begins with {','.join(FIXED)}"


def _unended(piece: Piece) -> str:
    """That a journal which ends with that piece has no end, if it has none."""
    if (piece.lines or piece.header).endswith(b"\n"):
        return ""
    line = piece.skipped + piece.header.count(b"\n") + piece.lines.count(b"\n") + 1
    return f"line {line}: has no end: the file was not written to its end, or cut off"


def _as_bytes(ids: "pd.Series[str]") -> npt.NDArray[np.bytes_]:
    """(n,) forecast ids, half as long as their digits."""
    return np.frombuffer(bytes.fromhex("".join(ids)), f"S{_ID_BYTES}")


def _twice(ids: Sequence[npt.NDArray[np.bytes_]]) -> Iterator[str]:
    every = np.concatenate(ids)
    every.sort()
    digits = np.unique(every[1:][every[1:] == every[:-1]]).tobytes().hex()
    for i in range(0, len(digits), 2 * _ID_BYTES):
        yield f"forecast_id {digits[i : i + 2 * _ID_BYTES]} stands there twice"


def _contradictions(rows: pd.DataFrame) -> list[str]:
    told = rows[rows["threshold"].notna()]
    wrong = told[(told["rain_probability"] >= told["threshold"]) != (told["predicted_rain"] == 1)]
    return [
        f"{row.location} of {row.feature_date:%Y-%m-%d}: predicted_rain {row.predicted_rain} does"
        f" not follow from probability {row.rain_probability} and threshold {row.threshold}"
        for row in wrong.itertuples()
    ]


def require_journal(data: bytes, name: str) -> None:
    """Refuses bytes of which any row is not one of a journal, of whatever age.

    Raises:
        BadInput: says which line is not, what was found and what to do.
    """
    reading = reader.parse(data)
    wrong = [f"line {line}: {reason}" for line, reason in reading.unreadable.items()]
    if not wrong and len(reading.rows) == 0 and not reader.header_of(data.partition(b"\n")[0]):
        wrong = ["no row"]
    if wrong:
        if not len(reading.rows):
            raise BadInput(
                f"{name}: expected a journal, found a file without a row of one ({wrong[0]});"
                " nothing is taken from it. Is it the right file?"
            )
        raise BadInput(
            f"{name}: expected a journal, found {len(reading.rows)} rows of one and"
            f" {len(wrong)} that are not: {'; '.join(wrong[:MOST_SHOWN])}; nothing is taken from"
            " it. Mend these lines, or take them out"
        )


def merged(ours: bytes, theirs: bytes, name: str = "the other journal") -> bytes:
    """Their journal with those of our rows behind it that it has not: by forecast id, without one
    by the whole line.

    Both may be of any age. Where they hold the same rows already, the result holds ours unchanged.

    Raises:
        BadInput: theirs is no journal or has a row that cannot be read; one of them has columns of
            its own that the other has not; or a forecast id stands in both with other contents.
    """
    require_journal(theirs, name)
    left, right = (reader.rewritten(data) for data in (ours, theirs))
    header = left.partition(b"\n")[0]
    if header != right.partition(b"\n")[0]:
        raise BadInput(
            "the journals have different columns of others: put them into the same columns first"
        )
    _require_same(left, right)
    if not _new(right, left):
        return left
    return right + b"".join(line + b"\n" for line in _new(left, right))


def _require_same(left: bytes, right: bytes) -> None:
    """No row is exchanged for another with its id: which of the two is right, a person knows."""
    ours = {_key(line): line for line in left.splitlines()[1:]}
    theirs = {_key(line): line for line in right.splitlines()[1:]}
    other = [key for key, line in theirs.items() if ours.get(key, line) != line]
    if other:
        one = other[0]
        raise BadInput(
            f"forecast_id {one.decode('utf-8', 'replace')}: ours is {ours[one].decode()!r}, theirs"
            f" {theirs[one].decode()!r}; {len(other)} such rows. Nothing is taken: make the two"
            " alike, or give theirs another id"
        )


def _new(these: bytes, those: bytes) -> list[bytes]:
    """The lines of these that those do not have."""
    there = {_key(line) for line in those.splitlines()}
    return [line for line in these.splitlines()[1:] if _key(line) not in there]


def _key(line: bytes) -> bytes:
    cells = line.split(b",")
    place = COLUMNS.index("forecast_id")
    return cells[place] if len(cells) > place and cells[place] else line
