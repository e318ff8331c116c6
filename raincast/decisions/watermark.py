"""What a retraining learns from: the history and the live station-days with truth, and which of
those are new.

A station-day is (`location`, `feature_date`). A scored frame (see `live`) has at least these two,
the date as datetime64, and `truth_available`. A feature date is consumed once a retraining that had
its rows is over; the watermark says up to which date that is. New is what lies strictly after both
the history and the watermark. Truth that
comes later for a consumed date is late: the next set has it, but it does not count towards starting
one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadInput
from raincast.observations.schema import KEY

STATION_DAY = ("location", "feature_date")


@dataclass(frozen=True)
class Watermark:
    """How far the live rows have been consumed.

    Attributes:
        last_feature_date: the newest feature date that is consumed.
        consumed_rows: the rows that were new to the retraining which moved it there.
        updated_at_utc: when it was moved (aware).
        run_id: the run that moved it.
        live_rows: every live station-day after the history that the newest set had; None when that
            was not recorded.
    """

    last_feature_date: date
    consumed_rows: int
    updated_at_utc: datetime
    run_id: str
    live_rows: int | None

    def as_json(self) -> dict[str, Any]:
        text = {
            "last_feature_date": str(self.last_feature_date),
            "updated_at_utc": self.updated_at_utc.isoformat(),
        }
        return asdict(self) | text


def watermark(value: Mapping[str, Any]) -> Watermark:
    """The watermark that a JSON object says. A time without a zone is UTC.

    Raises:
        BadInput: a key is missing or not as expected.
    """
    try:
        last, consumed = date.fromisoformat(value["last_feature_date"]), int(value["consumed_rows"])
        moved = datetime.fromisoformat(value["updated_at_utc"])
        moved = moved.replace(tzinfo=moved.tzinfo or UTC)
        live = value.get("live_rows")
        return Watermark(
            last, consumed, moved, str(value["run_id"]), None if live is None else int(live)
        )
    except (KeyError, TypeError, ValueError) as error:
        wanted = (
            "last_feature_date (YYYY-MM-DD), consumed_rows, updated_at_utc (ISO 8601) and run_id"
        )
        raise BadInput(f"watermark: found {value!r}, expected {wanted}: {error!r}") from error


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


def consumption(scored: pd.DataFrame, history_end: date, mark: Watermark | None) -> dict[str, Any]:
    """What a retraining on a set made now consumes, for the set's metadata and `marked`.

    Returns:
        `cutoff_date`, `new_rows` after it, `late_rows` up to it, `live_rows` after the history, and
        `last_feature_date`, the newest of them all.
    """
    day = cutoff(history_end, mark)
    live, new = after(labelled(scored), history_end), new_rows(scored, day)
    newest = new["feature_date"].max().date() if len(new) else day
    return {
        "cutoff_date": str(day),
        "new_rows": len(new),
        "late_rows": late_rows(scored, history_end, mark),
        "live_rows": len(live),
        "last_feature_date": str(newest),
    }


def marked(
    mark: Watermark | None, consumed: Mapping[str, Any], now: datetime, run_id: str
) -> Watermark:
    """The watermark after a retraining, given what its set consumed as recorded when the set was
    made.

    It never goes back, and marking the same set again changes nothing. A set without new rows moves
    no date, but the
    late rows that it had are late no more.
    """
    last, live = date.fromisoformat(consumed["last_feature_date"]), int(consumed["live_rows"])
    if mark and last <= mark.last_feature_date:
        return replace(mark, live_rows=max(mark.live_rows or 0, live))
    return Watermark(last, int(consumed["new_rows"]), now, run_id, live)
