"""The figures of the slides, drawn with Matplotlib: the same on the screen and in the PDF.

Each draws into an empty figure or part of one, about twice as wide as it is high.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import FigureBase
from matplotlib.patches import FancyBboxPatch

from raincast.app import charts
from raincast.app.colours import BAND, BLUE, CHANCE, GREY, INK, LAND, LINE, MUTED, ORANGE
from raincast.app.words import Words
from raincast.availability import REGIMES

STYLE: Any = {
    "font.size": 13, "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": LINE, "axes.spines.top": False,
    "axes.spines.right": False, "xtick.color": MUTED, "ytick.color": MUTED, "axes.grid": True, "grid.color": LINE,
    "grid.linewidth": 0.7, "axes.axisbelow": True, "legend.frameon": False, "font.family": ["Source Sans", "DejaVu Sans"],
    "svg.fonttype": "none", "pdf.fonttype": 42,
}  # fmt: skip
"""For `matplotlib.rc_context` around every drawing."""

_RAIN = LinearSegmentedColormap.from_list("rain", list(CHANCE))


def _axes(figure: FigureBase, box: Sequence[float] = (0.09, 0.14, 0.88, 0.76)) -> Axes:
    return figure.add_axes((box[0], box[1], box[2], box[3]))


def chance_map(figure: FigureBase, newest: pd.DataFrame, t: Words) -> None:
    """The newest forecasts on the map."""
    ax = _axes(figure, (0.12, 0.02, 0.7, 0.96))
    ax.set_axis_off()
    lon, lat = (np.array([np.nan if v is None else v for v in values], float) for values in charts.coast())
    ends = np.flatnonzero(np.isnan(lon))
    for begin, end in zip([0, *(ends[:-1] + 1)], ends, strict=True):
        ax.fill(lon[begin:end], lat[begin:end], LAND, edgecolor="#C9C4B4", linewidth=0.8)
    rows = newest.sort_values("rain_probability")
    x, y = np.array([charts.place(name) for name in rows["location"]]).T
    for wet, marker, size in ((0, "o", 90), (1, "D", 110)):
        part = (rows["predicted_rain"] == wet).to_numpy()
        style: dict[str, Any] = {"cmap": _RAIN, "vmin": 0, "vmax": 1, "edgecolor": INK, "linewidth": 0.8, "zorder": 3}
        drawn = ax.scatter(x[part], y[part], size, rows["rain_probability"][part], marker=marker, **style)
    ax.plot([155.2, 159.8, 159.8, 155.2, 155.2], [-29.2, -29.2, -25, -25, -29.2], color=LINE, linewidth=1)
    ax.text(157.5, -30.4, "Norfolk Island", fontsize=9.5, ha="center", color=MUTED)
    ax.set_aspect(1 / charts.NARROW)
    bar = figure.colorbar(drawn, ax=ax, shrink=0.55, aspect=22, label=t("stations.scale"))
    bar.ax.yaxis.set_major_formatter(lambda value, _: t.percent(value))
    bar.outline.set_visible(False)


def opponents(figure: FigureBase, regimes: Mapping[str, Any], t: Words) -> None:
    """ROC AUC of the model and of its opponents in each regime, with their intervals."""
    ax = _axes(figure, (0.09, 0.12, 0.66, 0.8))
    for i, (name, colour, marker) in enumerate(zip(_RIVALS, (BLUE, ORANGE, GREY, INK), "oDs^", strict=True)):
        for at, regime in enumerate(REGIMES):
            found = regimes[regime] if name == "raincast" else regimes[regime]["opponents"].get(name)
            if not found:
                continue
            low, high = (found.get("intervals") or {}).get("roc_auc") or (found["roc_auc"],) * 2
            x = at + (i - 1.5) * 0.16
            ax.plot([x, x], [low, high], color=colour, linewidth=3, alpha=0.5)
            label = t(f"slides.rival_{name}") if at == 0 else None
            ax.plot(x, found["roc_auc"], marker, color=colour, markersize=10, label=label, linestyle="none")
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
    _tenths(ax, t)
    ax.grid(visible=False, axis="x")
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), labelspacing=1.2)


_RIVALS = ("raincast", "logistic_regression", "climatology", "persistence")


def _tenths(ax: Axes, t: Words) -> None:
    ax.yaxis.set_major_formatter(lambda value, _: t.number(value, 1))


def _boxes(
    ax: Axes, texts: Sequence[tuple[str, str]], y: float = 0.62, height: float = 0.34, arrows: bool = True
) -> None:
    """Boxes in a row, one leading to the next where there are arrows: a name, and what is true of it now."""
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    width, gap = 0.9 / len(texts), 0.1 / max(1, len(texts) - 1)
    for i, (name, now) in enumerate(texts):
        x = i * (width + gap)
        ax.add_patch(
            FancyBboxPatch(
                (x + 0.012, y - height / 2), width - 0.024, height, "round,pad=0.01", fc=BAND, ec=BLUE, lw=1.4
            )
        )
        ax.text(x + width / 2, y + 0.085, name, ha="center", va="center", fontsize=14, fontweight="bold")
        for n, line in enumerate(now.split("\n")):
            ax.text(x + width / 2, y - 0.03 - 0.1 * n, line, ha="center", va="center", fontsize=11.5, color=MUTED)
        if i and arrows:
            style = {"arrowstyle": "-|>", "color": BLUE, "lw": 1.8}
            ax.annotate("", (x + 0.002, y), (x - gap - 0.002, y), arrowprops=style)


def service(figure: FigureBase, boxes: Sequence[tuple[str, str]], made: pd.DataFrame, t: Words) -> None:
    """The way of a request, and how many forecasts were written down per day."""
    _boxes(_axes(figure, (0.02, 0.5, 0.96, 0.5)), boxes)
    ax = _axes(figure, (0.09, 0.1, 0.88, 0.36))
    bottom = np.zeros(len(made))
    order = [name for name in (*REGIMES, "not recorded") if name in made]
    for name, colour, hatch in zip(order, (CHANCE[1][1], BLUE, INK, GREY), ("", "//", "..", "xx"), strict=False):
        ax.bar(
            made.index, made[name], bottom=bottom, color=colour, hatch=hatch, edgecolor="white", label=name, width=0.8
        )
        bottom += made[name].to_numpy()
    ax.set_ylabel(t("slides.per_day"))
    _dates(ax)
    ax.legend(ncols=4, loc="upper left", bbox_to_anchor=(0, 1.22))


def _dates(ax: Axes) -> None:
    locator = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ticks = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "", ""]
    offsets = ["", "%Y", "%Y", "%Y-%m-%d", "", ""]
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, formats=ticks, offset_formats=offsets))  # type: ignore[no-untyped-call]
    ax.grid(visible=False, axis="x")


def recall(figure: FigureBase, points: pd.DataFrame, threshold: float, t: Words) -> None:
    """The live recall over time, its interval and the threshold."""
    ax = _axes(figure)
    x = points["target_date"]
    ax.fill_between(x, points["recall_low"], points["recall_high"], color=BLUE, alpha=0.18, label=t("slides.interval"))
    sure = points.dropna(subset=["recall_low"])
    ax.plot(x, points["recall"], "o-", color=GREY, markerfacecolor="white", label=t("slides.too_few"))
    ax.plot(sure["target_date"], sure["recall"], "o-", color=BLUE, linewidth=2.5, label=t("figures.recall"))
    ax.axhline(
        threshold, color=ORANGE, linestyle="--", linewidth=2, label=t("quality.threshold", value=t.number(threshold, 2))
    )
    ax.set_ylim(0, 1.03)
    ax.set_ylabel(t("figures.recall"))
    _tenths(ax, t)
    _dates(ax)
    ax.legend(ncols=4, loc="lower left", bbox_to_anchor=(0, 1.0))


def quadrants(figure: FigureBase, evidence: Mapping[str, Any], t: Words) -> None:
    """Where the recall and the new rows stand between the four cases."""
    limits, value = evidence["limits"], evidence["recall_live"]
    ax = _axes(figure, (0.1, 0.15, 0.86, 0.8))
    reach = 2 * max(limits["new_rows"], min(evidence["new_rows"], 5 * limits["new_rows"])) or 1
    low, edge = limits["recall"], limits["new_rows"]
    ax.axvspan(edge, reach, 0, low, color=ORANGE, alpha=0.16)
    ax.axvline(edge, color=INK, linestyle="--", linewidth=1.2)
    ax.axhline(low, color=INK, linestyle="--", linewidth=1.2)
    for x, y, key in ((edge / 2, low / 2, "A"), ((edge + reach) / 2, (1 + low) / 2, "B"), ((edge + reach) / 2, low / 2, "C"),
                      (edge / 2, (1 + low) / 2, "healthy")):  # fmt: skip
        ax.text(x, y, t(f"slides.case_{key}"), ha="center", va="center", fontsize=12.5, color=INK, linespacing=1.5)
    ends = evidence["recall_interval"]["interval"]
    shown = min(evidence["new_rows"], reach)
    if ends:
        ax.plot([shown, shown], ends, color=BLUE, linewidth=5, alpha=0.4, clip_on=False)
    if value is not None:
        ax.plot(shown, value, "o", color=BLUE, markersize=15, clip_on=False, zorder=5)
        ax.annotate(
            t("slides.today"),
            (shown, value),
            (14, 0),
            textcoords="offset points",
            va="center",
            color=BLUE,
            fontweight="bold",
        )
    ax.set(xlim=(0, reach), ylim=(0, 1), xlabel=t("decision.new_rows"), ylabel=t("decision.recall"))
    _tenths(ax, t)
    ax.grid(visible=False)


def trials(figure: FigureBase, found: pd.DataFrame, t: Words) -> None:
    """What each trial was worth, and the best so far."""
    ax = _axes(figure, (0.11, 0.15, 0.86, 0.74))
    ax.plot(found["number"], found["value"], "D", color=ORANGE, markersize=9, label=t("search.trial"))
    ax.step(found["number"], found["best"], where="post", color=BLUE, linewidth=2.5, label=t("search.best"))
    ax.set(xlabel=t("search.number"), ylabel=t("search.value"))
    ax.xaxis.get_major_locator().set_params(integer=True)  # type: ignore[call-arg]
    ax.yaxis.set_major_formatter(lambda value, _: t.number(value, 3))
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0))


def consumed(figure: FigureBase, rows: pd.DataFrame, marks: Mapping[str, Any], t: Words) -> None:
    """Live rows by feature date, the history's end and the watermark."""
    ax = _axes(figure, (0.09, 0.14, 0.88, 0.7))
    for new, colour, hatch, key in ((False, GREY, "//", "decision.consumed"), (True, BLUE, "", "decision.new")):
        part = rows[rows["new"] == new]
        ax.bar(
            part["feature_date"], part["rows"], color=colour, hatch=hatch, edgecolor="white", label=t(key), width=0.8
        )
    for day, colour, key in _lines(marks):
        line = float(date2num(day)) + 0.5  # type: ignore[no-untyped-call]
        ax.axvline(
            line,
            color=colour,
            linewidth=2.5,
            linestyle="--",
            label=t(key, day=t.day(day)),
        )
    ax.set_ylabel(t("decision.rows_axis"))
    _dates(ax)
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0))


def _lines(marks: Mapping[str, Any]) -> list[tuple[date, str, str]]:
    mark = marks["watermark"]
    last = date.fromisoformat(mark["last_feature_date"]) if mark else None
    found = ((marks["history_end"], INK, "slides.history_end"), (last, ORANGE, "slides.watermark_line"))
    return [(day, colour, key) for day, colour, key in found if day]


def chain(figure: FigureBase, links: Sequence[tuple[str, str]], tools: Sequence[tuple[str, str]]) -> None:
    """What each thing follows from, and below it the tools that keep it."""
    _boxes(_axes(figure, (0.02, 0.48, 0.96, 0.5)), links, 0.5, 0.62)
    _boxes(_axes(figure, (0.02, 0.02, 0.96, 0.42)), tools, 0.5, 0.56, arrows=False)
