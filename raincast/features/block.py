"""Features of station-days as they were known at an issue instant: one path for training, serving
and scoring.

A block holds all stations of one (feature date, issue instant). Values not yet known at the instant
are absent (NaN). Nothing after the feature date is read, and no figure depends on how many blocks
are asked for at once.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.features import neighbours
from raincast.features.derived import POSITION, VARIABLES, variables
from raincast.features.surroundings import Field, Rows
from raincast.observations.availability import Instants, known
from raincast.observations.event import RAIN_TODAY
from raincast.observations.network import Network, in_force
from raincast.observations.panel import RAINFALL, Panel
from raincast.observations.schema import OBSERVATIONS

Array = npt.NDArray[np.float32]

LOOKBACK_DAYS = 30
"""Days of panel before the feature date that a block can use."""

_PAST = (
    "RainLog",
    "MaxTemp",
    "MinTemp",
    "Sunshine",
    "Evaporation",
    "WindGustSpeed",
    "Gust_u",
    "Gust_v",
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Cloud9am",
    "Cloud3pm",
    "Dew9am",
    "Dew3pm",
    "Wind3pm_u",
    "Wind3pm_v",
)
_CHANGE = (
    "MinTemp",
    "Humidity9am",
    "Pressure9am",
    "Pressure3pm",
    "Dew9am",
    "Dew3pm",
    "Temp9am",
    "Temp3pm",
    "MaxTemp",
)
_SCALED = (
    "RainLog",
    "Wet",
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Cloud9am",
    "Cloud3pm",
    "Dew9am",
    "Dew3pm",
    "Temp9am",
    "Temp3pm",
    "MinTemp",
    "MaxTemp",
    "Sunshine",
    "WindGustSpeed",
    "PressureFall",
    "Wind9am_u",
    "Wind9am_v",
    "Wind3pm_u",
    "Wind3pm_v",
)
_SECTORED = (
    "RainLog",
    "Wet",
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Cloud9am",
    "Cloud3pm",
    "Dew3pm",
    "Sunshine",
    "PressureFall",
    "Wind3pm_u",
    "Wind3pm_v",
)
_NEAREST = ("RainLog", "Humidity9am", "Humidity3pm", "Pressure3pm", "Cloud3pm", "Dew3pm")
_CONTRAST = (
    "Humidity9am",
    "Humidity3pm",
    "Pressure9am",
    "Pressure3pm",
    "Dew9am",
    "Dew3pm",
    "Temp9am",
    "Temp3pm",
)
_RAIN_DAYS = (3, 7, 30)
_SCALE_NAMES = tuple(f"{scale:.0f}km" for scale in neighbours.SCALES_KM)

PLACE = ("station", "latitude", "longitude", "season_sin", "season_cos")
OWN = (*PLACE, *VARIABLES)
PAST = (
    *(f"{name}_past" for name in _PAST),
    "RainLog_past2",
    *(f"{name}_change" for name in _CHANGE),
    *(f"{kind}_{days}d" for days in _RAIN_DAYS for kind in ("RainSum", "WetDays")),
)
FIELD = (
    *(f"{name}_{scale}" for scale in _SCALE_NAMES for name in _SCALED),
    *(f"{name}_past_{scale}" for scale in _SCALE_NAMES for name in ("RainLog", "Pressure3pm")),
    *(f"{name}_{sector}" for sector in neighbours.SECTORS for name in _SECTORED),
    *(f"{name}_{pair}" for pair in ("eastwards", "northwards") for name in _SECTORED),
    *(f"{name}_near{i + 1}" for i in range(neighbours.NEAREST) for name in _NEAREST),
    *(f"{name}_contrast" for name in _CONTRAST),
)
NAMES: tuple[str, ...] = (*OWN, *PAST, *FIELD)
NAMES_SHA256 = hashlib.sha256(" ".join(NAMES).encode()).hexdigest()
"""By which a model says what it was made of."""
"""The K features in order: own row, own past days, the other stations."""


_FIELD_START, _PAST_START = len(OWN) + len(PAST), len(OWN)


def without_field(X: Array) -> Array:
    """(…, K) features as they are where nothing is known of the other stations."""
    return np.concatenate(
        [X[..., :_FIELD_START], np.full_like(X[..., _FIELD_START:], np.nan)], axis=-1
    )


def own_row_only(X: Array) -> Array:
    """(…, K) features as they are where nothing is known but the station's own row."""
    return np.concatenate(
        [X[..., :_PAST_START], np.full_like(X[..., _PAST_START:], np.nan)], axis=-1
    )


