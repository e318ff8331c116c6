"""Who answered: from the journal, the forecasts of a station on a day; from the registry, the
models that served then.
"""

from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from raincast.documents import Document
from raincast.errors import NoModel
from raincast.learning.metadata import FittedRows
from raincast.observations.network import find
from raincast.settings import Settings
from raincast.store import model_history, stores


class ServedForecast(Document):
    """A row of the journal; one of an older journal, without a version, has the version that served
    at its moment.
    """

    logged_at_utc: str
    feature_date: str
    target_date: str
    rain_probability: float
    predicted_rain: int
    regime: str | None
    threshold: float | None
    model_version: str | None
    forecast_id: str | None


class ServingModel(Document):
    """A version that served, and what is known of it; `from_utc` is since when."""

    version: str
    from_utc: str
    rows: FittedRows | None
    threshold: float | None
    thresholds: dict[str, float] | None


class Served(Document):
    """What answered for a station on a day: forecasts, and every model that served, answering or
    not.
    """

    location: str
    date: str
    forecasts: list[ServedForecast]
    models: list[ServingModel]


def served(settings: Settings, station: str, day: date) -> Served:
    """What answered for a station on a day from midnight to midnight by the station's own clock.

    Raises:
        UnknownStation: no station has that name.
    """
    place = find(station)
    midnight = datetime.combine(day, time(), ZoneInfo(place.time_zone))
    start, end = midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)
    rows = (
        stores.of(settings)
        .journal()
        .read(
            lambda some: some[
                (some["location"] == place.location)
                & some["logged_at_utc"].between(start, end, "left")
            ]
        )
    )
    return Served(
        location=place.location,
        date=str(day),
        forecasts=[_forecast(settings, row) for row in rows.to_dict("records")],
        models=[_about(settings, *serving) for serving in _serving(settings, start, end)],
    )


def _forecast(settings: Settings, row: Mapping[Hashable, Any]) -> ServedForecast:
    known = {
        name: None if pd.isna(row[name]) else row[name] for name in ServedForecast.model_fields
    }
    return ServedForecast(
        **known
        | {
            "logged_at_utc": row["logged_at_utc"].isoformat(),
            "feature_date": str(row["feature_date"].date()),
            "target_date": str(row["target_date"].date()),
            "model_version": known["model_version"] or _at(settings, row["logged_at_utc"]),
        }
    )


def _at(settings: Settings, moment: datetime) -> str | None:
    try:
        return stores.of(settings).registry().served_at(moment)
    except NoModel:
        return None


def _serving(settings: Settings, start: datetime, end: datetime) -> list[tuple[str, str]]:
    """The versions that served between two moments, each with the moment from which on it did."""
    changes = model_history.changes(stores.of(settings).registry().history())
    before = [d for d in changes if d.at <= start][-1:]
    during = [d for d in changes if start < d.at < end]
    return [(d.version, d.at_utc) for d in before + during]


def _about(settings: Settings, version: str, since: str) -> ServingModel:
    try:
        known = stores.of(settings).registry().metadata(version)
    except NoModel:
        known = None
    return ServingModel(
        version=version,
        from_utc=since,
        rows=known.rows if known else None,
        threshold=known.threshold if known else None,
        thresholds=known.thresholds if known else None,
    )
