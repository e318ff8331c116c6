"""What the pages show of the journal, the archive and the active model: read, aggregated, kept
until a file changes.

The first page needs no more than this, and this imports no learning library: those take seconds.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from raincast.app.remembered import of_files, of_records
from raincast.errors import NoModel
from raincast.forecasts import overview, request
from raincast.learning.metadata import ModelMetadata
from raincast.observations.availability import REGIMES
from raincast.observations.schema import COLUMNS, FIELDS, OBSERVATIONS
from raincast.settings import REPOSITORY, Settings
from raincast.store import files, model_files, stores

REGIME_SLOTS = {
    "9am": ("9am",),
    "3pm": ("9am", "3pm"),
    "complete": ("9am", "3pm", "midnight", "next9am"),
}


@of_records("journal")
def forecasts(settings: Settings) -> pd.DataFrame:
    """The journal's rows; none where there is no journal."""
    return stores.of(settings).journal().read()


@of_records("journal")
def newest(settings: Settings) -> pd.DataFrame:
    """See `overview.newest`."""
    return overview.newest(forecasts(settings))


@of_records("journal")
def rounds(settings: Settings) -> list[datetime]:
    """See `overview.rounds`."""
    return overview.rounds(forecasts(settings))


@of_records("journal")
def as_of(settings: Settings, moment: datetime) -> pd.DataFrame:
    """See `overview.as_of`."""
    return overview.as_of(forecasts(settings), moment)


@of_records("journal")
def earlier(settings: Settings, moment: datetime) -> pd.DataFrame:
    """See `overview.earlier`, of what is shown as of that moment."""
    return overview.earlier(forecasts(settings), as_of(settings, moment))


@of_records("journal")
def of_station(settings: Settings, location: str) -> pd.DataFrame:
    """See `overview.of_station`."""
    return overview.of_station(forecasts(settings), location)


@of_records("journal")
def made(settings: Settings) -> pd.DataFrame:
    """See `overview.made`."""
    return overview.made(forecasts(settings))


def row_of(settings: Settings, forecast_id: str) -> pd.DataFrame:
    """The journal's row with that id, in the journal's columns; empty where it is not there."""
    rows = forecasts(settings)
    return overview.as_written(rows[rows["forecast_id"] == forecast_id])


@of_records("archive")
def newest_day(settings: Settings) -> date | None:
    """The newest day of which the archive knows something; None where it knows nothing."""
    if not stores.of(settings).has_archive():
        return None
    rows = forecasts(settings)
    hint = rows["feature_date"].max().date() if len(rows) else date.min  # all days take longer
    frame = stores.of(settings).archive().as_known_at(first=hint)
    frame = frame if len(frame) else stores.of(settings).archive().as_known_at()
    return frame["Date"].max().date() if len(frame) else None


@of_records("archive")
def day(settings: Settings, feature_date: date, known_at: datetime | None = None) -> pd.DataFrame:
    """The archive's rows of a day as known at a moment; all to date where None is given."""
    if not stores.of(settings).has_archive():
        return pd.DataFrame(columns=list(COLUMNS))
    return (
        stores.of(settings).archive().as_known_at(known_at, first=feature_date, last=feature_date)
    )


@of_records("archive")
def last_days(settings: Settings, location: str, days: int) -> pd.DataFrame:
    """The archive's rows of a station for so many days up to the newest that it knows of any."""
    last = newest_day(settings)
    if last is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = (
        stores.of(settings).archive().as_known_at(first=last - timedelta(days=days - 1), last=last)
    )
    return rows[rows["Location"] == location]


def observation(row: "pd.Series[Any]", regime: str) -> dict[str, Any]:
    """What a caller who had that row at a regime would send to the API; what is missing is left
    out.
    """
    due = [name for name in OBSERVATIONS if FIELDS[name].slot in REGIME_SLOTS[regime]]
    held = request.values(
        request.row({name: None if pd.isna(row[name]) else row[name] for name in due})
    )
    return {"Date": str(row["Date"].date()), "Location": row["Location"]} | held


def observations(settings: Settings, feature_date: date, regime: str) -> list[dict[str, Any]]:
    """One for each station that the archive has on that day.

    Raises:
        KeyError: no such regime.
    """
    assert regime in REGIMES  # noqa: S101
    rows = day(settings, feature_date)
    return [observation(row, regime) for _, row in rows.iterrows()]


@of_files(lambda s: [s.models / model_files.METADATA])
def active(settings: Settings) -> ModelMetadata | None:
    """The active model's metadata; None where no model is active."""
    try:
        return model_files.read_metadata(settings.models)
    except NoModel:
        return None


def _judged(settings: Settings) -> Sequence[Path]:
    return [settings.metrics / "eval.json", REPOSITORY / "metrics/eval.json"]


@of_files(_judged)
def judged(settings: Settings) -> tuple[dict[str, Any], bool] | None:
    """The test of the model, and whether it is this folder's own; else the one that comes with the
    program, or None.
    """
    for path in _judged(settings):
        found = files.read_json(path)
        if found and "regimes" in found:
            return found, path == settings.metrics / "eval.json"
    return None
