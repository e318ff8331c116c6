"""What a killed writer left of a row is known wherever it was cut; what a person wrote stays."""

import pytest

from raincast.forecasts.row import COLUMNS, WITHOUT_BASIS, lines
from raincast.forecasts.torn import Mended, mended
from tests.journals import EIGHT, FORECAST, SEVEN

FIRST, SECOND, THIRD = lines(
    [FORECAST._replace(forecast_id=f"{i:032x}") for i in range(3)]
).splitlines(keepends=True)
AMOUNTS = b"0.2:0.4 1:0.25 5:0.1 10:0.05 25:1e-05"
EIGHT_CELLS = len(b",".join(SECOND.split(b",")[:8]))
NO_BASIS = len(SECOND) - len("today\n")
"""Cut just there, the row reads like one by hand, or like one that says not what it rests on."""

CUTS = [cut for cut in range(1, len(SECOND) - 1) if cut not in (EIGHT_CELLS, NO_BASIS)]


def test_every_beginning_of_a_row_is_taken_out():
    pieces = [SECOND[:cut] + b"\n" for cut in CUTS]
    assert mended(COLUMNS, FIRST + b"".join(pieces) + THIRD) == Mended(FIRST + THIRD, pieces)


def test_a_whole_row_behind_a_beginning_is_kept():
    pieces = [SECOND[:cut] for cut in CUTS]
    glued = [piece + THIRD for piece in pieces]
    assert mended(COLUMNS, b"".join(glued)) == Mended(THIRD * len(glued), pieces)


def test_two_beginnings_in_one_line_are_taken_out():
    pieces = [SECOND[:cut] + THIRD[:70] + b"\n" for cut in CUTS]
    assert mended(COLUMNS, FIRST + b"".join(pieces) + THIRD) == Mended(FIRST + THIRD, pieces)


@pytest.mark.parametrize(
    "line",
    [SECOND[-60:], b"\0" * 300 + b"\n", EIGHT[:60].encode() + b"\n"],
    ids=["an end with its id", "a hole of the disk", "of an older program"],
)
def test_other_pieces_of_rows_are_taken_out(line: bytes):
    assert mended(COLUMNS, FIRST + line + THIRD) == Mended(FIRST + THIRD, [line])


def test_columns_of_others_and_older_headers_make_no_difference():
    piece = SECOND[:100] + b"\n"
    noted = FIRST.rstrip() + b",fine\n"
    assert mended((*COLUMNS, "note"), noted + piece).torn == [piece]
    former = FIRST.replace(AMOUNTS + b",", b"").replace(b",today", b"")
    assert mended(WITHOUT_BASIS, former + piece) == Mended(former, [piece])


@pytest.mark.parametrize(
    "line",
    [
        EIGHT,
        SEVEN,
        EIGHT.replace("Cairns", "Gotham"),
        EIGHT.replace("0.125", "wet"),
        EIGHT.replace("2026-02-19", "2026-02-29"),
        FIRST.decode().replace("AliceSprings", "Gotham").replace("Alice Springs", "Gotham"),
        "a,note",
        "torn",
        "",
    ],
)
def test_what_a_person_wrote_stays(line: str):
    body = FIRST + line.strip().encode() + b"\n" + SECOND[:70] + b"\n" + THIRD
    assert mended(COLUMNS, body) == Mended(
        body.replace(SECOND[:70] + b"\n", b""), [SECOND[:70] + b"\n"]
    )


def test_many_spoiled_lines_are_looked_at_together():
    body = b"spoiled,row\n" * 20_000 + (SECOND[:90] + b"\n") * 20_000
    assert len(mended(COLUMNS, body).torn) == 20_000
