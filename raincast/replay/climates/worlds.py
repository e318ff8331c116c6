"""Simulated climates to replay, that change in some way or do not, and a small model of the one
that stays.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from raincast.features import block
from raincast.learning import climatology, examples, fitting
from raincast.learning.blend import Forecaster
from raincast.loop import scheduled
from raincast.observations import panel
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.simulator import simulate
from raincast.simulator.climate import STATIONARY, Climate
from raincast.verification import live_report
from raincast.verification.watch import quality
from raincast.verification.watch.memory import Memory, learned
from raincast.verification.watch.records import RECALIBRATION, REPAIR, RETRAINING, THRESHOLD

LEARNED = fitting.Span(date(2009, 1, 1), date(2011, 12, 31))
TUNED = fitting.year(2012)
BEGINS = date(2013, 2, 1)
DAYS, CHANGE_AFTER = 90, 30
"""Days of each replay; in a climate that changes, the days before it does."""

LEARNING_SEED = 100_000
PARAMS: dict[str, Any] = {
    "n_estimators": 100,
    "learning_rate": 0.15,
    "max_depth": 6,
    "perceptrons": 0,
    "networks": 0,
    "n_jobs": 1,
}


@dataclass(frozen=True)
class World:
    """A climate to replay.

    Attributes:
        name: what is changed.
        climate: the simulator's.
        moved: whether a third of the stations report from another place from the change on.
        threshold_factor: by what the thresholds are multiplied from the change on.
        remedies: which mend the change: data that are wrong or gone are to be repaired before any
            model learns them; of another climate the chances are to be moved, or learned anew;
            where only the thresholds are wrong, they are to be chosen anew and nothing else.
        days: how long it is replayed.
    """

    name: str
    climate: Climate
    moved: bool = False
    threshold_factor: float = 1.0
    remedies: tuple[str, ...] = ()
    days: int = DAYS


CHANGE = BEGINS + timedelta(days=CHANGE_AFTER)
WORLDS = (
    World("stationary", STATIONARY),
    World(
        "a third of the stations lose sunshine, evaporation and cloud",
        Climate(CHANGE, lost_share=1 / 3),
        remedies=(REPAIR,),
    ),
    World("humidity reads 10 % too low", Climate(CHANGE, humidity_bias=-10), remedies=(REPAIR,)),
    World(
        "odds of rain twice as high",
        Climate(CHANGE, wetter=2.0),
        remedies=(RECALIBRATION, RETRAINING),
    ),
    World(
        "a third of the stations report from another place",
        STATIONARY,
        moved=True,
        remedies=(REPAIR,),
    ),
    World("thresholds half as high again", STATIONARY, threshold_factor=1.5, remedies=(THRESHOLD,)),
)

YEAR = World("stationary, a whole year", STATIONARY, days=365)
"""All seasons without a change: each world above sees three months of them."""


def history() -> Panel:
    """The stationary climate before the replays."""
    frame = simulate(LEARNED.first, TUNED.last + timedelta(days=1), LEARNING_SEED)
    return panel.from_frame(frame)


def forecaster(whole: Panel, recall: float) -> Forecaster:
    """A small model of that history, thresholds chosen on its last year."""
    pipeline = fitting.fit(whole, LEARNED, PARAMS)
    rows = examples.by_regime(whole, *TUNED)
    thresholds = fitting.thresholds(rows, fitting.chances(pipeline, rows), recall)
    origin = fitting.description(whole, LEARNED, PARAMS)
    return Forecaster.unkept(pipeline, origin, thresholds, "simulated")


def memory(whole: Panel, by: Forecaster) -> Memory:
    """What the watch knows of that history, and of the model's forecasts of its last year."""
    days = [TUNED.first + timedelta(days=i) for i in range((TUNED.last - TUNED.first).days + 1)]
    table = climatology.from_mapping(by.metadata.climate)
    rows = live_report.with_truth(scheduled.rows(by, whole, days), whole)
    return learned(whole, quality.by_regime(rows, whole.first, table))


def observations(world: World, seed: int) -> Panel:
    """The weather of one replay and the days before it that features look back to."""
    first = BEGINS - timedelta(days=block.LOOKBACK_DAYS + 2)
    found = panel.from_frame(
        simulate(first, BEGINS + timedelta(days=world.days), seed, world.climate)
    )
    return _moved(found) if world.moved else found


def _moved(found: Panel) -> Panel:
    """Every third station reads what the next one in the list reads."""
    values, seen, start = found.values.copy(), found.seen.copy(), found.position(CHANGE)
    for station in range(0, len(in_force().locations) - 1, 3):
        values[start:, station] = found.values[start:, station + 1]
        seen[start:, station] = found.seen[start:, station + 1]
    return Panel(found.first, values, seen, network=found.network)
