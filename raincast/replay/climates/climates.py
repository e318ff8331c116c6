"""How often a rule triggers although nothing has changed, and how long until it sees a change: in
simulated climates.

Nothing is retrained here: a trigger consumes the rows as a retraining would, and the walk goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.decisions import verdict as quality
from raincast.decisions.asked import Limits, News
from raincast.decisions.decided import TRIGGER
from raincast.learning import climatology
from raincast.learning.blend import Forecaster
from raincast.learning.examples import SCHEDULED_UTC
from raincast.loop import scheduled
from raincast.observations.availability import REGIMES, day_instants, instant, moment
from raincast.observations.panel import RAINFALL, Panel
from raincast.replay.climates import worlds
from raincast.replay.climates.worlds import BEGINS, CHANGE_AFTER, DAYS, World
from raincast.replay.walk.track import RECENT_DAYS, Track, of_journal
from raincast.verification import scoring
from raincast.verification.watch.memory import Memory

SOON = 14
"""Days within which a change should be noticed more often than not."""
RECALLS = {"specification": (0.15, 0.3, 0.45), "interval": (0.5, 0.64)}
"""Other recalls below which a rule triggers, for the curve of false alarms against delay."""


class Replayed(NamedTuple):
    """A replay's weather, and the rows of its journal in order."""

    observed: Panel
    rows: pd.DataFrame


def replayed(by: Forecaster, world: World, seed: int) -> Replayed:
    """One replay's weather and what the model said of it, issue time by issue time."""
    observed = worlds.observations(world, seed)
    rows = scheduled.rows(by, observed, _days(world.days))
    # Thresholds that have grown wrong: the same chances, warned of from elsewhere on.
    drifted = (rows["feature_date"] >= pd.Timestamp(worlds.CHANGE)).to_numpy()
    threshold = rows["regime"].map({name: by.threshold_of(name) for name in REGIMES})
    factor = np.where(drifted, world.threshold_factor, 1.0)
    warned = (rows["rain_probability"] >= threshold * factor).astype(int)
    return Replayed(observed, of_journal(rows.assign(predicted_rain=warned)))


class Asked(NamedTuple):
    """What all replays of a rule share.

    Attributes:
        window: newest scored rows behind the live scores.
        target_recall: that thresholds are chosen for.
        known: what the watch knows of the climate that stays.
    """

    by: Forecaster
    limits: Limits
    window: int
    target_recall: float
    known: Memory


def recall(asked: Asked, replay: tuple[World, int]) -> dict[str, Any]:
    """By rule the days on which those on recall trigger in one replay: a world and a seed."""
    run = replayed(asked.by, *replay)
    return {"triggers": triggers(asked.by, run, asked.limits, asked.window)}


def _days(count: int = DAYS) -> list[date]:
    return [BEGINS + timedelta(days=i) for i in range(count)]


def triggers(by: Forecaster, run: Replayed, limits: Limits, window: int) -> dict[str, list[int]]:
    """By rule, the days from the beginning on which it triggers; for other recalls than the limits'
    under `RULE@RECALL`.
    """
    asked = {rule: (rule, limits) for rule in RECALLS} | {
        f"{rule}@{recall:g}": (rule, replace(limits, recall=recall))
        for rule, recalls in RECALLS.items()
        for recall in recalls
    }
    tracks = Track(
        BEGINS - timedelta(days=3), DAYS + 6, climatology.from_mapping(by.metadata.climate)
    )
    found: dict[str, list[int]] = {name: [] for name in asked}
    consumed: dict[str, tuple[date, datetime | None]] = dict.fromkeys(
        asked, (BEGINS - timedelta(days=1), None)
    )
    whole = run.rows.groupby("feature_date")
    for day in _days():
        now = datetime.combine(day, SCHEDULED_UTC[-1], UTC)
        tracks.add(whole.get_group(pd.Timestamp(day)))
        tracks.join(_known(run.observed, now))
        newest = _recalls(tracks.rows, window)
        for name, (rule, own) in asked.items():
            news = _news(tracks, *consumed[name], now)
            if news.new_rows < own.new_rows or not (newest[rule] < own.recall).any():
                continue
            verdict = quality.decide(tracks.report(window, limits.wet_days), news, own)
            if verdict.evidence.rules[rule] == TRIGGER:
                found[name].append((day - BEGINS).days)
                consumed[name] = tracks.newest_labelled() or news.cutoff or day, now
    return found


def _news(tracks: Track, last: date, acted: datetime | None, now: datetime) -> News:
    rest = (now - acted) / timedelta(days=1) if acted else None
    return News(tracks.new_rows(last), 0, last, rest)


def _recalls(rows: pd.DataFrame, window: int) -> dict[str, npt.NDArray[np.float64]]:
    """By rule, recalls of which one has to lie below the limit before a report is worth its making:
    that of the newest rows, and for the interval those of enough of the newest days.
    """
    told = rows[rows["truth_available"]].sort_values(
        ["target_date", "logged_at_utc"], kind="stable"
    )
    wet = (told["y_true"] == 1).to_numpy()
    hit = wet & (told["predicted_rain"] == 1).to_numpy()
    begins = np.flatnonzero(~told["target_date"].duplicated().to_numpy())
    starts = {
        "specification": np.array([max(0, len(told) - window)]),
        "interval": begins[: 1 - scoring.FEWEST_DAYS],
    }
    after = [np.append(np.cumsum(x[::-1])[::-1], 0) for x in (hit, wet)]
    return {
        rule: np.divide(after[0][at], after[1][at], out=np.ones(len(at)), where=after[1][at] > 0)
        for rule, at in starts.items()
    }


def _known(observed: Panel, now: datetime) -> Panel:
    """The recent readings whose 9 am has come."""
    today = moment(instant(now)).date()
    first = max(observed.first, today - timedelta(days=RECENT_DAYS + 2))
    start, stop = observed.position(first), observed.position(today) + 1
    values, seen = observed.values[start:stop].copy(), observed.seen[start:stop].copy()
    late = day_instants(today)[:, 0] > instant(now)
    values[-1, late, RAINFALL], seen[-1, late] = np.nan, False
    return Panel(first, values, seen, network=observed.network)


def summary(found: Mapping[str, Sequence[Mapping[str, list[int]]]]) -> dict[str, Any]:
    """By world and rule: triggers in the days before and after the change of the others, and the
    delay to the first.

    Args:
        found: by world, the triggers of each of its replays.
    """
    return {
        world: {rule: _of_rule([one[rule] for one in runs]) for rule in runs[0]}
        for world, runs in found.items()
    }


def yearly(days: Sequence[Sequence[int]], length: int) -> dict[str, Any]:
    """How often a rule triggered a year, in replays of so many days, and the standard error."""
    return {
        "replays": len(days),
        "triggers_per_year": sum(map(len, days)) / (len(days) * length) * 365,
        "triggers_per_year_error": float(
            np.std([len(one) for one in days]) / np.sqrt(len(days)) / length * 365
        ),
    }


def _of_rule(days: list[list[int]]) -> dict[str, Any]:
    after = [[day - CHANGE_AFTER for day in one if day >= CHANGE_AFTER] for one in days]
    first = [one[0] for one in after if one]
    return yearly(days, DAYS) | {
        "share_with_any": float(np.mean([bool(one) for one in days])),
        "triggers_per_year_after": sum(map(len, after)) / (len(days) * (DAYS - CHANGE_AFTER)) * 365,
        "seen_share": len(first) / len(days),
        "seen_share_14": sum(day <= SOON for day in first) / len(days),
        "median_delay_days": float(np.median(first)) if first else None,
    }
