"""Which rows are new, what a set consumes, and a watermark that never loses a row."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast.decisions import watermark as dataset
from raincast.decisions.watermark import Watermark
from raincast.errors import BadFile
from raincast.observations import frame

FIRST = date(2026, 2, 1)
NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


def day(i: int) -> date:
    return FIRST + timedelta(days=i)


def scored(rows: list[tuple[str, int, bool]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["location", "feature_date", "truth_available"])
    days = pd.to_datetime([day(i) for i in frame["feature_date"]]).astype("datetime64[s]")
    return frame.assign(feature_date=days, truth_available=frame["truth_available"].astype(bool))


def mark(last: int, live_rows: int | None = 0) -> Watermark:
    return Watermark(
        last_feature_date=day(last),
        consumed_rows=7,
        updated_at_utc=NOW,
        run_id="run",
        live_rows=live_rows,
    )


journals = st.lists(
    st.tuples(st.sampled_from(["Albury", "Cairns", "Perth"]), st.integers(0, 12), st.booleans()),
    max_size=40,
)
days = st.none() | st.integers(-2, 14)


def count(rows: list[tuple[str, int, bool]], after: int | None) -> int:
    return len({(place, i) for place, i, told in rows if told and (after is None or i > after)})


@given(journals, days, days)
def test_new_rows_are_the_different_station_days_with_truth_after_the_cutoff(
    rows, history_end, last
):
    end, watermark = (
        None if history_end is None else day(history_end),
        None if last is None else mark(last),
    )
    cutoff = dataset.cutoff(end, watermark)
    after = max((i for i in (history_end, last) if i is not None), default=None)
    assert cutoff == (None if after is None else day(after))
    found = dataset.new_rows(scored(rows), cutoff)
    assert len(found) == count(rows, after)
    assert not found.duplicated().any()


@given(journals, journals)
def test_a_forecast_made_again_is_no_new_row(rows, order):
    again = scored(rows + rows[::-1])
    assert len(dataset.new_rows(again, day(3))) == len(dataset.new_rows(scored(rows), day(3)))


@given(journals, st.integers(-2, 12), journals)
def test_what_a_retraining_consumed_is_not_new_again_and_nothing_else_is_lost(
    before, history_end, arrived
):
    """Rows that arrive while a retraining runs are new or late afterwards: none is forgotten."""
    consumed = dataset.consumption(scored(before), day(history_end), None)
    watermark = dataset.marked(None, consumed, NOW, "run")
    assert len(dataset.new_rows(scored(before), dataset.cutoff(day(history_end), watermark))) == 0
    assert dataset.late_rows(scored(before), day(history_end), watermark) == 0

    now = scored(before + arrived)
    new = len(dataset.new_rows(now, dataset.cutoff(day(history_end), watermark)))
    late = dataset.late_rows(now, day(history_end), watermark)
    assert new + late == count(before + arrived, history_end) - count(before, history_end)


@given(journals, st.integers(-2, 12), journals)
def test_marking_again_changes_nothing(rows, history_end, more):
    consumed = dataset.consumption(scored(rows), day(history_end), None)
    first = dataset.marked(None, consumed, NOW, "first")
    assert dataset.marked(first, consumed, NOW + timedelta(hours=1), "again") == first
    later = dataset.marked(
        first, dataset.consumption(scored(rows + more), day(history_end), first), NOW, "later"
    )
    assert later.last_feature_date >= first.last_feature_date
    assert dataset.marked(later, consumed, NOW, "the first, once more") == later


def test_the_next_set_takes_up_the_late_rows():
    early, late = [("Albury", 1, True), ("Albury", 2, True)], [("Perth", 1, True)]
    watermark = dataset.marked(None, dataset.consumption(scored(early), day(0), None), NOW, "run")
    consumed = dataset.consumption(scored(early + late), day(0), watermark)
    assert (consumed.new_rows, consumed.late_rows, consumed.live_rows) == (0, 1, 3)
    after = dataset.marked(watermark, consumed, NOW, "next")
    assert dataset.late_rows(scored(early + late), day(0), after) == 0
    assert (after.last_feature_date, after.run_id) == (watermark.last_feature_date, "run")


def test_a_set_without_live_rows_consumes_up_to_the_history():
    consumed = dataset.consumption(scored([]), day(5), None)
    assert consumed.last_feature_date == day(5)
    assert dataset.marked(None, consumed, NOW, "run").consumed_rows == 0


def test_late_rows_are_not_made_up_for_a_watermark_that_does_not_count_them():
    assert dataset.late_rows(scored([("Perth", 1, True)]), day(0), mark(4, None)) is None


def test_the_watermark_as_json_and_back():
    found = mark(3, 12)
    assert Watermark.from_json(found.to_json(), "w.json") == found
    assert found.to_json()["last_feature_date"] == "2026-02-04"


def test_a_watermark_written_elsewhere_is_read():
    keys = {
        "last_feature_date": "2026-02-18",
        "consumed_rows": 80,
        "updated_at_utc": "2026-02-19T06:00:00",
        "run_id": "x",
    }
    found = Watermark.from_json(keys, "w.json")
    assert (found.last_feature_date, found.live_rows) == (date(2026, 2, 18), None)
    assert found.updated_at_utc == datetime(2026, 2, 19, 6, tzinfo=UTC)
    assert found.to_json() == keys | {"updated_at_utc": "2026-02-19T06:00:00+00:00"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_feature_date", "18/02/2026"),
        ("consumed_rows", None),
        ("updated_at_utc", "?"),
        ("consumed", 7),
    ],
)
def test_a_spoiled_watermark_is_refused(field, value):
    with pytest.raises(BadFile, match=f"w.json, field '{field}': found {value!r}"):
        Watermark.from_json(mark(3).to_json() | {field: value}, "w.json")


def test_a_set_adds_what_the_history_lacks_and_has_truth_for():
    places, dates = (
        ["Albury", "Albury", "Cairns", "Perth"],
        pd.to_datetime([day(1), day(2), day(1), day(1)]),
    )
    observations = frame.conform(pd.DataFrame({"Location": places, "Date": dates}))
    asked = scored(
        [("Albury", 1, True), ("Albury", 2, True), ("Cairns", 1, True), ("Hobart", 1, True)]
    )
    wanted = dataset.beyond(dataset.labelled(asked), observations[:1])
    assert wanted["location"].tolist() == ["Cairns", "Hobart", "Albury"]
    added = dataset.to_add(observations, np.array([1, 0, np.nan, 1]), wanted)
    assert added.tolist() == [False, True, False, False]
