"""Who answered: from the journal, the forecasts of a station on a day; from the registry, the
models that served then.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from raincast.errors import NoModel
from raincast.observations.network import find
from raincast.settings import Settings
from raincast.store import journal
from raincast.store.registry import Registry

_TOLD = (
    "logged_at_utc",
    "feature_date",
    "target_date",
    "rain_probability",
    "predicted_rain",
    "regime",
    "threshold",
    "model_version",
    "forecast_id",
)

_SHOWN = ("rows", "threshold", "thresholds")


def served(settings: Settings, station: str, day: date) -> dict[str, Any]:
    """What answered for a station on a day from midnight to midnight by the station's own clock.

    Returns:
        `location`, `date`, `forecasts` (the journal's rows logged on that day; one of an older
        journal, without a
        version, has the version that served at its moment) and `models` (`version, from_utc, rows,
        threshold`, every
        one that served on that day, answering or not).

    Raises:
        UnknownStation: no station has that name.
    """
    place = find(station)
    midnight = datetime.combine(day, time(), ZoneInfo(place.time_zone))
    start, end = midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)
    rows = journal.read(settings.journal)
    logged = rows["logged_at_utc"]
    rows = rows[(rows["location"] == place.location) & (logged >= start) & (logged < end)]
    made = [_told(settings, row) for row in rows[list(_TOLD)].to_dict("records")]
    models = [_about(settings, version, since) for version, since in _serving(settings, start, end)]
    return {"location": place.location, "date": str(day), "forecasts": made, "models": models}


def _told(settings: Settings, row: dict[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: None if pd.isna(value) else value for name, value in row.items()}
    if found["model_version"] is None:
        found["model_version"] = _at(settings, row["logged_at_utc"])
    days = {name: str(row[name].date()) for name in ("feature_date", "target_date")}
    return found | {"logged_at_utc": row["logged_at_utc"].isoformat()} | days


def _at(settings: Settings, moment: datetime) -> str | None:
    try:
        return Registry(settings.models).served_at(moment)
    except NoModel:
        return None


def _serving(settings: Settings, start: datetime, end: datetime) -> list[tuple[str, str]]:
    """The versions that served between two moments, each with the moment from which on it did."""
    changes = [
        e for e in Registry(settings.models).history() if e["action"] in ("promote", "rollback")
    ]
    before = [e for e in changes if datetime.fromisoformat(e["at_utc"]) <= start][-1:]
    during = [e for e in changes if start < datetime.fromisoformat(e["at_utc"]) < end]
    return [(e["version"], e["at_utc"]) for e in before + during]


def _about(settings: Settings, version: str, since: str) -> dict[str, Any]:
    try:
        told = Registry(settings.models).metadata(version).to_json(include=set(_SHOWN))
    except NoModel:
        told = {}
    shown = {name: told.get(name) for name in _SHOWN}
    return {"version": version, "from_utc": since} | shown