def _pick(names: Sequence[str]) -> list[int]:
    return [POSITION[name] for name in names]


def _place(days: Sequence[date], network: Network) -> Array:
    angle = [2 * np.pi * day.timetuple().tm_yday / 365.25 for day in days]
    fixed = np.array(
        [(i, s.latitude, s.longitude) for i, s in enumerate(network.stations)], dtype=np.float32
    )
    season = np.array([(np.sin(a), np.cos(a)) for a in angle], dtype=np.float32)
    shape = (len(days), len(network))
    parts = (np.broadcast_to(fixed, (*shape, 3)), np.broadcast_to(season[:, None], (*shape, 2)))
    return np.concatenate(parts, axis=-1)


def _rain_before(rain: Array) -> Array:
    """(n, stations, 2 × lengths) millimetres and wet days, from (n, lags, stations) readings of the
    days before.

    Together with the feature date they make the lengths of `_RAIN_DAYS`; NaN where none of those
    days has a reading.
    """
    readings, wet = np.nan_to_num(rain), np.nan_to_num(RAIN_TODAY.occurred(rain)).astype(np.float32)
    sums = []
    for length in _RAIN_DAYS:
        unknown = np.isnan(rain[:, : length - 1]).all(axis=1)
        for amounts in (readings, wet):
            total = np.zeros_like(rain[:, 0])
            for lag in range(
                length - 1
            ):  # one day after the other, so that the order of additions is always the same
                total += amounts[:, lag]
            sums.append(np.where(unknown, np.nan, total))
    return np.stack(sums, axis=-1).astype(np.float32)


def _flat(maps: Array) -> Array:
    """(n, maps, stations, variables) → (n, stations, maps × variables)."""
    return maps.transpose(0, 2, 1, 3).reshape(maps.shape[0], maps.shape[2], -1)


def _around(scaled: Array, today: Array, yesterday: Array, network: Network) -> Array:
    past = neighbours.average(
        neighbours.scale_weights(network), yesterday[..., _pick(("RainLog", "Pressure3pm"))]
    )
    sectors = neighbours.average(neighbours.sector_weights(network), today[..., _pick(_SECTORED)])
    west, south, north, east = (sectors[:, i] for i in range(len(neighbours.SECTORS)))
    nearest = neighbours.of_nearest(network, today[..., _pick(_NEAREST)])
    parts = (_flat(scaled), _flat(past), _flat(sectors), east - west, north - south)
    return np.concatenate([*parts, nearest.reshape(*nearest.shape[:2], -1)], axis=-1)


def _rows(panel: Panel, days: Sequence[date], lag: int, masks: npt.NDArray[np.bool_]) -> Array:
    position = np.array([panel.position(day) - lag for day in days])
    inside = (position >= 0) & (position < len(panel))
    values = panel.values[np.clip(position, 0, max(len(panel) - 1, 0))]
    return np.where(masks & inside[:, None, None], values, np.float32(np.nan))


def _masks(
    days: Sequence[date], issued_at: Instants, lag: int, network: Network
) -> npt.NDArray[np.bool_]:
    pairs = zip(days, issued_at, strict=True)
    before = [(date.fromordinal(day.toordinal() - lag), int(at)) for day, at in pairs]
    return np.stack([known(day, at, network) for day, at in before])


class Context(NamedTuple):
    """Station-days as they were known at an instant; every array has the same leading axes.

    Attributes:
        own: (…, observation fields) the station's own row.
        place: (…, 5) where it is, and the season.
        past: (…, ) what features take unchanged from the two days before.
        yesterday: (…, ) the variables of the day before from which changes are counted.
        rain_before: (…, 6) rain and wet days of the days before.
        around: (…, ) what features take unchanged from the other stations.
        middle: (…, ) the neighbourhood's means, against which the own row is contrasted.
        field: (…,) the `Field` of all stations that each belongs to.
    """

    own: Array
    place: Array
    past: Array
    yesterday: Array
    rain_before: Array
    around: Array
    middle: Array
    field: npt.NDArray[Any]

    def at(self, index: Any) -> "Context":
        """The same at these positions of the leading axes."""
        return Context(*(part[index] for part in self))


