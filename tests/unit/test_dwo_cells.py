"""The cells of a DWO file: nonsense sets its row aside, a value in other words is read."""

import numpy as np
import pytest

from raincast.errors import BadFile
from raincast.observations import event
from raincast.sources import dwo
from raincast.sources.cells import TRACE_MM
from tests.dwo_files import PREAMBLE, ROWS, written
from tests.dwo_read import NAME, read


def test_a_calm_gust_is_a_speed_too():
    assert read(rows=(ROWS[0].replace("NNW,44", "NNW,Calm"),))[
        ["WindGustSpeed", "WindGustDir"]
    ].values.tolist() == [[0.0, None]]


def changed(line: int, old: str, new: str) -> dict[str, tuple[str, ...]]:
    assert old in ROWS[line]
    return {"rows": (*ROWS[:line], ROWS[line].replace(old, new), *ROWS[line + 1 :])}


BAD_CELLS = [
    # what is wrong                         the change              line  field            found
    # expected
    (
        "garbled number",
        changed(0, "18.2", "18.2%"),
        8,
        "MaxTemp",
        "18.2%",
        "a number from -20 to 55 °C",
    ),
    ("comma for a point", changed(0, "18.2", '"18,2"'), 8, "MaxTemp", "18,2", "a number"),
    ("number cut off", changed(2, "20.5", "20."), 10, "Temp3pm", "20.", "a number"),
    (
        "colder than can be",
        changed(2, ",0,21", ",-31,21"),
        10,
        "MinTemp",
        "-31",
        "a number from -30 to 45 °C",
    ),
    ("negative rain", changed(1, "12.6", "-0.2"), 9, "Rainfall", "-0.2", "from 0 to"),
    ("humid beyond measure", changed(0, "88", "101"), 8, "Humidity9am", "101", "from 0 to 100 %"),
    ("calm rain", changed(1, "12.6", "Calm"), 9, "Rainfall", "Calm", "a number"),
    ("point unknown", changed(0, "NNW", "NNNW"), 8, "WindGustDir", "NNNW", "a compass point"),
    (
        "date unknown",
        changed(1, "2024-05-2", "2024-05-32"),
        9,
        "Date",
        "2024-05-32",
        "a date of 2024-05",
    ),
    (
        "date the other way",
        changed(1, "2024-05-2", "2/05/2024"),
        9,
        "Date",
        "2/05/2024",
        "such as 2024-05-1",
    ),
    (
        "another month",
        changed(1, "2024-05-2", "2024-06-2"),
        9,
        "Date",
        "2024-06-2",
        "a date of 2024-05",
    ),
    (
        "date twice",
        changed(1, "2024-05-2", "2024-05-01"),
        9,
        "Date",
        "2024-05-01",
        "line 8 has it too",
    ),
    (
        "row cut off",
        changed(2, ",20.5,40,, ,Calm,", ""),
        10,
        None,
        ROWS[2][:37],
        "22 fields, not 16",
    ),
    (
        "field too many",
        changed(1, "12.6", "12,6"),
        9,
        None,
        ROWS[1].replace(".6", ",6", 1)[:60],
        "22 fields, not 23",
    ),
]


@pytest.mark.parametrize(
    ("parts", "line", "field", "found", "expected"),
    [case[1:] for case in BAD_CELLS],
    ids=[c[0] for c in BAD_CELLS],
)
def test_nonsense_is_set_aside_with_its_place_and_costs_nothing_else(
    parts, line, field, found, expected
):
    assert len(PREAMBLE) + 1 + 1 == 8, "the first row's line"
    file = dwo.parse(written(**parts), NAME)
    said = next(remark for remark in file.set_aside if remark.line == line)
    assert said.field == field
    assert said.found.startswith(found[:20])
    assert expected in said.expected
    assert f"line {line}" in str(said)
    whole = dwo.parse(written(), NAME)
    for i, other in enumerate(whole.lines):
        if other in {remark.line for remark in file.set_aside if remark.field in (None, "Date")}:
            assert other not in file.lines
            continue
        row = file.frame.iloc[file.lines.index(other)]
        same = row.isna() & whole.frame.iloc[i].isna() | (row == whole.frame.iloc[i])
        assert set(same.index[~same]) <= ({field} if other == line else set())


READ_CELLS = [
    ("trace", changed(1, "12.6", "Trace"), "Rainfall", 1, 0.05, True),
    ("trace, with a full stop", changed(1, "12.6", "tr."), "Rainfall", 1, 0.05, True),
    ("trace, the Bureau's way", changed(1, "12.6", "Tce"), "Rainfall", 1, 0.05, True),
    ("a quality mark", changed(1, "12.6", " 0.2*"), "Rainfall", 1, 0.2, True),
    ("a mark apart", changed(0, "18.2", "18.2 #"), "MaxTemp", 0, 18.2, True),
    ("a dash", changed(1, "12.6", "-"), "Rainfall", 1, np.nan, False),
    ("saved again by pandas", changed(1, "12.6", "nan"), "Rainfall", 1, np.nan, False),
    ("saved again by R", changed(1, "12.6", "NA"), "Rainfall", 1, np.nan, False),
    ("a feed's missing", changed(1, "12.6", "-9999.0"), "Rainfall", 1, np.nan, False),
    ("calm in small letters", changed(1, "Calm", "calm"), "WindSpeed9am", 1, 0.0, False),
]


@pytest.mark.parametrize(
    ("parts", "field", "row", "value", "told"),
    [case[1:] for case in READ_CELLS],
    ids=[case[0] for case in READ_CELLS],
)
def test_a_value_in_other_words_is_read_and_said(parts, field, row, value, told):
    file = dwo.parse(written(**parts), NAME)
    assert file.set_aside == ()
    assert file.frame[field][row] == pytest.approx(value, nan_ok=True)
    assert [remark.field for remark in file.read_as] == ([field] if told else [])
    if told:
        assert file.read_as[0].expected == f"read as {value:g}"


def test_a_trace_is_rain_and_no_event():
    assert 0 < TRACE_MM <= event.DEFAULT.threshold_mm
    assert not event.DEFAULT.occurred(TRACE_MM)


def test_a_row_with_many_faults_is_set_aside_whole():
    cells = ROWS[0].split(",")
    shifted = ",".join([cells[0], cells[1], "", *cells[2:-1]])
    file = dwo.parse(written(rows=(shifted, *ROWS[1:])), NAME)
    assert file.lines == (9, 10)
    (said,) = file.set_aside
    assert (said.line, said.field) == (8, None)
    assert "damaged or shifted" in said.expected


def test_a_file_of_which_no_row_can_be_read_is_refused():
    with pytest.raises(BadFile, match=r"line 8: found .*22 fields, not 2"):
        read(rows=("2024-05-1,x",))
