"""What a network learns from: every day of a span with all its stations, as it became known."""

from datetime import UTC, date, datetime, time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.features import block
from raincast.features.derived import VARIABLES, variables
from raincast.learning.attention.recipe import AMOUNTS_MM
from raincast.learning.attention.tokens import Scale, fit_scale, harmonics, rain_sums
from raincast.learning.examples import chunks
from raincast.observations.availability import (
    FIELD_SLOT,
    REGIMES,
    Instants,
    canonical,
    day_instants,
    instant,
)
from raincast.observations.network import Network
from raincast.observations.panel import Panel

Array = npt.NDArray[np.float32]


class Material(NamedTuple):
    """Arrays with the leading axes (days, stations), unless said otherwise.

    Attributes:
        now, flags, odd: today's variables in full; see `tokens`.
        sums: rain of the days before.
        season: (days, 2).
        wetness: log-odds of the climatology.
        wet, wet_known: the event, and 1 where its truth is known.
        amounts, amounts_known: whether tomorrow's rain exceeds each of `AMOUNTS_MM`.
        due: (issue times, days, stations) how many slots of the day have come, less one.
        slot: (variables,) in which slot each is known.
        learned: (days learned from,) their positions.
    """

    now: Array
    flags: Array
    odd: Array
    sums: Array
    season: Array
    wetness: Array
    wet: Array
    wet_known: Array
    amounts: Array
    amounts_known: Array
    due: npt.NDArray[np.int8]
    slot: npt.NDArray[np.int8]
    learned: npt.NDArray[np.intp]


def variable_slots() -> npt.NDArray[np.int8]:
    """(variables,) the slot by which all fields that a variable is made of are known."""
    slots = np.zeros(len(VARIABLES), dtype=np.int8)
    for slot in range(int(FIELD_SLOT.max())):
        known = np.where(slot >= FIELD_SLOT, np.float32(1), np.float32(np.nan))
        slots[np.isnan(variables(known))] = slot + 1
    return slots


def _due(days: list[date], at: Instants, network: Network) -> npt.NDArray[np.int8]:
    come = [
        (day_instants(day, network) <= t).sum(axis=1) - 1 for day, t in zip(days, at, strict=True)
    ]
    return np.stack(come).astype(np.int8)


def _issue_times(
    days: list[date], scheduled: tuple[time, ...], network: Network
) -> npt.NDArray[np.int8]:
    regimes = [np.array([canonical(name, day) for day in days]) for name in REGIMES]
    runs = [
        np.array([instant(datetime.combine(day, clock, UTC)) for day in days])
        for clock in scheduled
    ]
    return np.stack([_due(days, at, network) for at in (*regimes, *runs)])


def _known(panel: Panel, days: list[date]) -> tuple[Array, Array, Array]:
    """Own rows and rain before, (days, stations, …), and (days, 2) seasons, of some days at a time:
    most of what is known of a day is not learned from.
    """
    parts = []
    for some in chunks(panel, days[0], days[-1]):
        known = block.context(panel, some, np.array([canonical("complete", day) for day in some]))
        season = np.stack([field.season for field in known.field[:, 0]])
        parts.append((known.own, known.rain_before, season))
    own, rain_before, season = (np.concatenate(found) for found in zip(*parts, strict=True))
    return own, rain_before, season


def material(
    panel: Panel, first: date, last: date, scheduled: tuple[time, ...]
) -> tuple[Material, Scale]:
    """The days of a span; nothing after `last` is read but the truth of that day.

    Args:
        scheduled: UTC clock times at which the loop issues.
    """
    start, stop = max(panel.position(first), 0), panel.position(last) + 1
    days = panel.days[start:stop]
    own, rain_before, season = _known(panel, days)
    wet = np.where(panel.seen, panel.truth(), np.nan)[start:stop]
    now = variables(own)
    scale = fit_scale(now, wet, season, panel.network.locations)
    scaled, flags = scale.standardised(now)
    waves = np.broadcast_to(harmonics(season)[:, None], (*now.shape[:2], 5))
    station = np.broadcast_to(np.arange(now.shape[1]), now.shape[:2])
    rain = np.where(panel.accumulated(), np.nan, panel.rainfall())[start:stop]
    tomorrow = np.concatenate([rain[1:], np.full_like(rain[:1], np.nan)])
    found = Material(
        scaled,
        flags,
        scale.anomalies(scaled, flags, waves, station),
        rain_sums(rain_before),
        season,
        scale.log_wetness(waves, station),
        np.nan_to_num(wet).astype(np.float32),
        np.isfinite(wet).astype(np.float32),
        (tomorrow[..., None] > np.array(AMOUNTS_MM)).astype(np.float32),
        np.isfinite(tomorrow).astype(np.float32),
        _issue_times(days, scheduled, panel.network),
        variable_slots(),
        np.flatnonzero(np.isfinite(wet).any(axis=1)),
    )
    return found, scale
