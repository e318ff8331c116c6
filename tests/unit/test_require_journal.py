"""Whose bytes may be taken for a journal, of whatever age."""

import pytest

from raincast.errors import BadInput
from raincast.forecasts.publication import require_journal
from raincast.forecasts.row import COLUMNS, FIXED, lines
from tests.journals import EIGHT, FORECAST, SEVEN

WHOLE = ",".join(COLUMNS).encode() + b"\n" + lines([FORECAST])
OLDER = f"{','.join(FIXED)}\n{EIGHT}\n{SEVEN}\n".encode()


@pytest.mark.parametrize(
    ("data", "rows"),
    [(WHOLE, 1), (OLDER, 2), (WHOLE.replace(b"\n", b"\r\n"), 1), (OLDER[:-1], 2)],
)
def test_rows_of_every_age_are_a_journal_and_so_is_a_header_alone(data: bytes, rows: int) -> None:
    require_journal(data, "theirs")
    require_journal(data.partition(b"\n")[0] + b"\n", "theirs")
    with pytest.raises(BadInput) as caught:
        require_journal(data.rstrip(b"\n") + b"\nmilk\n", "theirs")
    found = f"found {rows} rows of one and 1 that are not: line {rows + 2}: "
    assert found in str(caught.value), "each row was read, and the line behind them is no row"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"a list of things to buy\nmilk\n"])
def test_what_has_no_row_of_one_is_refused_as_another_file(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"theirs: expected a journal.*right file"):
        require_journal(data, "theirs")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("0.125", "1.5", "rain_probability"),
        ("0.125", "nan", "rain_probability"),
        ("2026-02-19,Cairns", "2026-02-21,Cairns", "target_date"),
        ("Cairns,True", ",True", "location"),
        (",0\n", ",7\n", "predicted_rain"),
    ],
)
def test_one_row_that_is_none_is_named_by_its_line_and_nothing_is_taken(
    old: str, new: str, field: str
) -> None:
    data = OLDER.decode().replace(old, new, 1)
    if field == "location":
        data = data.replace("True,Cairns", "True,")
    with pytest.raises(BadInput, match=rf"found 1 rows of one and 1 .*line 2: {field}"):
        require_journal(data.encode(), "theirs")
