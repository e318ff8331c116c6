"""How often a rule triggers although nothing has changed, and how long until it sees a change: in
simulated climates.

Nothing is retrained here: a trigger consumes the rows as a retraining would, and the walk goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.decisions import verdict as quality
from raincast.decisions.verdict import RULES, Limits, News
from raincast.features import block
from raincast.learning import climatology
from raincast.learning.blend import Forecaster
from raincast.learning.examples import SCHEDULED_UTC
from raincast.observations import event
from raincast.observations.availability import day_instants, instant, moment, regimes
from raincast.observations.network import in_force
from raincast.observations.panel import RAINFALL, Panel
from raincast.replay.climates.worlds import BEGINS, CHANGE_AFTER, DAYS
from raincast.replay.walk.track import RECENT_DAYS, Track, of_journal
from raincast.verification import scoring


def triggers(by: Forecaster, observed: Panel, limits: Limits, window: int) -> dict[str, list[int]]:
    """By rule, the days from the beginning on which it triggers."""
    tracks = Track(
        BEGINS - timedelta(days=3), DAYS + 6, climatology.from_mapping(by.metadata.climate)
    )
    found: dict[str, list[int]] = {rule: [] for rule in RULES}
    consumed: dict[str, tuple[date, datetime | None]] = dict.fromkeys(
        RULES, (BEGINS - timedelta(days=1), None)
    )
    for day, rows in _issued(by, observed):
        now = datetime.combine(day, SCHEDULED_UTC[-1], UTC)
        tracks.add(rows)
        tracks.join(_known(observed, now))
        news = {rule: _news(tracks, *consumed[rule], now) for rule in RULES}
        if not _could(tracks.rows, news, limits, window):
            continue
        report = tracks.report(window, limits.wet_days)
        for rule in RULES:
            verdict = quality.decide(report, news[rule], limits)
            if verdict.evidence.rules[rule] == quality.TRIGGER:
                found[rule].append((day - BEGINS).days)
                consumed[rule] = tracks.newest_labelled() or news[rule].cutoff or day, now
    return found


def _news(tracks: Track, last: date, acted: datetime | None, now: datetime) -> News:
    rest = (now - acted) / timedelta(days=1) if acted else None
    return News(tracks.new_rows(last), 0, last, rest)


def _could(rows: pd.DataFrame, news: Mapping[str, News], limits: Limits, window: int) -> bool:
    """Whether a report is worth its making: new rows are enough, and the recall of the newest rows,
    or for the interval
    of enough of the newest days, lies below the limit."""
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
    return any(
        news[rule].new_rows >= limits.new_rows
        and any(hit[i:].sum() < limits.recall * wet[i:].sum() for i in starts[rule])
        for rule in RULES
    )


def _issued(by: Forecaster, observed: Panel) -> Iterator[tuple[date, pd.DataFrame]]:
    """Day by day, the journal's rows of all its issue times."""
    days = [BEGINS + timedelta(days=i) for i in range(DAYS)]
    chances = {}
    for clock in SCHEDULED_UTC:
        at = np.array([instant(datetime.combine(day, clock, UTC)) for day in days])
        X = block.surrounded(observed, days, at)
        every = np.ones(X.table.shape[:2], dtype=bool)
        chances[clock] = by.probabilities(X[every]).reshape(every.shape)
    parts = [
        _rows(by, observed, day, clock, chances[clock][i])
        for i, day in enumerate(days)
        for clock in SCHEDULED_UTC
    ]
    whole = of_journal(
        pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    )
    ends = np.cumsum([len(part["location"]) for part in parts])[
        len(SCHEDULED_UTC) - 1 :: len(SCHEDULED_UTC)
    ]
    for day, start, end in zip(days, [0, *ends[:-1]], ends, strict=True):
        yield day, whole.iloc[start:end]


def _rows(
    by: Forecaster, observed: Panel, day: date, clock: time, p: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[Any]]:
    now = datetime.combine(day, clock, UTC)
    there = np.flatnonzero(observed.seen[observed.position(day)])
    regime = np.array(regimes(day, instant(now)), dtype=object)[there]
    threshold = np.array([by.threshold_of(name) for name in regime])
    issued = np.full(len(there), now, dtype=object)
    return {
        "logged_at_utc": issued,
        "feature_date": np.full(len(there), np.datetime64(day, "s")),
        "target_date": np.full(len(there), np.datetime64(event.target_date(day), "s")),
        "location": np.array(in_force().locations, dtype=object)[there],
        "rain_probability": p[there],
        "predicted_rain": (p[there] >= threshold).astype(int),
        "issued_at_utc": issued,
        "regime": regime,
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
        found: by world, what `triggers` said of each of its replays.
    """
    return {
        world: {rule: _of_rule([one[rule] for one in runs]) for rule in RULES}
        for world, runs in found.items()
    }


def _of_rule(days: list[list[int]]) -> dict[str, Any]:
    after = [[day - CHANGE_AFTER for day in one if day >= CHANGE_AFTER] for one in days]
    first = [one[0] for one in after if one]
    return {
        "replays": len(days),
        "triggers_per_year": sum(map(len, days)) / (len(days) * DAYS) * 365,
        "triggers_per_year_error": float(
            np.std([len(one) for one in days]) / np.sqrt(len(days)) / DAYS * 365
        ),
        "share_with_any": float(np.mean([bool(one) for one in days])),
        "triggers_per_year_after": sum(map(len, after)) / (len(days) * (DAYS - CHANGE_AFTER)) * 365,
        "seen_share": len(first) / len(days),
        "median_delay_days": float(np.median(first)) if first else None,
    }
