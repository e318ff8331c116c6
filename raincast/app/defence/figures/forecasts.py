"""The forecasts: on the map, and against the baselines."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import FigureBase

from raincast.app.charts import outline
from raincast.app.colours import BLUE, CHANCE, GREY, INK, LAND, LINE, MUTED, ORANGE
from raincast.app.defence.figures.parts import axes, is_wide, tenths
from raincast.app.words import Words
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force

_RAIN = LinearSegmentedColormap.from_list("rain", list(CHANCE))


def stations(figure: FigureBase, t: Words) -> None:
    """Australia and the stations of the network."""
    ax = axes(figure, (0.12, 0.0, 0.76, 1.0), (0.0, 0.02, 1.0, 0.96))
    _coast(ax)
    x, y = np.array([outline.place(name) for name in in_force().locations]).T
    ax.scatter(x, y, 70, color=BLUE, edgecolor=INK, linewidth=0.8, zorder=3)
    _far(ax, t)
    ax.set_aspect(1 / outline.NARROW)


def _coast(ax: Axes) -> None:
    ax.set_axis_off()
    for ring in outline.rings():
        ax.fill(*np.array(ring).T, LAND, edgecolor="#C9C4B4", linewidth=0.8)


def chance_map(figure: FigureBase, newest: pd.DataFrame, t: Words) -> None:
    """The newest forecasts on the map."""
    ax = axes(figure, (0.12, 0.02, 0.7, 0.96), (0.0, 0.2, 1.0, 0.78))
    _coast(ax)
    rows = newest.sort_values("rain_probability")
    x, y = np.array([outline.place(name) for name in rows["location"]]).T
    for wet, marker, size in ((0, "o", 90), (1, "D", 110)):
        part = (rows["predicted_rain"] == wet).to_numpy()
        style: dict[str, Any] = {
            "cmap": _RAIN,
            "vmin": 0,
            "vmax": 1,
            "edgecolor": INK,
            "linewidth": 0.8,
            "zorder": 3,
        }
        drawn = ax.scatter(
            x[part], y[part], size, rows["rain_probability"][part], marker=marker, **style
        )
    _far(ax, t)
    ax.set_aspect(1 / outline.NARROW)
    place: dict[str, Any] = (
        {"ax": ax, "shrink": 0.55, "aspect": 22}
        if is_wide(figure)
        else {"cax": figure.add_axes((0.1, 0.14, 0.8, 0.03)), "orientation": "horizontal"}
    )
    bar = figure.colorbar(
        drawn, label=t("stations.scale"), format=lambda v, _: t.percent(v), **place
    )
    bar.outline.set_visible(False)


def _far(ax: Axes, t: Words) -> None:
    """A box around each station that is drawn nearer than it lies."""
    half = 2.2
    for name, (x, y) in outline.FAR.items():
        sides = ((x - half, x + half, x + half, x - half), (y - half, y - half, y + half, y + half))
        ax.fill(*sides, fill=False, edgecolor=LINE, linewidth=1)
        told = t.place(name).replace(" ", "\n")
        ax.text(x, y - half - 0.5, told, fontsize=12, ha="center", va="top", color=MUTED)


def baselines(figure: FigureBase, regimes: Mapping[str, Any], t: Words) -> None:
    """ROC AUC of the model and of its baselines in each regime, with their intervals."""
    ax = axes(figure, (0.09, 0.12, 0.64, 0.8), (0.16, 0.3, 0.81, 0.66))
    for i, (name, colour, marker) in enumerate(
        zip(_RIVALS, (BLUE, ORANGE, GREY, INK), "oDs^", strict=True)
    ):
        for at, regime in enumerate(REGIMES):
            found = (
                regimes[regime] if name == "raincast" else regimes[regime]["opponents"].get(name)
            )
            if not found:
                continue
            low, high = (found.get("intervals") or {}).get("roc_auc") or (found["roc_auc"],) * 2
            x = at + (i - 1.5) * 0.16
            ax.plot([x, x], [low, high], color=colour, linewidth=3, alpha=0.5)
            label = t(f"slides.rival_{name}") if at == 0 else None
            ax.plot(
                x,
                found["roc_auc"],
                marker,
                color=colour,
                markersize=10,
                label=label,
                linestyle="none",
            )
            if name == "raincast":
                ax.annotate(
                    t.number(found["roc_auc"], 3),
                    (x, high),
                    (0, 8),
                    textcoords="offset points",
                    ha="center",
                    color=BLUE,
                )
    ax.set_xticks(range(len(REGIMES)), [t.regime(name) for name in REGIMES])
    ax.set_xlim(-0.5, len(REGIMES) - 0.5)
    ax.set_ylim(0.5, 1.0)
    ax.set_ylabel("ROC AUC")
    tenths(ax, t)
    ax.grid(visible=False, axis="x")
    if is_wide(figure):
        ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), labelspacing=1.2)
    else:
        ax.legend(loc="upper left", bbox_to_anchor=(-0.12, -0.1), ncols=2)


_RIVALS = ("raincast", "logistic_regression", "climatology", "persistence")
