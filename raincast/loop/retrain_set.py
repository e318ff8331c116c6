"""The step before a search: the retraining set; and the step after it: the watermark.

The set is written, then what it consumes is recorded beside it; the watermark moves last, by that
record. So a crash anywhere repeats work, and a row that arrives in between stays new.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.decisions import watermark
from raincast.decisions.watermark import RetrainingSet, Watermark
from raincast.errors import BadFile, NotEnoughData
from raincast.observations import network, panel
from raincast.settings import Settings
from raincast.sources import history, local
from raincast.store import files, prepared, stores
from raincast.store.locks import locked

BEFORE_DAYS = 60
"""How far before the first live row observations are looked at: a gap in the readings marks what
follows it.
"""


PATIENCE_SECONDS = 600.0
"""How long to wait for another that builds the set, which takes half a minute."""


LastDay = Callable[[Settings], date | None]


def _all(_: Settings) -> None:
    """Where nobody searches."""


def history_file(settings: Settings) -> Path | None:
    """The prepared history, else the raw one, else None."""
    return next((path for path in (settings.prepared, settings.raw_history) if path.exists()), None)


def history_end(settings: Settings) -> date | None:
    """The last date of the history; None where there is no history.

    Raises:
        BadFile: the file has no column of dates.
    """
    path = history_file(settings)
    if path is None:
        return None
    laid = prepared.read(settings.prepared_meta) if path == settings.prepared else None
    return laid.last_date if laid else _last_date(path)


def _last_date(path: Path) -> date | None:
    try:
        days = pd.to_datetime(pd.read_csv(path, usecols=["Date"])["Date"])
    except ValueError as error:
        raise BadFile(str(path), str(error), "the historical file", field="Date") from error
    return days.max().date() if len(days) else None


def read_watermark(settings: Settings) -> Watermark | None:
    """The watermark, or None before the first retraining.

    Raises:
        BadFile: the file does not hold one.
    """
    value = files.read_json(settings.watermark)
    try:
        return None if value is None else Watermark.from_json(value, str(settings.watermark))
    except BadFile as error:
        expected = f"{error.expected}; mend it, or delete it, and every live row counts as new"
        raise BadFile(error.file, error.found, expected, field=error.field) from error


def build_for(settings: Settings, run_id: str, searched_to: LastDay = _all) -> RetrainingSet:
    """`build`, once for a run: whoever of the run asks again gets the same set, whatever has been
    scored since.

    Args:
        run_id: of the tuning run; kept in the metadata.
    """
    with locked(settings.retrain_dataset, PATIENCE_SECONDS):
        built = _read_meta(settings)
        whole = built and built.run_id == run_id
        if built and whole and built.content_sha256 == content_sha256(settings):
            return built
        return build(settings, run_id, searched_to)


def content_sha256(settings: Settings) -> str | None:
    """Of the set as it lies there; None if missing."""
    path = settings.retrain_dataset
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def build(
    settings: Settings, run_id: str | None = None, searched_to: LastDay = _all
) -> RetrainingSet:
    """Writes the retraining set and its metadata. The same inputs give the same bytes.

    The set is the history, followed by every live station-day with truth that the history does not
    have. Its observations are the archive's, as they are known to date; of a forecast nothing but
    the station-day is used.

    Args:
        searched_to: tells, once the set is written, what its metadata name so.

    Raises:
        NotEnoughData: there is no history.
        BadFile: the history or the scored journal is not as expected.
    """
    old, labels = _history(settings)
    live = stores.of(settings).scored().station_days()
    consumed = watermark.consumption(live, old["Date"].max().date(), read_watermark(settings))
    wanted = watermark.beyond(watermark.labelled(live), old)
    new = _rebuilt(settings, wanted)
    rows = pd.concat([history.to_historical(old, labels), new], ignore_index=True)
    files.write_csv(settings.retrain_dataset, rows)
    built = RetrainingSet(
        **dict(consumed),
        historical_rows=len(old),
        added_rows=len(new),
        total_rows=len(rows),
        left_out_rows=len(wanted) - len(new),
        first_date=rows["Date"].min().date(),
        last_date=rows["Date"].max().date(),
        content_sha256=content_sha256(settings) or "",
        event=network.in_force().event.statement,
        searched_to=searched_to(settings),
        **({"run_id": run_id} if run_id else {}),
    )
    files.write_json(settings.retrain_meta, built.to_json())
    return built


def _history(settings: Settings) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    path = history_file(settings)
    if path is None:
        remedy = "`make data` fetches it, `raincast prepare` prepares it"
        raise NotEnoughData(
            f"no history: expected {settings.prepared} or {settings.raw_history}; {remedy}"
        )
    laid = prepared.read(settings.prepared_meta) if path == settings.prepared else None
    network.require_event(laid.event if laid else None, str(path), "run `raincast prepare`")
    event = network.in_force().event
    told = history.read(local.content(path), str(path), event)
    return told.frame, told.labels


def _rebuilt(settings: Settings, wanted: pd.DataFrame) -> pd.DataFrame:
    """The wanted station-days in the historical form, by date and station."""
    first = wanted["feature_date"].min() if len(wanted) else pd.Timestamp.max
    known = (
        stores.of(settings)
        .archive()
        .as_known_at(first=(first - pd.Timedelta(days=BEFORE_DAYS)).date())
    )
    if known.empty or wanted.empty:
        return history.to_historical(known, np.zeros(0))
    observed = panel.from_frame(known)
    truth = observed.of_rows(observed.truth(), known)
    chosen = watermark.to_add(known, truth, wanted)
    return history.to_historical(known[chosen], truth[chosen]).sort_values(["Date", "Location"])


def _read_meta(settings: Settings) -> RetrainingSet | None:
    value = files.read_json(settings.retrain_meta)
    return RetrainingSet.from_json(value, str(settings.retrain_meta)) if value else None


def read_meta(settings: Settings) -> RetrainingSet:
    """The metadata of the retraining set as it was last built.

    Raises:
        BadFile: it was not built yet, or the file does not hold it.
    """
    built = _read_meta(settings)
    if not built:
        expected = (
            "the metadata of a retraining set; `raincast tune` writes it and searches on it,"
            " `python -m src.retrain_dataset_builder` only writes it"
        )
        raise BadFile(str(settings.retrain_meta), "nothing", expected)
    return built


def mark_consumed(
    settings: Settings, built: RetrainingSet, run_id: str, now: datetime
) -> Watermark:
    """Moves the watermark over the rows that a finished retraining had; the last write of a tuning
    run.

    Args:
        built: the metadata of the set that it was fitted on, as `build` returned it then.
    """
    before = read_watermark(settings)
    mark = watermark.marked(before, built, now, run_id)
    if mark != before:
        files.write_json(settings.watermark, mark.to_json())
    return mark
