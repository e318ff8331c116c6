"""A last calibration: log-odds stretched and moved so that chances are what comes of them."""

import numpy as np
import numpy.typing as npt
from imblearn.pipeline import Pipeline
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from raincast.learning import examples
from raincast.learning.fitting import Span
from raincast.learning.metadata import Calibration
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel

_EDGE = 1e-6


def fitted(y: npt.NDArray[np.float64], p: npt.NDArray[np.float64]) -> Calibration:
    """By a logistic regression of what happened on the log-odds that were given (Platt 1999).

    Args:
        y, p: (n,) 0 or 1, and chances; both classes are there.
    """
    odds = logit(np.clip(p, _EDGE, 1 - _EDGE))[:, None]
    found = LogisticRegression(C=1e6).fit(odds, y.astype(int))
    return Calibration(slope=float(found.coef_[0, 0]), offset=float(found.intercept_[0]))


def of(pipeline: Pipeline, panel: Panel, span: Span) -> Calibration:
    """What a pipeline lacks on days that it has not learned, over all regimes; nothing where all
    days were alike, or its chances do not rise with what happened.
    """
    rows = [examples.of_regime(panel, regime, *span) for regime in REGIMES]
    p = [pipeline.predict_proba(part.given)[:, 1] for part in rows]
    y = np.concatenate([part.y for part in rows])
    if y.min() == y.max():
        return Calibration()
    found = fitted(y, np.concatenate(p))
    return found if found.slope > 0 else Calibration()


def calibrated(pipeline: Pipeline, by: Calibration | None) -> Pipeline:
    """The pipeline, whose chances are from now on stretched and moved."""
    if by:
        pipeline[-1].slope_, pipeline[-1].offset_ = by.slope, by.offset
    return pipeline
