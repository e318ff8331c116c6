"""The plots of a run, from its curves (see `tracked`); nothing is drawn on a screen."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from raincast.verification.records import Evaluation

Curves = Mapping[str, Any]


def figures(curves: Curves) -> dict[str, Figure]:
    """One figure for each kind of curve that is there: `reliability`, `roc`, `skill_by_station`,
    `importance`.
    """
    regimes = curves.get("regimes", {})
    found = {}
    if any(part.get("reliability") for part in regimes.values()):
        found["reliability"] = _reliability(regimes)
    if any(part.get("roc") for part in regimes.values()):
        found["roc"] = _roc(regimes)
    if any(part.get("stations") for part in regimes.values()):
        found["skill_by_station"] = _stations(regimes)
    if curves.get("importance"):
        found["importance"] = _importance(curves["importance"])
    return found


def of_evaluation(found: Evaluation) -> dict[str, Figure]:
    """Reliability, ROC and Brier skill by station of an evaluation."""
    regimes = {
        name: {
            "reliability": [dict(bin) for bin in part.reliability],
            "roc": part.roc,
            "stations": {s: scores.brier_skill for s, scores in part.stations.items()},
        }
        for name, part in found.regimes.items()
    }
    return figures({"regimes": regimes})


def _axes(title: str, x: str, y: str, size: tuple[float, float] = (6, 6)) -> tuple[Figure, Axes]:
    figure = Figure(size, layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=x, ylabel=y)
    return figure, axes


def _reliability(regimes: Mapping[str, Any]) -> Figure:
    figure, axes = _axes("Reliability", "chance of rain forecast", "share of days with rain")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for name, part in regimes.items():
        bins = [bin for bin in part.get("reliability", ()) if bin["n"]]
        axes.plot(
            [b["mean_forecast"] for b in bins],
            [b["observed"] for b in bins],
            marker="o",
            label=name,
        )
    axes.legend()
    return figure


def _roc(regimes: Mapping[str, Any]) -> Figure:
    figure, axes = _axes("ROC", "false alarm rate", "hit rate")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for name, part in regimes.items():
        if part.get("roc"):
            axes.plot(*zip(*part["roc"], strict=True), label=name)
    axes.legend()
    return figure


def _stations(regimes: Mapping[str, Any]) -> Figure:
    names = sorted({station for part in regimes.values() for station in part.get("stations", ())})
    figure, axes = _axes(
        "Skill by station", "Brier skill against climatology", "", (7, 2 + 0.2 * len(names))
    )
    for name, part in regimes.items():
        here = [
            (skill, place)
            for place in names
            if (skill := part.get("stations", {}).get(place)) is not None
        ]
        axes.scatter([skill for skill, _ in here], [place for _, place in here], s=14, label=name)
    axes.axvline(0, color="grey", linewidth=1)
    axes.invert_yaxis()
    axes.legend()
    return figure


def _importance(shares: Mapping[str, float]) -> Figure:
    figure, axes = _axes(
        "What the trees look at", "share of the gain", "", (7, 2 + 0.2 * len(shares))
    )
    axes.barh(list(shares), list(shares.values()))
    axes.invert_yaxis()
    return figure
