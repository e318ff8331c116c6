"""Margins of boosted trees by XGBoost's C interface (`XGBoosterPredictFromDense`).

For the one row of a request its Python interface takes longer to find out what it was given than
the trees take.
"""

import ctypes
import json
from functools import cache

import numpy as np
import numpy.typing as npt
from xgboost import Booster
from xgboost.libpath import find_lib_path

from raincast.errors import BadInput

_MARGIN = 1
_CONFIG = json.dumps(
    {
        "type": _MARGIN,
        "training": False,
        "iteration_begin": 0,
        "iteration_end": 0,
        "missing": np.nan,
        "strict_shape": False,
        "cache_id": 0,
    }
).encode()


@cache
def _library() -> ctypes.CDLL:
    """The library that XGBoost itself has loaded."""
    found = ctypes.CDLL(find_lib_path()[0])
    found.XGBGetLastError.restype = ctypes.c_char_p
    return found


def margins(trees: Booster, X: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """(n,) log-odds of (n, K) features that lie in memory row by row, NaN where one is missing.

    Raises:
        BadInput: the trees were fitted to another number of features.
    """
    given = b'{"data":[%d,true],"shape":[%d,%d],"typestr":"<f4","version":3}'
    shape, found = ctypes.POINTER(ctypes.c_uint64)(), ctypes.POINTER(ctypes.c_float)()
    failed = _library().XGBoosterPredictFromDense(
        trees.handle,
        given % (X.ctypes.data, *X.shape),
        _CONFIG,
        None,
        ctypes.byref(shape),
        ctypes.byref(ctypes.c_uint64()),
        ctypes.byref(found),
    )
    if failed:
        raise BadInput(_library().XGBGetLastError().decode().partition("\n")[0])
    if not len(X):
        return np.empty(0)  # there is nothing to point to
    return np.ctypeslib.as_array(found, (len(X),)).astype(np.float64)
