"""A last calibration: log-odds stretched and moved so that chances are what comes of them."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from imblearn.pipeline import Pipeline
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from raincast.learning.examples import Examples
from raincast.learning.metadata import Calibration

Floats = npt.NDArray[np.float64]

_EDGE = 1e-6


def fitted(y: Floats, p: Floats) -> Calibration:
    """By a logistic regression of what happened on the log-odds that were given (Platt 1999).

    Args:
        y, p: (n,) 0 or 1, and chances; both classes are there.
    """
    odds = logit(np.clip(p, _EDGE, 1 - _EDGE))[:, None]
    found = LogisticRegression(C=1e6).fit(odds, y.astype(int))
    return Calibration(slope=float(found.coef_[0, 0]), offset=float(found.intercept_[0]))


def of(rows: Mapping[str, Examples], p: Mapping[str, Floats]) -> Calibration:
    """What chances lack on days that were not learned, over all regimes; nothing where all days
    were alike, or the chances do not rise with what happened.
    """
    y = np.concatenate([part.y for part in rows.values()])
    if y.min() == y.max():
        return Calibration()
    found = fitted(y, np.concatenate([p[name] for name in rows]))
    return found if found.slope > 0 else Calibration()


def calibrated(pipeline: Pipeline, by: Calibration | None) -> Pipeline:
    """The pipeline, whose chances are from now on stretched and moved."""
    if by:
        pipeline[-1].slope_, pipeline[-1].offset_ = by.slope, by.offset
    return pipeline
