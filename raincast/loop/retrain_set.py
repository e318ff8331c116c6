"""The step before a search: the retraining set; and the step after it: the watermark.

The set is written, then what it consumes is recorded beside it; the watermark moves last, by that
record. So a crash anywhere repeats work, and a row that arrives in between stays new.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.decisions import watermark
from raincast.decisions.watermark import Watermark
from raincast.errors import BadFile, BadInput, NotEnoughData
from raincast.observations import panel
from raincast.settings import Settings
from raincast.sources import history, local
from raincast.store import files, scored
from raincast.store.archive import Archive
from raincast.store.locks import locked

BEFORE_DAYS = 60
"""How far before the first live row observations are looked at: a gap in the readings marks what
follows it.
"""


PATIENCE_SECONDS = 600.0
"""How long to wait for another that builds the set, which takes half a minute."""


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
    meta = files.read_json(settings.prepared_meta) if path == settings.prepared else None
    return date.fromisoformat(meta["last_date"]) if meta else _last_date(path)


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
        return None if value is None else watermark.watermark(value)
    except BadInput as error:
        remedy = "a watermark; mend it, or delete it, and every live row counts as new"
        raise BadFile(str(settings.watermark), str(error), remedy) from error


def build_for(settings: Settings, run_id: str) -> dict[str, Any]:
    """`build`, once for a run: whoever of the run asks again gets the same set, whatever has been
    scored since.

    Args:
        run_id: of the tuning run; kept in the metadata.
    """
    with locked(settings.retrain_dataset, PATIENCE_SECONDS):
        meta = files.read_json(settings.retrain_meta) or {}
        whole = meta.get("run_id") == run_id and meta["content_sha256"] == content_sha256(settings)
        return meta if whole else build(settings, run_id)


def content_sha256(settings: Settings) -> str | None:
    """Of the set as it lies there; None if missing."""
    path = settings.retrain_dataset
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def build(settings: Settings, run_id: str | None = None) -> dict[str, Any]:
    """Writes the retraining set and its metadata. The same inputs give the same bytes.

    The set is the history, followed by every live station-day with truth that the history does not
    have. Its
    observations are the archive's, as they are known to date; of a forecast nothing but the
    station-day is used.

    Returns:
        The metadata: `historical_rows`, `added_rows`, `total_rows`, `left_out_rows` (live, but of
            which the archive
        has no truth by now), `first_date`, `last_date`, `content_sha256`, and what
        `dataset.consumption` says.

    Raises:
        NotEnoughData: there is no history.
        BadFile: the history or the scored journal is not as expected.
    """
    old, labels = _history(settings)
    live = scored.station_days(settings.scored_journal)
    consumed = watermark.consumption(live, old["Date"].max().date(), read_watermark(settings))
    wanted = watermark.beyond(watermark.labelled(live), old)
    new = _rebuilt(settings, wanted)
    rows = pd.concat([history.to_historical(old, labels), new], ignore_index=True)
    files.write_csv(settings.retrain_dataset, rows)
    counts = {"historical_rows": len(old), "added_rows": len(new), "total_rows": len(rows)}
    meta = counts | {"left_out_rows": len(wanted) - len(new)} | _content(settings, rows) | consumed
    meta |= {"run_id": run_id} if run_id else {}
    files.write_json(settings.retrain_meta, meta)
    return meta


def _history(settings: Settings) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    path = history_file(settings)
    if path is None:
        remedy = "`make data` fetches it, `python -m src.data_preparation` prepares it"
        raise NotEnoughData(
            f"no history: expected {settings.prepared} or {settings.raw_history}; {remedy}"
        )
    told = history.read(local.content(path), str(path))
    return told.frame, told.labels


def _rebuilt(settings: Settings, wanted: pd.DataFrame) -> pd.DataFrame:
    """The wanted station-days in the historical form, by date and station."""
    first = wanted["feature_date"].min() if len(wanted) else pd.Timestamp.max
    known = Archive(settings.archive).as_known_at(
        first=(first - pd.Timedelta(days=BEFORE_DAYS)).date()
    )
    if known.empty or wanted.empty:
        return history.to_historical(known, np.zeros(0))
    observed = panel.from_frame(known)
    truth = observed.of_rows(observed.truth(), known)
    chosen = watermark.to_add(known, truth, wanted)
    return history.to_historical(known[chosen], truth[chosen]).sort_values(["Date", "Location"])


def _content(settings: Settings, rows: pd.DataFrame) -> dict[str, Any]:
    first, last = rows["Date"].min().date(), rows["Date"].max().date()
    return {
        "first_date": str(first),
        "last_date": str(last),
        "content_sha256": content_sha256(settings),
    }


def read_meta(settings: Settings) -> dict[str, Any]:
    """The metadata of the retraining set as it was last built.

    Raises:
        BadFile: it was not built yet.
    """
    meta = files.read_json(settings.retrain_meta)
    if not meta:
        expected = (
            "the metadata of a retraining set; `python -m src.retrain_dataset_builder` writes it"
        )
        raise BadFile(str(settings.retrain_meta), "nothing", expected)
    return dict(meta)


def mark_consumed(
    settings: Settings, built: Mapping[str, Any], run_id: str, now: datetime
) -> Watermark:
    """Moves the watermark over the rows that a finished retraining had; the last write of a tuning
    run.

    Args:
        built: the metadata of the set that it was fitted on, as `build` returned it then.
    """
    before = read_watermark(settings)
    mark = watermark.marked(before, built, now, run_id)
    if mark != before:
        files.write_json(settings.watermark, mark.as_json())
    return mark
