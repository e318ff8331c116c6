"""What the stations of a climate zone have in common: which weather brings their rain, and which
winds prevail.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.simulator.normals import NORMALS

Array = npt.NDArray[Any]

FORCES = ("fronts", "systems", "moisture", "regime", "local")

# Share of the day's wetness (they sum to 100) that comes from: fronts in the westerlies, systems of
# some 400 km, slow moisture, the regime of the month (bursts and breaks), and what is local and
# nobody sees coming. lead: by how many degrees of the wave the rain runs ahead of the trough
# (negative: it falls in the wind behind it). ridge: how much higher mid July's pressure is than the
# year's, hPa.
_SHARES = {
    #           fronts systems moisture regime local   lead ridge
    "north": (2, 26, 18, 18, 36, 0, 4.0),
    "coral": (4, 24, 20, 14, 38, -60, 5.0),
    "east": (12, 32, 14, 8, 34, -60, 3.8),
    "interior": (20, 32, 14, 6, 28, 25, 6.0),
    "slopes": (26, 28, 10, 6, 30, 15, 4.8),
    "alps": (26, 28, 10, 6, 30, -10, 4.5),
    "south": (30, 24, 8, 6, 32, -25, 3.6),
    "tasman": (30, 24, 8, 6, 32, -20, 3.0),
    "west": (36, 22, 8, 6, 28, -15, 3.4),
    "norfolk": (14, 34, 12, 6, 34, 0, 2.5),
}

# Prevailing wind in km/h towards the east and the north: January 9 am, January 3 pm, July 9 am,
# July 3 pm.
_WINDS = {
    "north": ((6, -2), (9, -5), (-13, 6), (-9, -1)),
    "coral": ((-6, 6), (-15, -4), (-4, 12), (-16, 4)),
    "east": ((-1, 3), (-11, 2), (8, 0), (3, 2)),
    "interior": ((-9, 1), (0, 3), (-2, 0), (4, 1)),
    "slopes": ((-4, 1), (4, -1), (2, -2), (5, -3)),
    "alps": ((5, -3), (7, -3), (8, 1), (10, 0)),
    "south": ((0, 3), (5, 7), (3, -8), (7, -5)),
    "tasman": ((3, -5), (3, -3), (4, -7), (5, -6)),
    "west": ((-7, 4), (1, 11), (1, -5), (5, -1)),
    "norfolk": ((-13, 2), (-13, 4), (0, 3), (2, 4)),
}

_ZONE = NORMALS["zone"].tolist()
_shares = np.array([_SHARES[zone] for zone in _ZONE], dtype=float).T

WEIGHT: dict[str, Array] = {
    name: np.sqrt(share / 100) for name, share in zip(FORCES, _shares[:5], strict=True)
}
"""(stations,) weight of each force in a wetness of variance 1."""

LEAD: Array = np.exp(-1j * np.radians(_shares[5]))
"""(stations,) turn of the fronts' wave to where its rain is."""

RIDGE: Array = _shares[6]
"""(stations,) hPa."""

WINDS: Array = (
    np.array([_WINDS[zone] for zone in _ZONE], dtype=float)
    .reshape(-1, 2, 2, 2)
    .transpose(1, 2, 3, 0)
)
"""(January or July, 9 am or 3 pm, eastward or northward, stations) km/h."""
