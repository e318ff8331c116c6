"""The pictures of a replay, as PNG; colours that colour-blind people tell apart."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from raincast.observations.network import in_force

BLUE, ORANGE, GREEN, PINK, GREY = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#666666"
COLOURS = (BLUE, ORANGE, GREEN, PINK, "#e69f00", "#56b4e9", "#222222")

Account = Mapping[str, Any]


def new(wide: float = 8.0, high: float = 4.0) -> tuple[Figure, Axes]:
    """One empty picture, inches wide and high."""
    figure = Figure(figsize=(wide, high), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def save(figure: Figure, path: Path) -> None:
    """Writes a picture without the date or the program that made it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def reliability(regimes: Mapping[str, Account], path: Path) -> None:
    """How often it rained for each forecast chance, by regime."""
    figure, axes = new(5.2, 5.0)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, label="perfect")
    for (name, found), colour in zip(regimes.items(), COLOURS, strict=False):
        bins = [row for row in found["reliability"] if row["n"]]
        forecast, seen = [row["mean_forecast"] for row in bins], [row["observed"] for row in bins]
        axes.plot(
            forecast, seen, "o-", color=colour, label=f"{name} (n = {found['n']:,})", markersize=5
        )
    axes.set(
        xlabel="chance of rain that was forecast",
        ylabel="share of days on which it rained",
        title="Reliability",
    )
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.legend(frameon=False)
    save(figure, path)


def station_map(rows: Sequence[Account], path: Path) -> None:
    """Each station's Brier skill where it stands."""
    skill = {row["location"]: row["brier_skill"] for row in rows}
    here = [s for s in in_force().stations if skill.get(s.location) is not None]
    figure, axes = new(7.4, 5.6)
    x, y = [s.longitude for s in here], [s.latitude for s in here]
    dots = axes.scatter(
        x,
        y,
        c=[skill[s.location] for s in here],
        cmap="cividis",
        s=70,
        edgecolors="black",
        linewidths=0.5,
    )
    worst = sorted(here, key=lambda s: skill[s.location])[:5]
    for station in worst:
        axes.annotate(
            station.location,
            (station.longitude, station.latitude),
            xytext=(5, -11),
            textcoords="offset points",
        )
    figure.colorbar(dots, label="Brier skill", shrink=0.8)
    axes.set(
        xlabel="longitude, ° east",
        ylabel="latitude, °",
        title="Skill by station; the five lowest are named",
    )
    axes.set_aspect(1.2)
    save(figure, path)


def value(regimes: Mapping[str, Account], path: Path) -> None:
    """What the forecast is worth to users of each cost-loss ratio, by regime."""
    figure, axes = new(7.0, 4.0)
    for (name, found), colour in zip(regimes.items(), COLOURS, strict=False):
        ratios, worth = zip(*((row["ratio"], row["value"]) for row in found["value"]), strict=True)
        axes.plot(ratios, np.array(worth, dtype=float), color=colour, label=name)
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set(
        xlabel="cost of protection / loss that it averts",
        ylabel="relative economic value",
        ylim=(-0.2, 1.0),
    )
    axes.set_title("Value; 1 is a perfect forecast, 0 is always or never protecting")
    axes.legend(frameon=False)
    save(figure, path)


def delays(worlds: Mapping[str, Account], path: Path) -> None:
    """By simulated climate, how often either rule triggers in a year."""
    figure, axes = new(8.0, 3.6)
    names = list(worlds)
    for offset, (rule, colour) in enumerate((("specification", ORANGE), ("interval", BLUE))):
        rates = [worlds[name][rule]["triggers_per_year_after"] for name in names]
        axes.barh(np.arange(len(names)) + 0.36 * offset, rates, 0.34, color=colour, label=rule)
    axes.set_yticks(np.arange(len(names)) + 0.18, names)
    axes.set(xlabel="triggers a year, in the days after the change", xscale="symlog")
    axes.invert_yaxis()
    axes.legend(frameon=False, ncols=2, loc="lower left", bbox_to_anchor=(0, 1))
    save(figure, path)


class Point(NamedTuple):
    """A rule at one limit: false alarms a year, and the shares of changes noticed in 60 and in 14
    days; `at` is empty for the default.
    """

    at: str
    replays: int
    false_alarms: float
    noticed: float
    soon: float


def alarms(curves: Mapping[str, Sequence[Point]], path: Path) -> None:
    """False alarms against changes noticed: filled within 60 days, hollow within 14."""
    figure, axes = new(7.2, 4.4)
    for (rule, points), colour in zip(curves.items(), (ORANGE, BLUE, GREEN), strict=True):
        rates = [p.false_alarms for p in points]
        axes.plot(rates, [p.noticed for p in points], "o-", color=colour, label=rule)
        soon = [p.soon for p in points]
        axes.plot(rates, soon, "o--", color=colour, markerfacecolor="white")
    axes.axvline(1, color=GREY, linewidth=0.8)
    axes.set(xlabel="false alarms a year", ylabel="share of changes noticed", ylim=(-0.03, 1.03))
    axes.set_xscale("symlog", linthresh=0.5)
    axes.set_xlim(left=0)
    axes.set_title("Solid: within 60 days; dashed: within 14", fontsize=10)
    axes.legend(frameon=False)
    save(figure, path)
