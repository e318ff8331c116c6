"""The step that scores: the whole journal against what has been observed by now.

Every run scores every row again, so truth that comes late or is corrected is taken up, and
repeating a run changes nothing. The scored journal is written first, the report on it last.
"""

import logging
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from raincast.errors import BadInput
from raincast.forecasts import origin
from raincast.forecasts.reader import Reading
from raincast.loop import journal_events
from raincast.loop.batch import IngestReport
from raincast.loop.ingest import ingest_bureau
from raincast.observations import panel, rain
from raincast.observations.network import find, in_force
from raincast.observations.rain import Rain
from raincast.settings import Settings
from raincast.store import files, journal, stores
from raincast.store.archive import Archive
from raincast.verification import compact, live_report
from raincast.verification.records import LiveReport

_log = logging.getLogger(__name__)

SEED = 49
"""Of the intervals: the same rows give the same report."""
STATION_DAYS = 1 << 15
"""So many are read from the archive at once. Memory of larger pieces is not all given back."""
BEFORE = timedelta(days=60)
"""How far before them the archive is looked at."""
JOINED = 64
"""Of so many pieces' rows one is made: small columns between large ones leave gaps in memory."""
BUREAU_KEEPS = timedelta(days=14 * 31)
"""How far back the Bureau's files go: about 14 months."""


def observed(archive: Archive) -> Rain:
    """All rain that the archive knows to date, from the day before its first on; no days where it
    knows nothing. Some years at a time are read.
    """
    span = archive.span()
    if span is None:
        return rain.joined([])
    first, last = span[0] - timedelta(days=1), span[1]
    step = max(BEFORE, timedelta(days=STATION_DAYS // len(in_force())))
    begins = [first + i * step for i in range((last - first) // step + 1)]
    return rain.joined(
        _rain(archive, day, min(last, day + step - timedelta(days=1))) for day in begins
    )


def _rain(archive: Archive, first: date, last: date) -> Rain:
    """Of these days; those before tell what a reading of several days is."""
    begin = first - BEFORE
    frame = archive.as_known_at(first=begin, last=last)
    return rain.of(panel.from_frame(frame, begin, last), first)


def score(settings: Settings) -> LiveReport:
    """Scores the journal; writes `outputs/preds_api_scored.csv` and `metrics/live_eval.json`.

    Returns:
        The live report (see `live_report.report`) with `unreadable_rows`, the journal's lines
        that could not be read.

    Raises:
        BadInput: the journal has lines, and none of them can be read.
    """
    truth = observed(stores.of(settings).archive())
    rows, chosen, unreadable = _scored(settings, truth)
    limits, rng = (settings.live_window, settings.min_wet_days), np.random.default_rng(SEED)
    report = live_report.report(rows, chosen, truth, *limits, rng)
    report = report.model_copy(update={"unreadable_rows": unreadable})
    files.write_json(settings.live_eval, report.to_json())
    return report


def _scored(settings: Settings, truth: Rain) -> tuple[compact.Rows, compact.Mask, int]:
    """Writes the scored journal; what the report needs of it, which rows are chosen, and how many
    of the journal's lines could not be read.
    """
    held, found, unreadable = stores.of(settings), list[compact.Rows](), list["pd.Series[str]"]()
    book, versions, joined = held.journal(), set[object](), live_report.joining(truth)
    slot = list["np.typing.NDArray[np.int32]"]()
    with held.scored().writing() as put:
        for piece in book.pieces():
            reading = piece.reading()
            versions |= set(reading.rows["model_version"].unique())
            rows = joined(reading.rows)
            put(rows)
            found.append(compact.rows(rows))
            slot.append(compact.slots(rows))
            if len(found) == JOINED:
                found, slot = [compact.together(found)], [np.concatenate(slot)]
            unreadable.append(reading.unreadable)
        whole = compact.together(found)
        left_out = pd.concat(unreadable)
        _require_readable(book.name, left_out, len(whole.p))
        journal_events.require_one(settings, versions, str(settings.journal))
    return whole, compact.chosen(whole, np.concatenate(slot)), len(left_out)


def _require_readable(name: str, unreadable: "pd.Series[str]", rows: int) -> None:
    """Warns of what cannot be read; a journal of which nothing can be is not an empty one."""
    if len(unreadable):
        said = journal.unreadable(name, Reading(pd.DataFrame(), unreadable))
        if not rows:
            raise BadInput(f"{said}; expected a journal of which any row can be read")
        _log.warning("%s", said)


def fetch_awaited(settings: Settings, now: datetime) -> list[IngestReport]:
    """Asks the Bureau for the months that hold truth the journal waits for, the newest first; one
    report for each.

    A file that cannot be had is an error in its report; after a month with errors no other is asked
    for.

    Args:
        now: aware moment.
    """
    since = (now - BUREAU_KEEPS).date()
    made = (
        stores.of(settings)
        .journal()
        .read(lambda rows: rows[rows["target_date"] >= pd.Timestamp(since)])
    )
    rows = live_report.with_truth(
        made[origin.counted(made)], observed(stores.of(settings).archive())
    )  # what callers make up must not send the loop to the Bureau
    waiting = live_report.awaited(rows, now, since)
    reports: list[IngestReport] = []
    for month, days in sorted(
        waiting.groupby(waiting["target_date"].dt.to_period("M")), reverse=True
    ):
        asked = [find(location) for location in sorted(days["location"].unique())]
        reports.append(ingest_bureau(settings, asked, now, [month.start_time.date()]))
        if reports[-1].errors:
            break
    return reports
