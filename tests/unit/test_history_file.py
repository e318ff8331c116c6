"""The historical file is read as observations, refused when it says nonsense, and written back as
it was.
"""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from raincast.errors import BadFile
from raincast.observations import panel
from raincast.observations.frame import conform, validate
from raincast.observations.schema import HISTORICAL
from raincast.sources import history
from tests.history_files import HEADER, ROWS, text


def test_a_row_in_full():
    frame = validate(history.parse(text(), "h.csv"))
    assert frame.iloc[0].tolist()[2:] == [
        *(
            13.4,
            22.9,
            0.6,
            pytest.approx(np.nan, nan_ok=True),
            pytest.approx(np.nan, nan_ok=True),
            "W",
            44,
            "W",
            "WNW",
        ),
        *(20, 24, 71, 22, 1007.7, 1007.1, 8, pytest.approx(np.nan, nan_ok=True), 16.9, 21.8),
    ]
    assert frame["Location"].tolist() == ["Albury", "Albury", "AliceSprings"]
    assert frame["Date"].dt.strftime("%F").tolist() == ["2008-12-01", "2008-12-02", "2008-12-02"]
    assert frame.iloc[2, 2:].isna().all()
    assert frame["WindDir9am"].tolist() == ["W", None, None]


@pytest.mark.parametrize(
    "content",
    [
        text(
            HEADER.replace("RainTomorrow", "RISK_MM,RainTomorrow"),
            tuple(r.replace(",No,", ",No,9.9,") for r in ROWS[:1]),
        ),
        text(",".join(f'"{name}"' for name in HISTORICAL), ROWS[:1]),
        b"\xef\xbb\xbf" + text(rows=ROWS[:1]),
        text(rows=ROWS[:1]).replace(b"\n", b"\r\n"),
        text(rows=ROWS[:1]).replace(b"NA", b""),
        text(rows=ROWS[:1]).rstrip(),
    ],
    ids=[
        "with RISK_MM",
        "quoted",
        "byte order mark",
        "CRLF",
        "missing is empty",
        "no last newline",
    ],
)
def test_every_edition_says_the_same(content):
    assert history.is_historical(content)
    pd.testing.assert_frame_equal(
        history.parse(content, "h.csv"), history.parse(text(rows=ROWS[:1]), "h.csv")
    )


def test_without_rows_it_is_an_empty_frame():
    assert len(validate(history.parse(text(rows=()), "h.csv"))) == 0


BAD = [
    (
        "date",
        (ROWS[0], ROWS[1].replace("12-02", "13-02")),
        3,
        "Date",
        "2008-13-02",
        "a date such as 2008-12-01",
    ),
    (
        "station",
        (*ROWS[:2], ROWS[2].replace("Alice", "Malice")),
        4,
        "Location",
        "Malice Springs",
        "one of the 49",
    ),
    (
        "twice",
        (*ROWS, ROWS[0].replace("13.4", "13.5")),
        5,
        "Date",
        "Albury 2008-12-01",
        "each station-day once",
    ),
    ("cut off", (ROWS[0], ROWS[1][:40]), 3, None, "9 fields", "23 as in the header"),
]


@pytest.mark.parametrize(
    ("rows", "line", "field", "found", "expected"), [b[1:] for b in BAD], ids=[b[0] for b in BAD]
)
def test_nonsense_is_refused_with_its_place(rows, line, field, found, expected):
    with pytest.raises(BadFile) as refusal:
        history.parse(text(rows=rows), "h.csv")
    error = refusal.value
    assert (error.file, error.line, error.field) == ("h.csv", line, field)
    assert str(error.found).startswith(found)
    assert expected in error.expected


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("1007.7", "1OO7.7", "Pressure9am"),
        (",71,", ",171,", "Humidity9am"),
        ("WNW", "WW", "WindDir3pm"),
    ],
)
def test_a_cell_that_is_no_value_is_set_aside_alone(old, new, field):
    told = history.read(text(rows=(ROWS[0].replace(old, new), *ROWS[1:])), "h.csv")
    (remark,) = told.set_aside
    assert (remark.line, remark.field) == (2, field)
    assert told.frame[field].isna()[0]
    others = told.frame.drop(columns=field)
    pd.testing.assert_frame_equal(others, history.parse(text(), "h.csv").drop(columns=field))


