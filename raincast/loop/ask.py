"""The step that asks the running API for every station's forecast in one call, once for each
scheduled slot.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pandas as pd

from raincast.errors import NoModel, ServerUnavailable
from raincast.learning.examples import SCHEDULED_UTC
from raincast.observations.stations import LOCATIONS
from raincast.settings import Settings
from raincast.store import journal, model_files

PATIENCE_SECONDS = 900.0
"""The API asks the Bureau once a second, and again where it fails."""

DONE, NO_DATA, FAILED = "ok", "not_published", "unreachable"


def slot(now: datetime) -> datetime:
    """The newest scheduled issue time that is not after an aware moment."""
    today = now.astimezone(UTC)
    moments = [
        datetime.combine(today.date() - timedelta(days=back), at, UTC)
        for back in (1, 0)
        for at in SCHEDULED_UTC
    ]
    return max(moment for moment in moments if moment <= now)


def waiting(settings: Settings, now: datetime) -> list[str]:
    """The stations that the model knows and that have no forecast in the journal since the slot
    began.
    """
    done = set(_of_slot(settings, now)["location"])
    return [name for name in _known(settings) if name not in done]


def ask(settings: Settings, address: str, token: str, now: datetime) -> dict[str, Any]:
    """One call for all that wait. A station for which the Bureau has no data is no failure.

    Returns:
        `slot`, `already` (how many had their forecast), and names of stations by how it ended:
        `ok`, `not_published`;
        `unreachable` with the reason of each. `regimes` has the slot's stations by what their own
        clock allowed.

    Raises:
        ServerUnavailable: the API does not answer, or answers with something else than outcomes.
    """
    wanted = waiting(settings, now)
    items = _items(address, token, wanted) if wanted else []
    names = {
        status: [item["station_name"] for item in items if item["status"] == status]
        for status in (DONE, NO_DATA)
    }
    failed = {item["station_name"]: item["detail"] for item in items if item["status"] == FAILED}
    told = {"slot": slot(now).isoformat(), "already": len(_known(settings)) - len(wanted)}
    regimes = _of_slot(settings, now).groupby("regime")["location"].unique()
    return (
        told
        | names
        | {FAILED: failed, "regimes": {str(name): sorted(found) for name, found in regimes.items()}}
    )


def _of_slot(settings: Settings, now: datetime) -> pd.DataFrame:
    """The journal's forecasts from newest observations since the slot began."""
    rows = journal.read(settings.journal)
    return rows[rows["use_latest"] & (rows["logged_at_utc"] >= slot(now))]


def _known(settings: Settings) -> Sequence[str]:
    try:
        return list(model_files.read_metadata(settings.models)["stations"])
    except NoModel:
        return LOCATIONS


def _items(address: str, token: str, stations: Sequence[str]) -> list[dict[str, Any]]:
    url = f"{address.rstrip('/')}/predict/batch"
    body = {"stations": list(stations), "use_latest": True}
    try:
        answer = httpx.post(
            url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_SECONDS
        )
        items = answer.json().get("items")
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        raise ServerUnavailable(
            f"{url}: {error!r}; is the API running there? `raincast serve` starts it"
        ) from error
    if items is None:
        raise ServerUnavailable(f"{url} answered {answer.status_code}: {answer.text[:500]}")
    return list(items)
