"""The file `data/processed/prepared_meta.json`: what the prepared history holds."""

from datetime import date
from pathlib import Path

from raincast.documents import Document
from raincast.errors import BadFile
from raincast.store import files


class PreparedHistory(Document):
    """What was prepared from the historical file.

    Attributes:
        labelled: rows with truth; `accumulated` those whose reading may hold several days' rain.
        sha256: of the raw file.
        edition: of the historical file, by name.
        set_aside: the first of the cells that are no values; `set_aside_cells` counts all.
        days_per_year, holes: how much of each year is there.
        test_span_covered: share of the test span's station-days.
        event: of the labels, in words.
    """

    rows: int
    labelled: int | None = None
    accumulated: int | None = None
    first_date: date
    last_date: date
    sha256: str | None = None
    prepared_at_utc: str | None = None
    set_aside: list[str] | None = None
    set_aside_cells: int | None = None
    edition: str | None = None
    days_per_year: dict[str, int] | None = None
    holes: list[str] | None = None
    test_span: str | None = None
    test_span_covered: float | None = None
    event: str | None = None


def read(path: Path) -> PreparedHistory | None:
    """What was prepared; None if nothing was.

    Raises:
        BadFile: the file does not say.
    """
    value = files.read_json(path)
    return PreparedHistory.from_json(value, str(path)) if value else None


def require(path: Path) -> PreparedHistory:
    """What was prepared.

    Raises:
        BadFile: nothing was, or the file does not say.
    """
    found = read(path)
    if not found:
        raise BadFile(str(path), "nothing", "a prepared history; `raincast prepare` writes it")
    return found
