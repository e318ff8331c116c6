"""The weather that travels: Gaussian fields over the country, made of plane waves that drift and
fade.

A field is the sum of J waves, exp(i(k·x - ωt)), each times a complex AR(1) amplitude. The real part
has mean 0 and variance 1 everywhere; its correlation falls with distance and with time, and is
carried along at ω/k. The spectra are random Fourier features (Rahimi and Recht, 2007) laid out on a
spiral, so that a climate does not depend on a seed.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.simulator.sites import DEGREE_EAST, Sites
from raincast.simulator.streams import lingering

Array = npt.NDArray[Any]

STEPS = 4
"""States a day: 9 am, 3 pm, 9 pm, 3 am."""

_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


class Waves(NamedTuple):
    """J plane waves: wave numbers (radians per km), turn (radians per day), days in which
    amplitudes fade to 1/e.
    """

    east: Array
    north: Array
    turn: Array
    memory: float

    def field(self, rng: np.random.Generator, steps: int, sites: Sites) -> Array:
        """(steps, stations) complex: the field, and its quarter-wave companion as the imaginary
        part.
        """
        keep = np.exp(-1 / (STEPS * self.memory))
        amplitude = rng.standard_normal((steps, len(self.turn), 2)).view(np.complex128)[..., 0]
        amplitude[1:] *= np.sqrt(1 - keep**2)
        amplitude = lingering(amplitude, keep)
        amplitude *= np.exp(-1j * np.arange(steps)[:, None] / STEPS * self.turn)
        shape = np.exp(1j * (self.east[:, None] * sites.east + self.north[:, None] * sites.north))
        return np.asarray(amplitude @ shape / np.sqrt(len(self.turn)))

    def spread_of_day(self) -> float:
        """Standard deviation of the mean over a day's five states, 9 am to 9 am."""
        lag = np.abs(np.subtract.outer(np.arange(STEPS + 1), np.arange(STEPS + 1))) / STEPS
        together = np.exp(-lag / self.memory) * np.cos(lag[..., None] * self.turn).mean(axis=-1)
        return float(np.sqrt(together.mean()))


def fronts() -> Waves:
    """Waves of the westerlies: 45 to 85 degrees long, 12 to 8 degrees a day eastward, troughs that
    lean north-west.
    """
    length = np.linspace(45, 85, 9)
    number = 2 * np.pi / length
    speed = np.linspace(12, 8, 9)
    return Waves(number / DEGREE_EAST, 0.8 * number / DEGREE_EAST, number * speed, memory=4.0)


def systems(length_km: float, memory: float, east_km_per_day: float, count: int = 150) -> Waves:
    """A field that falls off over `length_km` and drifts east; wave numbers are Student's t, 3
    degrees of freedom.
    """
    rank = (np.arange(count) + 0.5) / count
    number = np.sqrt(3 * ((1 - rank) ** (-2 / 3) - 1)) / length_km
    angle = np.arange(count) * _GOLDEN_ANGLE
    east = number * np.cos(angle)
    return Waves(east, number * np.sin(angle), east * east_km_per_day, memory)
