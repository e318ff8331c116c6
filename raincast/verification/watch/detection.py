"""All charts and bets as one detector with one bound on its false alarms. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.verification.watch import chart, inputs, memory, quality, sequential
from raincast.verification.watch.memory import Forecasts, Memory
from raincast.verification.watch.quality import Rows

Floats = npt.NDArray[np.float64]

SHARES = {
    "missing": 0.10,
    "silent": 0.05,
    "values": 0.05,
    "relation": 0.15,
    "rain": 0.10,
    "places": 0.10,
    "station": 0.05,
    "difference": 0.15,
    "record": 0.10,
    "chances": 0.05,
    "warnings": 0.10,
}
"""How the bound on false alarms is shared out among the kinds; within a kind evenly. By reason, not
by search: a kind with few series needs little, and the relation of the fields is the only one that
sees a drift at all stations.
"""


class Stream(NamedTuple):
    """What a detector looks at: its kind, the regime, station or field, and the field besides."""

    kind: str
    where: str
    what: str


class Part(NamedTuple):
    """Streams of one kind, and their (days, streams, bets) log e-values."""

    streams: Sequence[Stream]
    log_e: Floats


class Levels(NamedTuple):
    """The detectors' way through the days.

    Attributes:
        streams: what each looks at.
        log_level: (days, streams) log of each detector's level.
        since: (days, streams) position of the day since which the evidence speaks for a change.
        weights: (streams,) they sum to 1.
        log_all: (days,) log of the level of all together.
    """

    streams: tuple[Stream, ...]
    log_level: Floats
    since: npt.NDArray[np.intp]
    weights: Floats
    log_all: Floats


def evidence(panel: Panel, forecasts: Forecasts, known: Memory) -> tuple[Part, ...]:
    """The log e-values of all days.

    Args:
        panel: the days looked at, each as complete as it becomes.
        forecasts: of those days.
    """
    shown = memory.flat(inputs.series(panel, known.usual))
    parts = [
        Part(streams, chart.log_e(shown[kind], known.charts[kind]))
        for kind, streams in _named(panel).items()
    ]
    for regime in REGIMES:
        if regime in forecasts and regime in known.records:
            parts += _of_forecasts(forecasts[regime], len(panel), regime, known)
    return tuple(parts)


def levels(parts: Sequence[Part], begin: int) -> Levels:
    """All detectors from the day at position `begin` on; earlier days only explain later ones."""
    found = [_of_part(part.log_e[begin:]) for part in parts]
    streams = tuple(one for part in parts for one in part.streams)
    log_level = np.concatenate([level for level, _ in found], axis=1)
    since = np.concatenate([day for _, day in found], axis=1) + begin
    weights = _weights(streams)
    return Levels(streams, log_level, since, weights, sequential.mean_level(log_level, weights))


def _named(panel: Panel) -> dict[str, list[Stream]]:
    fields, stations = inputs.FIELDS, panel.network.locations
    network = {
        kind: [Stream(kind, "network", name) for name in fields]
        for kind in ("missing", "values", "relation", "places")
    }
    return network | {
        "rain": [
            Stream("rain", "network", name) for name in ("share of stations", "given the rest")
        ],
        "silent": [Stream("silent", "network", "rows")],
        "station": [Stream("station", name, "all fields") for name in stations],
        "difference": [Stream("difference", s, fields[i]) for s in stations for i in memory.STEADY],
    }


def _of_forecasts(rows: Rows, days: int, regime: str, known: Memory) -> list[Part]:
    record = [Stream("record", regime, name) for name in memory.OWN]
    names = [*record, Stream("warnings", regime, "recall")]
    charted = chart.log_e(memory.own(rows, days, known.curves[regime]), known.records[regime])
    bets = quality.bets(rows, days)
    chances = [Stream("chances", regime, name) for name in bets]
    return [Part(names, charted), Part(chances, np.stack(list(bets.values()), axis=1))]


def _of_part(log_e: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """(days, streams) from (days, streams, bets): of the bets of a stream the mean level, and the
    day that the best of them names.
    """
    found = sequential.shiryaev_roberts(log_e)
    even = np.full(log_e.shape[-1], 1 / log_e.shape[-1])
    best = found.log_level.argmax(axis=-1)[..., None]
    since = np.take_along_axis(found.since, best, axis=-1)[..., 0]
    return sequential.mean_level(found.log_level, even), since


def _weights(streams: tuple[Stream, ...]) -> Floats:
    kinds = [one.kind for one in streams]
    shares = np.array([SHARES[kind] / kinds.count(kind) for kind in kinds])
    return np.asarray(shares / shares.sum())


def first_alarm(parts: Sequence[Part], begin: int, run_length: float) -> int | None:
    """Position of the first day from `begin` on whose level reaches the run length, days."""
    found = np.flatnonzero(levels(parts, begin).log_all >= np.log(run_length))
    return begin + int(found[0]) if len(found) else None
