"""What a retraining learns from: the history and the live station-days with truth, and which of
those are new.

A station-day is (`location`, `feature_date`). A scored frame (see `live_report`) has at least these
two, the date as datetime64, and `truth_available`. A feature date is consumed once a retraining
that had its rows is over; the watermark says up to which date that is. New is what lies strictly
after both the history and the watermark. Truth that comes later for a consumed date is late: the
next set has it, but it does not count towards starting one.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import AfterValidator, PlainSerializer

from raincast.documents import Document
from raincast.observations.schema import KEY

STATION_DAY = ("location", "feature_date")


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=moment.tzinfo or UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc), PlainSerializer(datetime.isoformat)]


class Watermark(Document):
    """`metrics/retrain_watermark.json`: how far the live rows have been consumed.

    Attributes:
        last_feature_date: the newest feature date that is consumed.
        consumed_rows: the rows that were new to the retraining which moved it there.
        updated_at_utc: when it was moved; a time without a zone is UTC.
        run_id: the run that moved it.
        live_rows: every live station-day after the history that the newest set had; None when that
            was not recorded.
    """

    last_feature_date: date
    consumed_rows: int
    updated_at_utc: Moment
    run_id: str
    live_rows: int | None = None


class Consumption(Document):
    """What a retraining on a set consumes, recorded when the set was made.

    Attributes:
        cutoff_date: up to where nothing was new.
        new_rows: live station-days with truth after it; `late_rows` up to it, in no set yet (see
            `late_rows`); `live_rows` after the history.
        last_feature_date: the newest of them all.
    """

    cutoff_date: date
    new_rows: int
    late_rows: int | None
    live_rows: int
    last_feature_date: date


class RetrainingSet(Consumption):
    """The metadata of a retraining set: what it holds, and what it consumes.

    Attributes:
        left_out_rows: live station-days of which the archive has no truth by now.
        content_sha256: of the set's file.
        run_id: of the tuning run that it was built for, if one was named.
        event: of the labels, in words.
        searched_to: the last feature date that a search on it may judge parameters by, since models
            are compared on what comes after; None where it may have all.
    """

    historical_rows: int
    added_rows: int
    total_rows: int
    left_out_rows: int
    first_date: date
    last_date: date
    content_sha256: str
    run_id: str | None = None
    event: str | None = None
    searched_to: date | None = None


def cutoff(history_end: date | None, mark: Watermark | None) -> date | None:
    """The feature date up to which nothing is new: the later of the history's last date and the
    watermark's.
    """
    return max((day for day in (history_end, mark and mark.last_feature_date) if day), default=None)


def labelled(scored: pd.DataFrame) -> pd.DataFrame:
    """The station-days with truth, once each, by date and station."""
    told = scored.loc[scored["truth_available"], list(STATION_DAY)].drop_duplicates()
    return told.sort_values(["feature_date", "location"], ignore_index=True)


def after(station_days: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """Those whose feature date is strictly after the day; all if it is None."""
    return (
        station_days
        if day is None
        else station_days[station_days["feature_date"] > pd.Timestamp(day)]
    )


def new_rows(scored: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """The station-days with truth after the cutoff, once each: what
    `new_rows_for_retrain` counts.
    """
    return after(labelled(scored), day)


def late_rows(scored: pd.DataFrame, history_end: date | None, mark: Watermark | None) -> int | None:
    """Station-days with truth after the history, in no set yet though their date is consumed; a
    lower bound.

    It compares counts, so it is too low where truth has been withdrawn meanwhile or the history has
    grown over some of
    the consumed dates. None where the watermark does not say how many there were.
    """
    if mark is None:
        return 0
    live = after(labelled(scored), history_end)
    consumed = len(live) - len(after(live, mark.last_feature_date))
    return None if mark.live_rows is None else max(0, consumed - mark.live_rows)


def _keys(frame: pd.DataFrame, names: Sequence[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[list(names)])


def beyond(station_days: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """The station-days that the history, an observations frame, does not have."""
    return station_days[~_keys(station_days, STATION_DAY).isin(_keys(history, KEY))]


def to_add(
    observations: pd.DataFrame, truth: npt.NDArray[Any], station_days: pd.DataFrame
) -> npt.NDArray[np.bool_]:
    """(n,) which of n observations a retraining set adds: those asked for whose `truth` (n,) is not
    NaN.
    """
    asked = _keys(observations, KEY).isin(_keys(station_days, STATION_DAY))
    return np.asarray(asked & ~np.isnan(truth))


def consumption(scored: pd.DataFrame, history_end: date, mark: Watermark | None) -> Consumption:
    """What a retraining on a set made now consumes."""
    day = cutoff(history_end, mark) or history_end
    live, new = after(labelled(scored), history_end), new_rows(scored, day)
    return Consumption(
        cutoff_date=day,
        new_rows=len(new),
        late_rows=late_rows(scored, history_end, mark),
        live_rows=len(live),
        last_feature_date=new["feature_date"].max().date() if len(new) else day,
    )


def marked(mark: Watermark | None, consumed: Consumption, now: datetime, run_id: str) -> Watermark:
    """The watermark after a retraining, given what its set consumed.

    It never goes back, and marking the same set again changes nothing. A set without new rows moves
    no date, but the late rows that it had are late no more.
    """
    last, live = consumed.last_feature_date, consumed.live_rows
    if mark and last <= mark.last_feature_date:
        return mark.model_copy(update={"live_rows": max(mark.live_rows or 0, live)})
    return Watermark(
        last_feature_date=last,
        consumed_rows=consumed.new_rows,
        updated_at_utc=now,
        run_id=run_id,
        live_rows=live,
    )
