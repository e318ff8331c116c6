"""What a network is told of a station on a day: its token, from what was known at an instant."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.features.derived import VARIABLES
from raincast.observations.network import Network, shipped

Array = npt.NDArray[np.float32]
Positions = npt.NDArray[np.intp]

_CLIP = 5.0
FEWEST_DAYS = 60
"""Days from which on a station's own harmonic climatology of a variable is trusted."""
_RIDGE = 10.0
UNKNOWN_WETNESS = -1.25
"""Log-odds of a wet day at a station of unknown climate: 22 %, the data set's mean."""
_WET_DAYS = np.array([2.0, 6.0, 29.0], np.float32)
"""Days before the feature date in each of `block`'s sums, so that counts become shares."""

WIDTH = 5 * len(VARIABLES) + 6 + 2 + 1
"""Today's variables, flags and anomalies; yesterday's variables and flags; rain sums, season,
wetness.
"""


def harmonics(season: Array) -> Array:
    """(…, 5) constant, yearly and half-yearly waves from (…, 2) sine and cosine of the year."""
    sine, cosine = season[..., 0], season[..., 1]
    one = np.ones_like(sine)
    waves = (one, cosine, sine, cosine**2 - sine**2, 2 * sine * cosine)
    return np.stack(waves, axis=-1).astype(np.float32)


def _ridge(waves: Array, values: Array) -> Array:
    """(5,) coefficients of a ridge regression on harmonics; the constant is not shrunk."""
    penalty = np.diag([1.0] + [_RIDGE] * 4)
    found: Array = np.linalg.solve(waves.T @ waves + penalty, waves.T @ values)
    return found


@dataclass(frozen=True)
class Scale:
    """Means, spreads and harmonic climatologies of the days that a network was fitted to.

    Attributes:
        mean, spread: (variables,).
        climate: (stations, 5, variables) coefficients of the standardised variables.
        trusted: (stations, variables) 1 where a station has a climatology, else 0.
        wetness: (stations, 5) coefficients of the wet frequency.
        known: (stations,) 1 for a station of which rows were there, else 0.
        stations: the locations of the first axes.
    """

    mean: Array
    spread: Array
    climate: Array
    trusted: Array
    wetness: Array
    known: Array
    stations: tuple[str, ...] = ()

    def numbers(self, network: Network) -> Positions:
        """(stations of the network,) where each stands in these arrays; -1 where it does not.

        Networks of former models do not say whose stations they have: the shipped ones.
        """
        own = {name: i for i, name in enumerate(self.stations or shipped().locations)}
        return np.array([own.get(name, -1) for name in network.locations])

    def with_unseen(self) -> "Scale":
        """The same with a last row, which -1 leads to, for a station of which nothing is known."""
        more: dict[str, Any] = {
            name: np.concatenate([part, np.zeros_like(part[:1])])
            for name in ("climate", "trusted", "wetness", "known")
            for part in [getattr(self, name)]
        }
        return replace(self, **more)

    def standardised(self, now: Array) -> tuple[Array, Array]:
        """(…, variables) standardised, 0 where absent; and flags, 1 where there."""
        there = np.isfinite(now)
        scaled = np.clip((now - self.mean) / self.spread, -_CLIP, _CLIP)
        return np.where(there, scaled, 0).astype(np.float32), there.astype(np.float32)

    def anomalies(self, scaled: Array, flags: Array, waves: Array, station: Positions) -> Array:
        """(…, variables) what differs from the station's own climatology; 0 where unknown."""
        return _anomalies(scaled, flags, self.normal(waves, station), self.trusted[station])

    def normal(self, waves: Array, station: Positions) -> Array:
        """(…, variables) each variable's climatology at the station, standardised."""
        found: Array = np.matmul(waves[..., None, :], self.climate[station])[..., 0, :]
        return found

    def log_wetness(self, waves: Array, station: Positions) -> Array:
        """(…,) log-odds of the station's wet frequency in the season."""
        share = np.clip((waves * self.wetness[station]).sum(axis=-1), 0.01, 0.9)
        known = self.known[station] > 0
        return np.where(known, np.log(share / (1 - share)), UNKNOWN_WETNESS).astype(np.float32)


