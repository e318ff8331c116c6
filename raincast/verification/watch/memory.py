"""What the watch knows of undisturbed days. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.observations.panel import Panel
from raincast.verification.watch import chart, inputs, quality
from raincast.verification.watch.chart import Past
from raincast.verification.watch.inputs import Normals
from raincast.verification.watch.quality import Rows

Floats = npt.NDArray[np.float64]
Forecasts = Mapping[str, Rows]
"""By regime, with days counted from the panel's first."""

OWN = ("wetter", "sharper", "brier")
STEADY = [i for i, name in enumerate(inputs.FIELDS) if name not in ("Rainfall", "RainToday")]
"""Fields that are charted at each station. Showers make the rain of one station so skewed that its
past says too little of its tail.
"""
_RAIN = inputs.FIELDS.index("RainToday")
PARTS = 5
"""Of a long history at most: each costs another look at all of it."""
YEAR_DAYS = 365


class Memory(NamedTuple):
    """What is usual, and how far from it days of the past were.

    Attributes:
        usual: of the observations.
        charts: of the series of the observations, by kind.
        curves: by regime, `quality.usual_recall`.
        records: by regime, of the forecasts' own series; empty where there were none.
    """

    usual: Normals
    charts: Mapping[str, Past]
    curves: Mapping[str, Floats]
    records: Mapping[str, Past]


def learned(
    history: Panel, forecasts: Forecasts, changed: npt.NDArray[np.bool_] | None = None
) -> Memory:
    """From a history, and forecasts of some of its days that the model had not learned from.

    Args:
        changed: (stations, fields) what has changed for good: nothing of it is usual, nor in the
            past of the charts.
    """
    usual = _usual(history, changed)
    charts = {kind: chart.past(series) for kind, series in _apart(history, changed).items()}
    days = len(history)
    curves = {name: quality.usual_recall(rows, days) for name, rows in forecasts.items()}
    records = {name: chart.past(own(rows, days, curves[name])) for name, rows in forecasts.items()}
    return Memory(usual, charts, curves, records)


def _usual(
    history: Panel,
    changed: npt.NDArray[np.bool_] | None,
    counted: npt.NDArray[np.bool_] | None = None,
) -> Normals:
    usual = inputs.normals(history, counted)
    return usual if changed is None else inputs.without(usual, changed)


def _apart(history: Panel, changed: npt.NDArray[np.bool_] | None) -> dict[str, Floats]:
    """The series of each part of the history by what is usual in the others, as the days to come
    are charted by what was usual before them: by its own a past looks steadier than it was.
    """
    days = np.arange(len(history))
    count = min(PARTS, max(2, round(len(history) / YEAR_DAYS)))
    part = days * count // len(history)
    found: dict[str, Floats] = {}
    for k in range(count):
        here = part == k
        shown = flat(inputs.series(history, _usual(history, changed, ~here)))
        for kind, series in shown.items():
            found.setdefault(kind, np.full_like(series, np.nan))[here] = series[here]
    return found


def uncharted(panel: Panel, known: Memory) -> list[str]:
    """Stations that send rows, and whose values have no past to be charted by, of their own or
    around them.
    """
    charted = known.charts["difference"].known.reshape(len(panel.network), -1).any(axis=1)
    new = panel.seen.any(axis=0) & ~charted
    return [panel.network.locations[i] for i in np.flatnonzero(new)]


def flat(found: inputs.Series) -> dict[str, Floats]:
    """(days, series) by kind."""
    rain = np.stack([found.values[:, _RAIN], found.relation[:, _RAIN]], axis=1)
    return {
        "rain": rain,
        "missing": found.missing,
        "silent": found.silent[:, None],
        "values": found.values,
        "relation": found.relation,
        "places": found.places,
        "station": found.station,
        "difference": found.difference[:, :, STEADY].reshape(len(found.difference), -1),
    }


def own(rows: Rows, days: int, curve: Floats) -> Floats:
    """(days, series) of the forecasts: `OWN`, then the warnings."""
    found = quality.own_record(rows, days)
    return np.stack([*(found[name] for name in OWN), quality.warnings(rows, days, curve)], axis=1)
