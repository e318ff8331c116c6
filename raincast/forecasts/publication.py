"""What the published journal must be: whole, in today's columns, every row readable, no forecast
twice.

The journal's readers set a bad row aside and go on (`journal_reader`); what is published has none.
"""

from collections.abc import Iterator

from raincast.errors import BadInput
from raincast.forecasts import reader
from raincast.forecasts.row import COLUMNS, FIXED

MOST_FAULTS = 10
MOST_SHOWN = 3


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