def fit_scale(
    now: Array, wet: npt.NDArray[np.float64], season: Array, stations: tuple[str, ...] = ()
) -> Scale:
    """From (days, stations, variables) as they became known in full, labels with NaN gaps, and
    (days, 2) seasons.
    """
    with np.errstate(invalid="ignore"):
        count = np.maximum(np.isfinite(now).sum(axis=(0, 1)), 1)
        mean = np.nansum(now, axis=(0, 1), dtype=np.float64) / count
        spread = np.sqrt(np.nansum((now - mean) ** 2, axis=(0, 1)) / count)
    spread = np.where(spread > 1e-6, spread, 1)
    scaled = np.clip((now - mean) / spread, -_CLIP, _CLIP)
    number, width = now.shape[1:]
    climate, trusted = np.zeros((number, 5, width)), np.zeros((number, width))
    wetness, waves = np.zeros((number, 5)), harmonics(season)
    for s in range(number):
        for v in range(width):
            there = np.isfinite(scaled[:, s, v])
            if there.sum() > FEWEST_DAYS:
                climate[s, :, v] = _ridge(waves[there], scaled[there, s, v])
                trusted[s, v] = 1
        told = np.isfinite(wet[:, s])
        wetness[s] = _ridge(waves[told], wet[told, s])
    known = np.isfinite(wet).any(axis=0)

    def single(part: npt.ArrayLike) -> Array:
        return np.asarray(part, dtype=np.float32)

    sizes = (single(mean), single(spread))
    return Scale(*sizes, single(climate), single(trusted), single(wetness), single(known), stations)


def _anomalies(scaled: Array, flags: Array, normal: Array, trusted: Array) -> Array:
    return (scaled - normal) * flags * trusted


def rain_sums(rain_before: Array) -> Array:
    """(…, 6) log rain and wet shares of the days before, 0 where unknown."""
    sums = np.nan_to_num(rain_before)
    return np.concatenate([np.log1p(sums[..., ::2]), sums[..., 1::2] / _WET_DAYS], axis=-1)


class Background(NamedTuple):
    """What tokens of some stations hold beside their own rows; the leading axis of each array is
    the stations.

    Attributes:
        then, then_flags: the variables of the day before.
        rest: rain sums, season and wetness.
        normal: (…, variables) each variable's climatology.
        trusted: (…, variables) 1 where there is one, else 0.
    """

    then: Array
    then_flags: Array
    rest: Array
    normal: Array
    trusted: Array

    def at(self, station: Positions) -> "Background":
        """That of some of its stations."""
        return Background(*(part[station] for part in self))


def background(
    scale: Scale, before: Array, rain_before: Array, season: Array, station: Positions
) -> Background:
    """What tokens of (…,) stations hold beside their own rows.

    Args:
        before: (…, variables) of the day before, NaN where unknown.
        rain_before: (…, 6) as `surroundings.Field` has it.
        season: (…, 2) sine and cosine of the day of the year.
        station: (…,) positions.
    """
    waves = harmonics(season)
    wetness = scale.log_wetness(waves, station)[..., None]
    rest = np.concatenate([rain_sums(rain_before), season, wetness], axis=-1)
    normal = scale.normal(waves, station)
    return Background(*scale.standardised(before), rest, normal, scale.trusted[station])


def tokens(scale: Scale, now: Array, around: Background) -> Array:
    """(…, WIDTH) tokens of (…, variables) own rows and what stands beside them."""
    scaled, flags = scale.standardised(now)
    odd = _anomalies(scaled, flags, around.normal, around.trusted)
    parts = (scaled, flags, odd, around.then, around.then_flags, around.rest)
    return np.concatenate(parts, axis=-1).astype(np.float32)
