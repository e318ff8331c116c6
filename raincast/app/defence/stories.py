"""What stands around the eight steps: the opening, the loop, its DAGs, and what was learned."""

from functools import partial

from raincast.app.defence import figures
from raincast.app.defence.facts import facts
from raincast.app.defence.slide import Made
from raincast.app.words import Words
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force

_LOOP = {
    "bureau": (0, 0),
    "archive": (1, 0),
    "model": (2, 0),
    "api": (3, 0),
    "journal": (4, 0),
    "scores": (4, 1),
    "decision": (3, 1),
    "search": (2, 1),
    "gate": (1, 1),
}
"""The parts of the loop, and where each is drawn."""
_LOOP_EDGES = (*zip(_LOOP, list(_LOOP)[1:], strict=False), ("gate", "model"))
_OUTDOORS = ("files", "station", "newcomer", "experiment", "silence", "container")
_LIMITS = ("retraining", "chances", "amounts", "newcomers", "data", "hours")


def opening(t: Words) -> Made:
    """The name, and the stations."""
    return Made(partial(figures.stations, t=t), "stations.toml", t.number(len(in_force())))


def loop(t: Words) -> Made:
    """The parts of the loop, and what leads to what."""
    nodes = {
        name: (at, t(f"slides.part_{name}"), t(f"slides.part_{name}_now"))
        for name, at in _LOOP.items()
    }
    return Made(partial(figures.graph, nodes=nodes, edges=_LOOP_EDGES), "docs/architecture.md")


def dags(t: Words) -> Made:
    """Both DAGs, from their files."""
    both = facts().dags
    tasks = sum(len(dag.tasks) for dag in both.values())
    return Made(partial(figures.dags, both=both, t=t), "airflow/dags/", t.number(tasks))


def offline(t: Words) -> Made:
    """The test set computed at once, and the same rows replayed."""
    found = facts().offline
    draw = partial(figures.twice, pairs={name: found.roc_auc[name] for name in REGIMES}, t=t)
    number = f"{t.number(found.match.equal)} / {t.number(found.match.rows)}"
    return Made(draw, "metrics/replay/offline.json", number)


def retraining(t: Words) -> Made:
    """What each policy changed in the Brier score."""
    past = facts().retraining["past"]
    draw = partial(figures.policies, found=facts().retraining, t=t)
    return Made(draw, "metrics/replay/", t.number(past.policies["specification"].triggers))


def refused(t: Words) -> Made:
    """Challengers that were promoted, and those that were refused."""
    watch = facts().retraining["watch"].policies["watch"]
    draw = partial(figures.verdicts, found=facts().retraining, t=t)
    number = f"{t.number(watch.refused)} / {t.number(watch.triggers)}"
    return Made(draw, "metrics/replay/", number)


def outdoors(t: Words) -> Made:
    """What the Bureau's own files broke, and what happens now."""
    real = facts().real
    draw = partial(figures.cards, texts=_told(t, "broke", _OUTDOORS))
    return Made(draw, "metrics/replay/real.json", t.number(real.n))


def limits(t: Words) -> Made:
    """What is not claimed."""
    draw = partial(figures.cards, texts=_told(t, "limit", _LIMITS))
    return Made(draw, "metrics/eval.json", t.number(facts().reliability_gap, 2))


def _told(t: Words, kind: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(t(f"slides.{kind}_{name}"), t(f"slides.{kind}_{name}_now")) for name in names]