def test_a_column_of_many_such_cells_is_not_what_its_name_says():
    rows = [ROWS[0].replace("2008-12-01", f"2008-12-{i + 1:02}") for i in range(20)]
    spoilt = [row.replace("1007.7", "71") for row in rows[:5]] + rows[5:]
    with pytest.raises(BadFile, match=r"line 2, field 'Pressure9am'.* 5 such cells are too many"):
        history.parse(text(rows=tuple(spoilt)), "h.csv")


def test_exchanged_columns_are_refused():
    rows = tuple(ROWS[0].replace("2008-12-01", f"2008-12-{i + 1:02}") for i in range(20))
    turned = HEADER.replace("MinTemp,MaxTemp", "MaxTemp,MinTemp")
    with pytest.raises(BadFile, match="MinTemp above Temp9am on 20 of 20 days"):
        history.parse(text(turned, rows), "h.csv")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        b"Date,Location\n",
        text(rows=(ROWS[0] + ",more",)),
        text() + b"\xff\xfe,,,",
    ],
)
def test_another_file_is_refused(content):
    with pytest.raises(BadFile, match=r"^h\.csv"):
        history.parse(content, "h.csv")


def test_a_row_was_known_at_nine_at_its_station():
    known = history.known_at(history.parse(text(), "h.csv"))
    albury_in_summer, alice_springs = (
        datetime(2008, 11, 30, 22, tzinfo=UTC),
        datetime(2008, 12, 1, 23, 30, tzinfo=UTC),
    )
    assert known.iloc[0] == albury_in_summer
    assert known.iloc[2] == alice_springs


def test_the_files_own_labels():
    np.testing.assert_array_equal(history.labels(text()), [1.0, np.nan, np.nan])


def test_labels_are_written_in_words_and_left_out_where_nobody_knows():
    frame = conform(
        pd.DataFrame({"Location": "Cairns", "Date": pd.date_range("2024-01-01", periods=3)})
    )
    out = history.to_historical(
        frame.assign(Rainfall=[1.0, 1.1, np.nan]), np.array([1.0, np.nan, 0.0])
    )
    assert tuple(out.columns) == HISTORICAL
    assert out["RainToday"].fillna("?").tolist() == ["No", "Yes", "?"]
    assert out["RainTomorrow"].fillna("?").tolist() == ["Yes", "?", "No"]


def test_what_was_written_is_what_is_read():
    frame = history.parse(text(), "h.csv")
    again = history.to_historical(frame, np.full(3, np.nan)).to_csv(index=False).encode()
    assert history.is_historical(again)
    pd.testing.assert_frame_equal(history.parse(again, "again.csv"), frame)


def test_a_column_that_is_there_twice_is_refused():
    rows = tuple(f"{row},9" for row in ROWS)
    with pytest.raises(BadFile, match="line 1: found '2 columns Rainfall', expected one of each"):
        history.parse(text(f"{HEADER},Rainfall", rows), "h.csv")


@pytest.fixture(scope="module")
def whole(history_path):
    return history.parse(history_path.read_bytes(), str(history_path))


def test_the_real_file_is_read(whole):
    assert len(validate(whole)) >= 145_460
    assert whole["Location"].nunique() == 49


def test_the_event_is_the_real_files_own_wherever_a_day_follows_its_eve(whole, history_path):
    """Where the labels differ, ours is missing: the next reading is missing, or accumulated."""
    theirs = pd.read_csv(history_path, usecols=["RainToday", "RainTomorrow"], dtype=object)
    days = panel.from_frame(whole)
    ours = history.to_historical(whole, days.of_rows(days.truth(), whole))
    assert ours["RainToday"].fillna("NA").eq(theirs["RainToday"].fillna("NA")).all()
    differ = ours["RainTomorrow"].fillna("NA") != theirs["RainTomorrow"].fillna("NA")
    assert ours.loc[differ, "RainTomorrow"].isna().all()
    assert 0 < differ.sum() < 0.02 * len(whole)


@pytest.mark.parametrize("pad", ["", " ", "\t"])
def test_a_label_counts_with_blanks_around_it_as_other_cells_do(pad: str):
    rows = tuple(f"{pad},{pad}".join(row.split(",")) + pad for row in ROWS)
    np.testing.assert_array_equal(history.labels(text(rows=rows)), [1.0, np.nan, np.nan])
