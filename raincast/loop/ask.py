"""The step that asks the running API for every station's forecast in one call, once for each
scheduled slot.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import PARTLY, NoModel, ServerUnavailable, SourceUnavailable
from raincast.learning.examples import SCHEDULED_UTC
from raincast.loop.outcomes import by_cause
from raincast.observations.stations import LOCATIONS
from raincast.settings import Settings
from raincast.store import journal, model_files

PATIENCE_SECONDS = 900.0
"""The API asks the Bureau once a second, and again where it fails."""

CLOCKS_APART = timedelta(hours=1)
"""How far the clocks of two machines that write one journal may be apart."""

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
    """One call for all that wait. What fails for one station costs no other its forecast; asked
    again within the slot, those that failed are tried again.

    Returns:
        `slot`, `already` (how many had their forecast), and names of stations by how it ended:
        `ok`, `not_published`;
        `unreachable` with the reason of each. `outcomes` has each station's status and reason,
        `causes` the stations by what went wrong, and `regimes` the slot's stations by what their
        own clock allowed.

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
    outcomes = {
        item["station_name"]: {"status": item["status"], "reason": item["detail"]} for item in items
    }
    lost = {name: str(one["reason"]) for name, one in outcomes.items() if one["status"] != DONE}
    return (
        told
        | names
        | {
            FAILED: failed,
            "outcomes": outcomes,
            "causes": by_cause(lost),
            "regimes": {str(name): sorted(found) for name, found in regimes.items()},
        }
    )


def exit_code(done: Mapping[str, Any]) -> int:
    """0 where every station has its forecast of the slot, `PARTLY` where some have, else that of a
    source that cannot be had.
    """
    if not done["causes"]:
        return 0
    return PARTLY if done[DONE] or done["already"] else SourceUnavailable.exit_code


def _of_slot(settings: Settings, now: datetime) -> pd.DataFrame:
    """The journal's forecasts from newest observations since the slot began, none of a time to
    come.
    """
    rows = journal.read(settings.journal)
    logged = rows["logged_at_utc"]
    mine = rows["use_latest"] & (logged >= slot(now)) & (logged <= now + CLOCKS_APART)
    return rows[mine & ~ahead(logged)]


def ahead(logged: pd.Series) -> npt.NDArray[np.bool_]:
    """(rows,) which rows of a journal were logged by a clock that ran ahead: rows are added at the
    end, so one that is younger than a row behind it never was.
    """
    youngest = logged[::-1].cummin()[::-1]
    return np.asarray(logged > youngest + CLOCKS_APART)


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
