"""The historical file as other programs write it again, and the labels of other months."""

import gzip
import re

import numpy as np
import pandas as pd
import pytest

from raincast.sources import history
from tests.history_files import ROWS, text


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
