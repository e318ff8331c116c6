"""A journal in pieces says what it says as a whole."""

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.forecasts import pieces, reader
from raincast.forecasts.row import COLUMNS
from tests.journals import EIGHT, SEVEN, WHOLE

HEADER = ",".join(COLUMNS)
BAD = "2026-02-18T06:00:12+00:00,2026-02-18,2026-02-19,Nowhere,True,Nowhere,0.125,0"
LINES = (WHOLE, EIGHT, SEVEN, BAD, "torn,li", "", WHOLE.replace("Alice Springs", "Café"))


def of(data: bytes, at_once: int) -> list[pieces.Piece]:
    return list(pieces.of(io.BytesIO(data), len(data), at_once))


def journal(header: str, lines: list[str], end: str = "\n") -> bytes:
    return end.join([header, *lines, ""]).encode()


@given(
    st.lists(st.sampled_from(LINES), max_size=30),
    st.integers(1, 2000),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(0, 20),
)
def test_rows_and_line_numbers_are_those_of_the_whole(
    lines: list[str], size: int, end: str, cut: int
) -> None:
    whole = journal(HEADER, lines, end)
    data = whole[: max(len(HEADER) + 1, len(whole) - cut)]
    found = of(data, size)
    assert b"".join(piece.own for piece in found) == data
    together, expected = reader.together([piece.reading() for piece in found]), reader.parse(data)
    pd.testing.assert_frame_equal(together.rows, expected.rows)
    assert together.unreadable.to_dict() == expected.unreadable.to_dict()


def test_a_piece_holds_no_more_than_is_asked_and_a_line() -> None:
    found = of(journal(HEADER, [WHOLE] * 20), 500)
    assert len(found) > 5
    assert max(len(piece.lines) for piece in found) <= 500 + len(WHOLE) + 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        journal(",".join(COLUMNS[:8]), [EIGHT] * 20),
        journal(HEADER.replace(",", ";"), [WHOLE.replace(",", ";")] * 20),
        journal(HEADER, [WHOLE] * 20, "\r"),
        journal(HEADER, [WHOLE] * 20 + [EIGHT.replace("2026-02-18", "18/02/2026")]),
        journal(HEADER, [WHOLE] * 20).decode().encode("utf-16"),
    ],
    ids=["empty", "eight columns", "semicolons", "CR", "strokes", "UTF-16"],
)
def test_a_journal_in_another_form_comes_whole(data: bytes) -> None:
    (found,) = of(data, 100)
    assert found == pieces.Piece(b"", data)
