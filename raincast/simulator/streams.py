"""Independent random streams, one for each part of the weather, so
that a longer span only appends.
"""

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """The stream of that name; drawing it day by day makes a short span a prefix of a long one."""
    return np.random.default_rng([seed, *name.encode()])
