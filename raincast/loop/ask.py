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

from raincast.documents import Document
from raincast.errors import PARTLY, NoModel, ServerUnavailable, SourceUnavailable
from raincast.forecasts import basis
from raincast.learning.examples import SCHEDULED_UTC
from raincast.learning.served import wanted
from raincast.loop.outcomes import by_cause
from raincast.observations.network import in_force
from raincast.settings import Settings
from raincast.store import model_files, stores

PATIENCE_SECONDS = 900.0
"""The API asks the Bureau once a second, and again where it fails."""
MOST_AT_ONCE = 250
"""Stations asked of in one call: what one call has is in the journal before the next begins."""

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
    """The stations that the model knows and that have no forecast from their own row and others' in
    the journal since the slot began. One on a weaker basis stands until then, and is tried again.
    """
    held = bases(settings, now)
    return [name for name in _known(settings) if held.get(name) != basis.TODAY]


def bases(settings: Settings, now: datetime) -> dict[str, str]:
    """What each station's forecast of the slot rests on, the strongest where there are several."""
    return _bases(_of_slot(settings, now))


def _bases(rows: pd.DataFrame) -> dict[str, str]:
    order = basis.rank(rows["basis"]).sort_values(ascending=False, kind="stable").index
    named = rows.loc[order].fillna({"basis": basis.TODAY})
    return dict(zip(named["location"], named["basis"], strict=True))


class Asked(Document):
    """What came of asking for a slot's forecasts.

    Attributes:
        slot: ISO 8601.
        already: how many were not asked for: they had a forecast from their own row and others'.
        ok, not_published: stations whose newest row was had, and of which it was not published.
        unreachable: those whose newest row could not be had, with the reason of each.
        outcomes: each station's `status` and `reason`.
        causes: lines that name stations by what went wrong.
        basis: stations whose forecast rests on less than their own row, by what it rests on.
        regimes: the slot's stations by what their own clock allowed.
    """

    slot: str
    already: int
    ok: list[str]
    not_published: list[str]
    unreachable: dict[str, str]
    outcomes: dict[str, dict[str, str | None]]
    causes: list[str]
    basis: dict[str, list[str]]
    regimes: dict[str, list[str]]


def ask(settings: Settings, address: str, token: str, now: datetime) -> Asked:
    """Calls for all that wait, one after the other, each for up to `MOST_AT_ONCE`. A station whose
    newest row cannot be had costs no other its forecast, and has one on a weaker basis; asked again
    within the slot, it is tried again.

    Raises:
        ServerUnavailable: the API does not answer, or answers with something else than outcomes.
    """
    wanted = waiting(settings, now)
    patience = _patience(settings)
    parts = [wanted[i : i + MOST_AT_ONCE] for i in range(0, len(wanted), MOST_AT_ONCE)]
    items = [item for part in parts for item in _items(address, token, part, patience)]
    of = {item["station_name"]: item for item in items}
    lost = {name: str(one["detail"]) for name, one in of.items() if one["status"] != DONE}
    made = _of_slot(settings, now)
    regimes = made.groupby("regime")["location"].unique()
    return Asked(
        slot=slot(now).isoformat(),
        already=len(_known(settings)) - len(wanted),
        ok=[name for name, one in of.items() if one["status"] == DONE],
        not_published=[name for name, one in of.items() if one["status"] == NO_DATA],
        unreachable={name: lost[name] for name in of if of[name]["status"] == FAILED},
        outcomes={n: {"status": one["status"], "reason": one["detail"]} for n, one in of.items()},
        causes=by_cause(lost),
        basis=weaker(_bases(made)),
        regimes={str(name): sorted(found) for name, found in regimes.items()},
    )


def weaker(held: Mapping[str, str]) -> dict[str, list[str]]:
    """Stations by basis, without those whose forecast rests on their own row."""
    names = {one: sorted(n for n, found in held.items() if found == one) for one in basis.BASES[1:]}
    return {one: found for one, found in names.items() if found}


def exit_code(done: Asked) -> int:
    """0 where every station's newest row was had in the slot, `PARTLY` where some were, else that
    of a source that cannot be had.
    """
    if not done.causes:
        return 0
    return PARTLY if done.ok or done.already else SourceUnavailable.exit_code


def _of_slot(settings: Settings, now: datetime) -> pd.DataFrame:
    """The journal's forecasts from newest observations since the slot began, none of a time to
    come.
    """
    begun = slot(now)
    # What stands before a row that is older than the slot is ahead, or older too.
    rows = stores.of(settings).journal().newest(begun - CLOCKS_APART)
    logged = rows["logged_at_utc"]
    mine = rows["use_latest"] & (logged >= begun) & (logged <= now + CLOCKS_APART)
    return rows[mine & ~ahead(logged)]


def ahead(logged: pd.Series) -> npt.NDArray[np.bool_]:
    """(rows,) which rows of a journal were logged by a clock that ran ahead: rows are added at the
    end, so one that is younger than a row behind it never was.
    """
    youngest = logged[::-1].cummin()[::-1]
    return np.asarray(logged > youngest + CLOCKS_APART)


def _known(settings: Settings) -> Sequence[str]:
    try:
        return wanted(model_files.read_metadata(settings.models))
    except NoModel:
        return in_force().locations


def _patience(settings: Settings) -> float:
    """Seconds for one call, at the rate at which the source may be asked and as often as it is
    asked again.
    """
    return max(PATIENCE_SECONDS, settings.fetch_tries * MOST_AT_ONCE / settings.fetch_per_second)


def _items(
    address: str, token: str, stations: Sequence[str], patience: float
) -> list[dict[str, Any]]:
    url = f"{address.rstrip('/')}/predict/batch"
    body = {"stations": list(stations), "use_latest": True}
    try:
        answer = httpx.post(
            url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=patience
        )
        items = answer.json().get("items")
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        raise ServerUnavailable(
            f"{url}: {error!r}; is the API running there? `raincast serve` starts it"
        ) from error
    if not isinstance(items, list) or not all(map(_is_outcome, items)):
        raise ServerUnavailable(f"{url} answered {answer.status_code}: {answer.text[:500]}")
    return items


def _is_outcome(item: Any) -> bool:
    return isinstance(item, dict) and {"station_name", "status", "detail"} <= set(item)
