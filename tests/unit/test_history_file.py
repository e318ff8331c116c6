"""The historical file is read as observations, refused when it says nonsense, and written back as
it was.
"""

import gzip
import re
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from raincast.errors import BadFile
from raincast.observations import panel
from raincast.observations.frame import conform, validate
from raincast.observations.schema import HISTORICAL
from raincast.sources import history

HEADER = ",".join(HISTORICAL)
ROWS = (
    "2008-12-01,Albury,13.4,22.9,0.6,NA,NA,W,44,W,WNW,20,24,71,22,1007.7,1007.1,8,NA,16.9,21.8,No,Yes",
    "2008-12-02,Albury,-7.4,25,1.2,NA,0,NA,NA,NA,WSW,0,22,44,25,1010.6,NA,NA,0,17.2,24.3,Yes,NA",
    "2008-12-02,Alice Springs,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA",
)


def text(header: str = HEADER, rows: tuple[str, ...] = ROWS) -> bytes:
    return ("\n".join((header, *rows)) + "\n").encode()


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


def _with_row_names(content: str) -> str:
    """As R writes it: a name before every row, and in some ways one in the header too."""
    header, *rows = content.strip().split("\n")
    return "\n".join([header, *(f"{i + 1},{row}" for i, row in enumerate(rows))])


WRITTEN_AGAIN = {
    "R, quoted with row names": lambda t: '"",' + _with_row_names(t),
    "R, row names without a name": _with_row_names,
    "pandas, with its index": lambda t: "," + _with_row_names(t),
    "pandas, nothing for missing": lambda t: t.replace("NA", ""),
    "pandas, NaN": lambda t: t.replace("NA", "NaN"),
    "numpy, nan": lambda t: t.replace("NA", "nan"),
    "dates with a time": lambda t: t.replace("2008-12-01", "2008-12-01 00:00:00"),
    "dates as R's POSIXct": lambda t: t.replace("2008-12-01", "2008-12-01T00:00:00Z"),
    "whole numbers as floats": lambda t: t.replace(",44,", ",44.0,"),
    "every word quoted": lambda t: re.sub(r"[^,\n]+", lambda m: f'"{m[0]}"', t),
    "CR alone": lambda t: t.replace("\n", "\r"),
    "blanks behind the commas": lambda t: t.replace(",", ", "),
}


@pytest.mark.parametrize("again", WRITTEN_AGAIN.values(), ids=WRITTEN_AGAIN)
@pytest.mark.parametrize("wrap", [bytes, gzip.compress, lambda c: c.decode().encode("utf-16")])
def test_r_and_pandas_write_it_again_and_it_says_the_same(again, wrap):
    content = wrap(again(text(rows=ROWS[:2]).decode()).encode())
    told, before = history.read(content, "h.csv"), history.read(text(rows=ROWS[:2]), "h.csv")
    assert history.is_historical(content) or wrap is gzip.compress
    pd.testing.assert_frame_equal(told.frame, before.frame)
    np.testing.assert_array_equal(told.labels, before.labels)


def _labelled(days: list[str], rain: list[str], labels: list[str]) -> bytes:
    rows = [
        ROWS[0].replace("2008-12-01", day).replace(",0.6,", f",{mm},", 1)[: -len(",No,Yes")]
        + f",No,{label}"
        for day, mm, label in zip(days, rain, labels, strict=True)
    ]
    return text(rows=tuple(rows))


@pytest.mark.parametrize(
    ("days", "rain", "labels", "kept"),
    [
        (["2011-03-31", "2011-05-01"], ["1.8", "3.6"], ["Yes", "No"], [np.nan, 0.0]),
        (["2011-03-31", "2011-05-01"], ["1.8", "0"], ["Yes", "No"], [1.0, 0.0]),
        (["2011-03-31", "2011-05-01"], ["1.8", "NA"], ["Yes", "No"], [1.0, 0.0]),
        (["2011-03-31", "2011-04-02"], ["1.8", "3.6"], ["Yes", "No"], [1.0, 0.0]),
        (["2011-03-31", "2011-04-01"], ["1.8", "3.6"], ["Yes", "No"], [1.0, 0.0]),
    ],
    ids=[
        "the next row's, a month later",
        "another than the next row's",
        "the next row knows no rain",
        "one day is missing",
        "none is missing",
    ],
)
def test_a_label_before_a_gap_that_is_a_later_rows_is_dropped(days, rain, labels, kept):
    told = history.read(_labelled(days, rain, labels), "h.csv")
    np.testing.assert_array_equal(told.labels, kept)


def test_the_135_labels_of_other_months_are_dropped(history_path):
    told = history.read(history_path.read_bytes(), "h.csv")
    dropped = told.frame[np.isnan(told.labels)]["Date"]
    ends = dropped[dropped.isin(pd.to_datetime(["2011-03-31", "2012-11-30", "2013-01-31"]))]
    assert len(told.frame) == 145_460
    assert (~np.isnan(told.labels)).sum() == 142_193 - 135
    assert len(ends) >= 133


def test_the_labels_of_a_file_that_lost_its_unlabelled_rows_stand(history_path):
    """The edition of 142,193 rows: 1,404 labels before gaps are right, 135 are the next row's."""
    table = pd.read_csv(history_path, dtype=str, keep_default_na=False)
    kept = table[table["RainTomorrow"] != "NA"]
    told = history.read(kept.to_csv(index=False).encode(), "h.csv")
    assert len(told.frame) == 142_193
    assert np.isnan(told.labels).sum() == 135


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
