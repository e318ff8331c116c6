"""The step that scores: the whole journal against what has been observed by now.

Every run scores every row again, so truth that comes late or is corrected is taken up, and
repeating a run changes nothing. The scored journal is written first, the report on it last.
"""

import logging
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadInput
from raincast.forecasts import origin, reader
from raincast.forecasts.reader import Reading
from raincast.loop import journal_events
from raincast.loop.batch import IngestReport
from raincast.loop.ingest import ingest_bureau
from raincast.observations import panel
from raincast.observations.network import find, in_force
from raincast.observations.panel import Panel
from raincast.observations.schema import OBSERVATIONS
from raincast.settings import Settings
from raincast.store import files, journal, stores
from raincast.store.archive import Archive
from raincast.verification import compact, live_report
from raincast.verification.records import LiveReport

_log = logging.getLogger(__name__)

SEED = 49
"""Of the intervals: the same rows give the same report."""


BUREAU_KEEPS = timedelta(days=14 * 31)
"""How far back the Bureau's files go: about 14 months."""


def observed(archive: Archive) -> Panel:
    """All that the archive knows to date, from the day before its first on; no days where it knows
    nothing.
    """
    frame = archive.as_known_at()
    if frame.empty:
        shape = (0, len(in_force().stations))
        return Panel(
            date.min, np.empty((*shape, len(OBSERVATIONS)), np.float32), np.empty(shape, np.bool_)
        )
    return panel.from_frame(
        frame, frame["Date"].min().date() - timedelta(days=1), frame["Date"].max().date()
    )


def score(settings: Settings) -> LiveReport:
    """Scores the journal; writes `outputs/preds_api_scored.csv` and `metrics/live_eval.json`.

    Returns:
        The live report (see `live.report`) with `unreadable_rows`, the journal's lines that could
        not be read.

    Raises:
        BadInput: the journal has lines, and none of them can be read.
    """
    truth = observed(stores.of(settings).archive())
    scored = _scored(settings, truth)
    rows, rng = scored.rows, np.random.default_rng(SEED)
    report = live_report.report(
        rows, _reference(rows, truth), settings.live_window, settings.min_wet_days, rng
    )
    report = report.model_copy(update={"unreadable_rows": len(scored.unreadable)})
    files.write_json(settings.live_eval, report.to_json())
    return report


def _scored(settings: Settings, truth: Panel) -> Reading:
    """Writes the scored journal; what the report needs of it (`compact`), and what of the journal
    could not be read.
    """
    held, found = stores.of(settings), []
    book, versions, joined = held.journal(), set[object](), live_report.joining(truth)
    with held.scored().writing() as put:
        for piece in book.pieces():
            reading = piece.reading()
            versions |= set(reading.rows["model_version"].unique())
            rows = joined(reading.rows)
            put(rows)
            found.append(reading._replace(rows=compact.rows(rows)))
        whole = reader.together(found)
        _require_readable(book.name, whole)
        journal_events.require_one(settings, versions, str(settings.journal))
    return whole


def _require_readable(name: str, reading: Reading) -> None:
    """Warns of what cannot be read; a journal of which nothing can be is not an empty one."""
    if len(reading.unreadable):
        said = journal.unreadable(name, reading)
        if not len(reading.rows):
            raise BadInput(f"{said}; expected a journal of which any row can be read")
        _log.warning("%s", said)


def _reference(rows: pd.DataFrame, truth: Panel) -> npt.NDArray[np.float64]:
    """See `live_report.reference`; a caller's early date must not move the loop's reference."""
    counted = origin.counted(rows).to_numpy()
    found = np.full(len(rows), np.nan)
    for chosen in (counted, ~counted):
        found[chosen] = live_report.reference(rows[chosen], truth)
    return found


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
