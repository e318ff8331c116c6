"""Where stations are to each other, in the forms in which attention uses it."""

from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.observations.network import Network

Array = npt.NDArray[np.float32]

_CENTRE = (-27.0, 135.0)
_KM_PER_DEGREE = 111.2
_WAVELENGTHS = (0.5, 6.0)
"""1,000 km: from the size of a shower's district to that of the continent."""
_REACHES = (0.1, 0.25, 0.6, 1.5)
"""1,000 km: scales at which nearness is told apart."""
PAIR_WIDTH = 12


def plane(network: Network) -> Array:
    """(stations, 2) positions east and north of the continent's middle in 1,000 km."""
    place = network.places
    east = (place[:, 1] - _CENTRE[1]) * np.cos(np.radians(_CENTRE[0]))
    north = place[:, 0] - _CENTRE[0]
    return (np.stack([east, north], axis=1) * _KM_PER_DEGREE / 1000).astype(np.float32)


def pairs(xy: Array, others: Array) -> Array:
    """(stations, others, PAIR_WIDTH) distance, nearness and direction of each station's others.

    Nothing in it names a station, so that what is learned of pairs holds for any network.

    Args:
        xy: (stations, 2) positions.
        others: (stations or 1, others, 2) those of its own.
    """
    dx, dy = (others[..., i] - xy[:, None, i] for i in (0, 1))
    r = np.sqrt(dx**2 + dy**2)
    ux, uy, near = dx / (r + 0.05), dy / (r + 0.05), np.exp(-r / 0.7)
    turned = (ux * near, uy * near, (ux**2 - uy**2) * near, ux * uy * near)
    parts = (r, *(np.exp(-r / reach) for reach in _REACHES), ux, uy, *turned, r == 0)
    return np.stack(parts, axis=-1).astype(np.float32)


def rotations(xy: Array, head: int) -> tuple[Array, Array]:
    """(stations, head / 2) cosines and sines by which keys and queries of a station are turned.

    Their product then depends on where one station lies from the other: rotary embedding (Su et
    al. 2021) in two dimensions.
    """
    waves = 2 * np.pi / np.geomspace(*_WAVELENGTHS, head // 4)
    angle = np.concatenate([xy[:, :1] * waves, xy[:, 1:] * waves], axis=1)
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def rotated(x: Any, turn: tuple[Any, Any], module: Any = np) -> Any:
    """(…, head) turned by (…, head / 2) cosines and sines; `module` is NumPy or JAX's."""
    cosine, sine = turn
    a, b = x[..., : cosine.shape[-1]], x[..., cosine.shape[-1] :]
    return module.concatenate([a * cosine - b * sine, a * sine + b * cosine], axis=-1)
