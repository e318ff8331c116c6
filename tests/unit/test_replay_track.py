"""What a replay keeps of its forecasts in memory is enough for the report that decides."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from raincast.forecasts import basis, reader
from raincast.forecasts.row import COLUMNS, lines
from raincast.learning import climatology
from raincast.observations.network import in_force
from raincast.observations.panel import RAINFALL, Panel
from raincast.observations.schema import OBSERVATIONS
from raincast.replay.walk.track import Track, of_journal, rows_of
from tests.journals import FORECAST

FIRST, DAYS = date(2016, 3, 1), 12


def journal() -> pd.DataFrame:
    """One forecast a day of Sydney, at half a chance and warned of."""
    day = pd.date_range(FIRST, periods=DAYS - 2)
    issued = (day + pd.Timedelta(hours=6)).tz_localize("UTC")
    said = {"location": "Sydney", "rain_probability": 0.5, "predicted_rain": 1, "regime": "3pm"}
    moments = {"logged_at_utc": issued, "issued_at_utc": issued}
    days = {"feature_date": day, "target_date": day + pd.Timedelta(days=1)}
    return pd.DataFrame(moments | days).assign(**said, basis=basis.TODAY)


def weather() -> Panel:
    """Every second day is wet at Sydney; nobody else reports."""
    shape = (DAYS, len(in_force()))
    values = np.full((*shape, len(OBSERVATIONS)), np.nan, np.float32)
    seen = np.zeros(shape, bool)
    sydney = in_force().index["Sydney"]
    values[:, sydney, RAINFALL] = np.arange(DAYS) % 2 * 5
    seen[:, sydney] = True
    return Panel(FIRST, values, seen)


def test_its_rows_are_counted_as_the_loops_own() -> None:
    table = climatology.fit(
        np.zeros(2), np.array([FIRST] * 2, "datetime64[D]"), np.array([0, 1]), in_force()
    )
    track = Track(FIRST, DAYS, table)
    track.add(of_journal(journal()))
    track.join(weather())
    report = track.report(window=200, wet_days=1)
    assert report.scored_rows == DAYS - 2
    assert report.recall_live == 1.0
    assert report.precision_live == 0.5


SYDNEY = in_force().index["Sydney"]


def told(rain: list[float | None], first: date = FIRST, station: int = SYDNEY) -> Panel:
    """A panel of one station's readings from a day on; None where nothing was read."""
    values = np.full((len(rain), len(in_force()), len(OBSERVATIONS)), np.nan, np.float32)
    values[:, station, RAINFALL] = [np.nan if mm is None else mm for mm in rain]
    seen = np.zeros((len(rain), len(in_force())), bool)
    seen[:, station] = True
    return Panel(first, values, seen)


def track(days: int = DAYS, kept_days: int = 60) -> Track:
    nobody = climatology.fit(np.zeros(1), np.array([FIRST], "datetime64[D]"), np.array([SYDNEY]))
    return Track(FIRST, days, nobody, kept_days)


def of_days(*day: int, location: str = "Sydney") -> pd.DataFrame:
    """Forecasts on the rows of those days."""
    rows = journal().iloc[[0] * len(day)].reset_index(drop=True).assign(location=location)
    shift = pd.Series(pd.to_timedelta(day, "D"))
    names = ["feature_date", "target_date", "issued_at_utc", "logged_at_utc"]
    return of_journal(rows.assign(**{name: rows[name] + shift for name in names}))


def test_new_are_station_days_with_truth_after_the_cutoff_once_each() -> None:
    mine = track()
    mine.add(pd.concat([of_days(0, 1, 1, 3), of_days(1, location="Cairns")]))
    assert (mine.new_rows(FIRST - timedelta(days=9)), mine.newest_labelled()) == (0, None)
    mine.join(told([0.0, 5.0, 0.0, 0.0, None]))  # of day 3's forecast nothing was read
    assert mine.newest_labelled() == FIRST + timedelta(days=1)
    counted = [mine.new_rows(FIRST + timedelta(days=i)) for i in (-9, -1, 0, 1, 40)]
    assert counted == [2, 2, 1, 0, 0]


def test_truth_that_is_taken_back_counts_no_more_and_the_report_is_made_anew() -> None:
    mine = track()
    mine.add(of_days(0, 1))
    mine.join(told([0.0, 5.0, 5.0]))
    before = mine.report(window=200, wet_days=1)
    assert (before.scored_rows, before.positives_true) == (2, 2)
    mine.join(told([0.0, 5.0, 0.0]))  # the Bureau corrects the second reading
    assert mine.report(window=200, wet_days=1).positives_true == 1
    mine.join(told([0.0, 5.0, None]))  # and takes it back
    after = mine.report(window=200, wet_days=1)
    assert (after.scored_rows, mine.new_rows(FIRST - timedelta(days=1))) == (1, 1)


def test_without_news_the_report_is_the_one_that_was_made() -> None:
    mine = track()
    mine.add(of_days(0, 1))
    mine.join(told([0.0, 5.0, 5.0]))
    report = mine.report(window=200, wet_days=1)
    mine.add(of_days(2))
    mine.join(told([0.0, 5.0, 5.0]))
    assert mine.report(window=200, wet_days=1) is report


def test_what_lies_before_the_panel_keeps_its_truth() -> None:
    """The archive is read from the month before on; older truth is not asked for again."""
    mine = track()
    mine.add(of_days(0, 1, 4))
    mine.join(told([0.0, 5.0, 5.0]))
    mine.join(told([0.0, 0.0, 0.0], first=FIRST + timedelta(days=3)))
    assert mine.rows["y_true"].tolist() == [1.0, 1.0, 0.0]
    assert mine.rows["truth_available"].all()
    assert mine.new_rows(FIRST - timedelta(days=1)) == 3


def test_rows_that_have_grown_old_are_let_go_but_were_counted() -> None:
    mine = track(days=40, kept_days=10)
    mine.add(of_days(0, 1))
    mine.join(told([0.0, 5.0, 5.0]))
    mine.add(of_days(11))
    assert mine.rows["feature_date"].dt.day.tolist() == [2, 12]  # ten days lie between the two
    mine.add(of_days(30))
    assert len(mine.rows) == 1
    assert mine.new_rows(FIRST - timedelta(days=1)) == 2


def test_a_decision_looks_at_sixty_days_even_if_more_are_kept() -> None:
    mine = track(days=90, kept_days=90)
    mine.add(of_days(0, 1, 61))
    mine.join(told([5.0] * 63))
    assert len(mine.rows) == 3
    report = mine.report(window=200, wet_days=1)
    assert report.scored_rows == 2  # target days 2 and 62
    assert report.first_target_date == str(FIRST + timedelta(days=2))


def test_the_columns_of_a_forecast_are_those_of_its_row_in_the_journal() -> None:
    made = [FORECAST, FORECAST._replace(location="Cairns", regime="9am")]
    text = ",".join(COLUMNS).encode() + b"\n" + lines(made)
    pd.testing.assert_frame_equal(rows_of(made), of_journal(reader.parse(text).rows))
    none = rows_of([])
    assert (len(none), list(none)) == (0, list(rows_of(made)))
