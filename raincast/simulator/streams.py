"""Independent random streams, one for each part of the weather, so that a longer span only
appends; and what lingers of them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt


def stream(seed: int, name: str) -> np.random.Generator:
    """The stream of that name; drawing it day by day makes a short span a prefix of a long one."""
    return np.random.default_rng([seed, *name.encode()])


def lingering(fresh: npt.NDArray[Any], share: float) -> npt.NDArray[Any]:
    """(steps, …) what comes anew at each step, and that share of the step before."""
    # Whoever looks at a file asks the simulated climate for what is usual, and needs no filter:
    # to load it takes longer than all else that an ingest loads.
    from scipy.signal import lfilter

    return np.asarray(lfilter([1.0], [1.0, -share], fresh, axis=0))
