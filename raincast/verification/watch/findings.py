"""What the detectors found: what changed, where, since when, how sure, and what to do. Pure."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from raincast.observations.panel import Panel
from raincast.verification.watch import inputs
from raincast.verification.watch.detection import Levels, Stream
from raincast.verification.watch.inputs import Normals, Series
from raincast.verification.watch.records import (
    NO_ACTION,
    RECALIBRATION,
    REPAIR,
    RETRAINING,
    THRESHOLD,
    Finding,
)

MOST = 12
"""Findings that are told, the surest first: one change shows in many detectors."""
GAP_DAYS = 14
"""Days on end without a field, or without a row, that are told as a gap."""
USUALLY_THERE = 0.2
"""Share of missing values up to which a field counts as usually there."""
MOST_STATIONS = 8

_FOR_GOOD = "; if it is for good, take note of it: `raincast accept-change`"
_NOT_FOR_GOOD = "repair data: it has not come for long"
"""Silence is watched at each station, whatever was noted."""
_LOOK = "repair data: look at the stations' files and instruments before any retraining"
_REPAIR = _LOOK + _FOR_GOOD
_REMEDIES = {
    "missing": _REPAIR,
    "silent": _LOOK,
    "relation": _REPAIR,
    "places": "repair data: look whether a station has moved, or its file holds another's rows"
    + _FOR_GOOD,
    "station": "repair data: look whether it has moved, or its file holds another's rows"
    + _FOR_GOOD,
    "difference": "repair data: compare the instrument with its neighbours" + _FOR_GOOD,
    "values": "none yet: the weather is unusual for the season; watch the chances",
    "rain": "recalibrate if the chances have moved too; else it is the weather",
    "warnings": "choose thresholds anew",
    "gap": _NOT_FOR_GOOD + _FOR_GOOD,
}
_OF_CHANCES = {
    "wetter": "recalibrate",
    "sharper": "recalibrate",
    "too_low": "recalibrate",
    "too_high": "recalibrate",
    "brier": "retrain",
    "climatology": "retrain",
}
_ACTIONS = {"values": NO_ACTION, "rain": NO_ACTION, "warnings": THRESHOLD}
"""By kind; the inputs' others ask for a repair, and the chances say it by their figure."""
_SENTENCES = {
    "missing": "{what} is missing at other stations than usual",
    "silent": "another share of the stations sends no row",
    "values": "{what} differs from the season's usual over the network",
    "relation": "{what} does not fit what the other instruments say",
    "rain": "it rains at another share of the stations than the season and the air let expect",
    "places": "{what} fits the neighbouring stations less than usual",
    "station": "{where} fits its neighbours less than usual",
    "difference": "{what} at {where} reads otherwise than its neighbours let expect",
    "warnings": "the recall to expect of the {where} warnings has moved at equal chances",
}
_CHANCES = {
    "wetter": "the {where} chances are off by another amount than on the model's own record",
    "sharper": "the {where} chances are bolder or more timid than on the model's own record",
    "brier": "the {where} Brier score is not what its own chances expect",
    "too_low": "it rains more often than the {where} chances say",
    "too_high": "it rains less often than the {where} chances say",
    "climatology": "the {where} chances are worse than climatology",
}


def found(levels: Levels, run_length: float, panel: Panel, usual: Normals) -> list[Finding]:
    """Of the newest day, the detectors that alone reach the run length, or the surest one where
    only all together do; the surest first.
    """
    alone = levels.log_level[-1] + np.log(levels.weights)
    if levels.log_all[-1] < np.log(run_length):
        return []
    order = [int(i) for i in np.argsort(-alone) if alone[i] >= np.log(run_length)]
    shown = inputs.series(panel, usual)
    return [_finding(levels, i, panel, shown) for i in (order or [int(alone.argmax())])[:MOST]]


def _finding(levels: Levels, i: int, panel: Panel, shown: Series) -> Finding:
    one, start = levels.streams[i], int(levels.since[-1, i])
    since = panel.first + timedelta(days=start)
    words = _CHANCES[one.what] if one.kind in ("record", "chances") else _SENTENCES[one.kind]
    stations = _stations(one, panel, shown, start)
    at = f" ({', '.join(stations)})" if stations and one.where == "network" else ""
    remedy = _REMEDIES.get(one.kind) or _OF_CHANCES[one.what]
    return Finding(
        kind=one.kind,
        where=one.where,
        what=one.what,
        since=str(since),
        level_days=_days(float(levels.log_level[-1, i] + np.log(levels.weights[i]))),
        stations=stations,
        sentence=words.format(what=one.what, where=one.where) + at,
        remedy=remedy,
        action=_action(one),
    )


def _action(one: Stream) -> str:
    if one.kind in ("record", "chances"):
        return RETRAINING if _OF_CHANCES[one.what] == "retrain" else RECALIBRATION
    return _ACTIONS.get(one.kind, REPAIR)


def _days(log_level: float) -> float:
    """A level in days; beyond 10^12 it says no more."""
    return float(np.exp(min(log_level, np.log(1e12))))


def _stations(one: Stream, panel: Panel, shown: Series, start: int) -> list[str]:
    """Where a network's finding shows: the stations that differ most since it began."""
    if one.kind in ("station", "difference"):
        return [one.where]
    if one.kind not in ("missing", "places"):
        return []
    field = inputs.FIELDS.index(one.what)
    if one.kind == "missing":
        here = _mean(shown.absent[start:, :, field])
        far = np.nan_to_num(here) > 1 / 2
    else:
        here = np.sqrt(_mean(shown.difference[start:, :, field] ** 2))
        far = np.nan_to_num(here) > 2
    order = np.argsort(-np.nan_to_num(here))
    return [panel.network.locations[i] for i in order if far[i]][:MOST_STATIONS]


def _mean(values: inputs.Floats) -> inputs.Floats:
    n = np.isfinite(values).sum(axis=0)
    return np.where(n > 0, np.nansum(values, axis=0) / np.maximum(n, 1), np.nan)


def gaps(panel: Panel, usual: Normals) -> Iterator[Finding]:
    """Fields that are usually there, and stations, of which nothing has come for `GAP_DAYS`."""
    there = np.isfinite(inputs.read(panel))
    for station, name in enumerate(panel.network.locations):
        if usual.silent[station] >= 1:
            continue
        rows = _since_last(panel.seen[:, station])
        if rows >= GAP_DAYS:
            yield _gap(panel, name, "rows", rows)
            continue
        for field, what in enumerate(inputs.FIELDS):
            missing = _since_last(there[:, station, field])
            if missing >= GAP_DAYS and usual.absent[station, field] <= USUALLY_THERE:
                yield _gap(panel, name, what, missing)


def _since_last(there: "np.typing.NDArray[np.bool_]") -> int:
    """Days since the last one with a value."""
    last = np.flatnonzero(there)
    return len(there) - 1 - int(last[-1]) if len(last) else len(there)


def _gap(panel: Panel, station: str, what: str, days: int) -> Finding:
    return Finding(
        kind="gap",
        where=station,
        what=what,
        since=str(panel.first + timedelta(days=len(panel) - days)),
        level_days=None,
        stations=[station],
        sentence=f"{station} has sent no {what} for {days} days",
        remedy=_REMEDIES["gap"] if what in inputs.FIELDS else _NOT_FOR_GOOD,
        action=REPAIR,
    )
