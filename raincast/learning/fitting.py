"""From observations to a model and what is written down about it: spans, rows, thresholds,
climatology.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from imblearn.pipeline import Pipeline

from raincast.errors import NotEnoughData
from raincast.features import block
from raincast.learning import amounts, blend, climatology, parts
from raincast.learning.examples import Examples
from raincast.learning.metadata import Features, FittedRows, Origin
from raincast.learning.parts import Lesson
from raincast.learning.thresholds import threshold_for_recall
from raincast.learning.trees import Scratch
from raincast.observations.panel import Panel
from raincast.pieces import HERE, Workers

Floats = npt.NDArray[np.float64]


class Span(NamedTuple):
    """Feature dates, both inclusive."""

    first: date
    last: date


TEST_MONTHS = 18
"""Length of the test span; in the edition of 2017 it begins with the year 2016."""
WHOLE_YEAR_DAYS = 330
"""Days with truth that make a year whole enough to choose thresholds on: nine tenths of it."""


def year(number: int) -> Span:
    """A calendar year."""
    return Span(date(number, 1, 1), date(number, 12, 31))


def test_span(last: date) -> Span:
    """The last eighteen calendar months with truth, the last of them as far as it goes.

    Args:
        last: the last feature date with truth.
    """
    month = last.year * 12 + last.month - TEST_MONTHS
    return Span(date(month // 12, month % 12 + 1, 1), last)


def last_with_truth(panel: Panel) -> date:
    """The last feature date whose truth is a reading of the panel; the historical file says of its
    very last day, too, what came after, which nobody else can check.

    Raises:
        NotEnoughData: there is none.
    """
    days = [day for day in panel.days_with_truth() if day < panel.last]
    if not days:
        raise NotEnoughData(
            f"observations run from {panel.first} to {panel.last}: expected truth on some day"
        )
    return days[-1]


def tuning_span(panel: Panel, number: int | None = None) -> Span:
    """The year on which thresholds are chosen: that with the number, else the last before the test
    span that is over and has truth on nine tenths of its days; a history too short for both gives
    up some of the test span.

    Raises:
        NotEnoughData: no number was given, and there is no such year.
    """
    if number is not None:
        return year(number)
    days = panel.days_with_truth()
    counts = Counter(day.year for day in days if panel.first.year < day.year)
    ended = {n: count for n, count in counts.items() if year(n).last <= panel.last}
    whole = [number for number, count in ended.items() if count >= WHOLE_YEAR_DAYS]
    if not whole:
        raise NotEnoughData(
            f"observations run from {panel.first} to {panel.last}: expected a whole calendar"
            " year with truth, and days before it, to choose thresholds on; add history"
        )
    test = test_span(last_with_truth(panel)).first.year
    return year(max([number for number in whole if number < test] or whole))


def before_tuning(panel: Panel, tuning: Span) -> Span:
    """The days that the judged model is fitted to: all before the year on which its thresholds are
    chosen.

    Raises:
        NotEnoughData: the observations do not reach from before that year to its end.
    """
    if not panel.first < tuning.first or panel.last < tuning.last:
        raise NotEnoughData(
            f"observations run from {panel.first} to {panel.last}: expected them to begin"
            f" before {tuning.first} and to last to {tuning.last}, so that a model can be fitted,"
            " and its thresholds chosen, apart"
        )
    return Span(panel.first, tuning.first - timedelta(days=1))


def everything(panel: Panel) -> Span:
    """All days to date."""
    return Span(panel.first, panel.last)


def fit(
    panel: Panel,
    span: Span,
    params: Mapping[str, Any],
    seed: int = 0,
    workers: Workers = HERE,
    scratch: Scratch | None = None,
) -> Pipeline:
    """A pipeline trained over the regimes on the feature dates of the span; nothing after
    `span.last` is read
    but the truth of its last day.

    Args:
        params: `pipelines.train`'s; with `fit_rows`, at most this many rows are sampled; with
            `model`, an estimator of one's own.
        workers: who fits its parts.
        scratch: where the trees keep more rows than are held in memory; without it all are.

    Raises:
        BadInput: that estimator cannot be had.
    """
    lesson = Lesson(panel, *span, blend.DEFAULT_PARAMS | dict(params), seed, scratch)
    return parts.fitted(lesson, workers)


def chances(pipeline: Pipeline, rows: Mapping[str, Examples]) -> dict[str, Floats]:
    """Per regime, (n,) the chance of rain of its rows."""
    return {name: pipeline.predict_proba(part.given)[:, 1] for name, part in rows.items()}


def thresholds(
    rows: Mapping[str, Examples], p: Mapping[str, Floats], recall: float
) -> dict[str, float]:
    """Per regime, the decision threshold at which these chances reach the recall."""
    return {name: threshold_for_recall(part.y, p[name], recall) for name, part in rows.items()}


def description(panel: Panel, span: Span, params: Mapping[str, Any]) -> Origin:
    """What a model's metadata says of where it comes from."""
    start, stop = panel.position(span.first), panel.position(span.last) + 1
    y = np.where(panel.seen, panel.truth(), np.nan)[start:stop]
    row, station = np.nonzero(np.isfinite(y))
    days = np.array(panel.days, dtype="datetime64[D]")[start:stop][row]
    content = hashlib.sha256(panel.values[start : stop + 1].tobytes()).hexdigest()
    table = climatology.fit(y[row, station], days, station, panel.network)
    mm = panel.next_day()[start:stop][row, station]
    return Origin(
        event=panel.network.event.statement,
        rows=FittedRows(count=len(row), first=span.first, last=span.last, sha256=content),
        params=blend.DEFAULT_PARAMS | dict(params),
        stations=[panel.network.locations[i] for i in np.unique(station)],
        network=[(s.location, s.latitude, s.longitude) for s in panel.network.stations],
        features=Features(count=len(block.NAMES), sha256=block.NAMES_SHA256),
        climatology=climatology.to_mapping(table, panel.network),
        amounts=amounts.frequencies(mm, days, station, panel.network),
    )
