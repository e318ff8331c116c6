"""What the published journal must be: whole, in today's columns, every row readable, no forecast
twice.

The journal's readers set a bad row aside and go on (`journal_reader`); what is published has none.
"""

from collections.abc import Iterator

from raincast.errors import BadInput
from raincast.forecasts import reader
from raincast.forecasts.row import COLUMNS, FIXED

MOST_FAULTS = 10


def faults(data: bytes) -> list[str]:
    """All that keeps a journal's bytes from being published, in words, `line N:` where it is a
    line's.
    """
    return list(_of_file(data)) or list(_of_rows(data))


def require(data: bytes, name: str) -> reader.Reading:
    """The journal in these bytes, where it can be published.

    Raises:
        BadInput: it cannot; says the first faults and how many there are.
    """
    found = faults(data)
    if found:
        more = f"; and {len(found) - MOST_FAULTS} more" if len(found) > MOST_FAULTS else ""
        raise BadInput(f"{name} is not published: {'; '.join(found[:MOST_FAULTS])}{more}")
    return reader.parse(data)


def _of_file(data: bytes) -> Iterator[str]:
    header = reader.header_of(data.partition(b"\n")[0].rstrip(b"\r"))
    if header[: len(FIXED)] != FIXED:
        found = data.partition(b"\n")[0][:200].decode("utf-8", "replace")
        yield f"line 1: found {found!r}, expected a header that begins with {','.join(FIXED)}"
    elif not data.endswith(b"\n"):
        yield (
            f"line {data.count(bytes([10])) + 1}: has no end: the file was not written to its end,"
            " or cut off"
        )


def _of_rows(data: bytes) -> Iterator[str]:
    reading = reader.parse(data)
    yield from (f"line {line}: {reason}" for line, reason in reading.unreadable.items())
    ids = reading.rows["forecast_id"].dropna()
    yield from (
        f"forecast_id {twice} stands there twice" for twice in ids[ids.duplicated()].unique()
    )
    rows = reading.rows[reading.rows["threshold"].notna()]
    wrong = rows[(rows["rain_probability"] >= rows["threshold"]) != (rows["predicted_rain"] == 1)]
    yield from (
        f"{row.location} of {row.feature_date:%Y-%m-%d}: predicted_rain {row.predicted_rain} does"
        f" not follow from probability {row.rain_probability} and threshold {row.threshold}"
        for row in wrong.itertuples()
    )


def merged(ours: bytes, theirs: bytes) -> bytes:
    """Their journal with those of our rows behind it that it has not: by forecast id, without one
    by the whole line.

    Both may be of any age. Where they hold the same rows already, the result holds ours unchanged.

    Raises:
        BadInput: one of them has columns of its own that the other has not.
    """
    left, right = (reader.rewritten(data) for data in (ours, theirs))
    header = left.partition(b"\n")[0]
    if header != right.partition(b"\n")[0]:
        raise BadInput(
            "the journals have different columns of others: put them into the same columns first"
        )
    if not _new(right, left):
        return left
    return right + b"".join(line + b"\n" for line in _new(left, right))


def _new(these: bytes, those: bytes) -> list[bytes]:
    """The lines of these that those do not have."""
    there = {_key(line) for line in those.splitlines()}
    return [line for line in these.splitlines()[1:] if _key(line) not in there]


def _key(line: bytes) -> bytes:
    cells = line.split(b",")
    place = len(COLUMNS) - 1
    return cells[place] if len(cells) > place and cells[place] else line
