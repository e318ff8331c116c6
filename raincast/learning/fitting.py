"""From observations to a model and what is written down about it: spans, rows, thresholds,
climatology.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from imblearn.pipeline import Pipeline

from raincast.errors import BadInput, NotEnoughData
from raincast.features import block
from raincast.learning import blend, climatology, examples
from raincast.learning.attention.material import material
from raincast.observations import event
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.observations.stations import LOCATIONS, STATIONS


class Span(NamedTuple):
    """Feature dates, both inclusive."""

    first: date
    last: date


TEST = Span(date(2016, 1, 1), date(2017, 6, 24))
"""The last feature date of the test span is the day before 2017-06-25, whose reading is the last
truth.
"""


def year(number: int) -> Span:
    """A calendar year."""
    return Span(date(number, 1, 1), date(number, 12, 31))


def require_apart(tuning: Span, test: Span) -> None:
    """Refuses a test on days that the model has seen: those of the year on which its thresholds and
    calibration were chosen, or any before.

    Raises:
        BadInput: the test does not begin after that year.
    """
    if test.first <= tuning.last:
        raise BadInput(
            f"a test from {test.first} to {test.last}: expected it to begin after"
            f" {tuning.last.year}, the TUNING_YEAR, since the model was fitted before it and its"
            " thresholds were chosen on it; test later days, or train with an earlier TUNING_YEAR"
        )


def before_tuning(panel: Panel, tuning: Span) -> Span:
    """The days that the judged model is fitted to: all before the year on which its thresholds are
    chosen.

    Raises:
        NotEnoughData: the observations do not reach from before that year to its end.
    """
    if not panel.first < tuning.first or panel.days[-1] < tuning.last:
        raise NotEnoughData(
            f"observations run from {panel.first} to {panel.days[-1]}: expected them to begin"
            f" before {tuning.first} and to last to {tuning.last}, so that a model can be fitted,"
            " and its thresholds chosen, apart"
        )
    return Span(panel.first, tuning.first - timedelta(days=1))


def everything(panel: Panel) -> Span:
    """All days to date."""
    return Span(panel.first, panel.days[-1])


def fit(panel: Panel, span: Span, params: Mapping[str, Any], seed: int = 0) -> Pipeline:
    """A pipeline trained over the regimes on the feature dates of the span; nothing after
    `span.last` is read
    but the truth of its last day.

    Args:
        params: `model.train`'s; with `fit_rows`, at most this many rows are sampled for it.
    """
    rows = examples.drawn(
        examples.for_training(panel, span.first, span.last, seed), params.get("fit_rows"), seed
    )
    wanted = (blend.DEFAULT_PARAMS | dict(params))["networks"]
    days = material(panel, *span, examples.SCHEDULED_UTC) if wanted else None
    return blend.train(rows.X, rows.y, params, seed, days)


def thresholds(pipeline: Pipeline, panel: Panel, span: Span, recall: float) -> dict[str, float]:
    """Per regime, the decision threshold that reaches the recall on the span."""
    found = {}
    for regime in REGIMES:
        rows = examples.of_regime(panel, regime, *span)
        found[regime] = blend.threshold_for_recall(
            rows.y, pipeline.predict_proba(rows.given)[:, 1], recall
        )
    return found


def description(panel: Panel, span: Span, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a model's metadata says of where it comes from: event, rows, parameters, stations,
    features, climatology. `network` has the stations in the order of their numbers.
    """
    start, stop = panel.position(span.first), panel.position(span.last) + 1
    y = np.where(panel.seen, panel.truth(), np.nan)[start:stop]
    row, station = np.nonzero(np.isfinite(y))
    days = np.array(panel.days, dtype="datetime64[D]")[start:stop][row]
    content = hashlib.sha256(panel.values[start : stop + 1].tobytes()).hexdigest()
    return {
        "event": event.STATEMENT,
        "rows": {
            "count": len(row),
            "first": str(span.first),
            "last": str(span.last),
            "sha256": content,
        },
        "params": blend.DEFAULT_PARAMS | dict(params),
        "stations": [LOCATIONS[i] for i in np.unique(station)],
        "network": [[s.location, s.latitude, s.longitude] for s in STATIONS],
        "features": {
            "count": len(block.NAMES),
            "sha256": block.NAMES_SHA256,
        },
        "climatology": climatology.to_mapping(climatology.fit(y[row, station], days, station)),
    }