def context(panel: Panel, days: Sequence[date], issued_at: Instants) -> Context:
    """What is known of and around every station for n pairs of feature date and issue instant.

    Args:
        panel: observations; days outside it count as missing.
        days: n feature dates.
        issued_at: (n,) instants, seconds since 1970; what is known later is absent.

    Returns:
        Arrays with leading axes (n, stations).
    """
    network = panel.network
    own, before = (_rows(panel, days, lag, _masks(days, issued_at, lag, network)) for lag in (0, 1))
    everything = np.ones_like(own, dtype=bool)
    older = [_rows(panel, days, lag, everything) for lag in range(2, LOOKBACK_DAYS)]
    rain = np.stack([rows[..., RAINFALL] for rows in (before, *older)], axis=1)
    now, yesterday = variables(own), variables(before)
    scaled = neighbours.average(neighbours.scale_weights(network), now[..., _pick(_SCALED)])
    place, sums = _place(days, network), _rain_before(rain)
    return Context(
        own,
        place,
        np.concatenate(
            [yesterday[..., _pick(_PAST)], variables(older[0])[..., _pick(("RainLog",))]], axis=-1
        ),
        yesterday[..., _pick(_CHANGE)],
        sums,
        _around(scaled, now, yesterday, network),
        scaled[:, 1][..., [_SCALED.index(name) for name in _CONTRAST]],
        _fields(own, yesterday, sums, place, network),
    )


def _fields(
    own: Array, before: Array, sums: Array, place: Array, network: Network
) -> npt.NDArray[Any]:
    """(n, stations) each day's `Field`, the same one for all its stations."""
    found = np.empty(own.shape[:2], dtype=object)
    for i in range(len(own)):
        found[i] = Field(own[i], before[i], sums[i], place[i, 0, 3:], network)
    return found


def rows(known: Context, own: Array) -> Array:
    """(…, K) float32 features in the order of `NAMES` of (…, observation fields) own rows in their
    context.

    The own rows may be other than the context's: a caller may have observations that the archive
    has not.
    """
    now, rain = variables(own), own[..., RAINFALL]
    fallen = [np.nan_to_num(rain), np.nan_to_num(RAIN_TODAY.occurred(rain)).astype(np.float32)]
    today = np.stack(fallen * len(_RAIN_DAYS), axis=-1)
    change, contrast = (
        now[..., _pick(_CHANGE)] - known.yesterday,
        now[..., _pick(_CONTRAST)] - known.middle,
    )
    return np.concatenate(
        [known.place, now, known.past, change, today + known.rain_before, known.around, contrast],
        axis=-1,
    )


def block(panel: Panel, days: Sequence[date], issued_at: Instants) -> Array:
    """(n, stations, K) features of every station for n pairs of feature date and issue instant; see
    `context`.
    """
    known = context(panel, days, issued_at)
    return rows(known, known.own)


def inputs(known: Context, own: Array) -> Rows:
    """What a model is given of own rows in their context: `rows`, and the stations around them."""
    station = known.place[..., 0].astype(np.intp)
    return Rows(rows(known, own), own, known.field, station)


def surrounded(panel: Panel, days: Sequence[date], issued_at: Instants) -> Rows:
    """(n, stations) inputs of every station; see `block`."""
    known = context(panel, days, issued_at)
    return inputs(known, known.own)


def without_others(given: Rows | Array) -> Rows | Array:
    """The same rows where nothing is known of the other stations."""
    if not isinstance(given, Rows):
        return without_field(given)
    return given.with_table(without_field(given.table), past=True)


def by_themselves(given: Rows | Array) -> Rows | Array:
    """The same rows where nothing is known but the stations' own rows."""
    if not isinstance(given, Rows):
        return own_row_only(given)
    return given.with_table(own_row_only(given.table), past=False)


def unknown(count: int) -> Rows:
    """So many rows of which nothing is known, in a field of which nothing is known either."""
    network, fields = in_force(), len(OBSERVATIONS)
    parts = (fields, len(VARIABLES), 2 * len(_RAIN_DAYS))
    own, before, rain = (np.full((len(network), n), np.nan, dtype=np.float32) for n in parts)
    around = np.empty(count, dtype=object)
    around[:] = Field(own, before, rain, np.zeros(2, dtype=np.float32), network)
    table = np.full((count, len(NAMES)), np.nan, dtype=np.float32)
    rows_own = np.full((count, fields), np.nan, dtype=np.float32)
    return Rows(table, rows_own, around, np.zeros(count, dtype=np.intp))
