"""The figures of the slides, drawn with Matplotlib: the same on the screen and in the PDF.

Each draws into an empty figure or part of one: about twice as wide as it is high, or as high as it
is wide, for a telephone.
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
from matplotlib.patches import Rectangle

from raincast.app.charts import outline
from raincast.app.colours import BAND, BLUE, CHANCE, GREY, INK, LAND, LINE, MUTED, ORANGE
from raincast.app.loop_files import Marks
from raincast.app.words import Words
from raincast.decisions.verdict import Evidence
from raincast.observations.availability import REGIMES

STYLE: Any = {
    "font.size": 14,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "font.family": ["Source Sans", "DejaVu Sans"],
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}
"""For `matplotlib.rc_context` around every drawing."""

_RAIN = LinearSegmentedColormap.from_list("rain", list(CHANCE))


Box = tuple[float, float, float, float]


def _is_wide(figure: FigureBase) -> bool:
    box = figure.bbox  # type: ignore[attr-defined]  # of figures and of their parts alike
    return bool(box.width > 1.4 * box.height)


def _axes(figure: FigureBase, wide: Box, narrow: Box) -> Axes:
    return figure.add_axes(wide if _is_wide(figure) else narrow)


def chance_map(figure: FigureBase, newest: pd.DataFrame, t: Words) -> None:
    """The newest forecasts on the map."""
    ax = _axes(figure, (0.12, 0.02, 0.7, 0.96), (0.0, 0.02, 0.86, 0.96))
    ax.set_axis_off()
    for ring in outline.rings():
        ax.fill(*np.array(ring).T, LAND, edgecolor="#C9C4B4", linewidth=0.8)
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
    ax.plot(
        [155.2, 159.8, 159.8, 155.2, 155.2],
        [-29.2, -29.2, -25, -25, -29.2],
        color=LINE,
        linewidth=1,
    )
    ax.text(157.5, -30.4, "Norfolk Island", fontsize=9.5, ha="center", color=MUTED)
    ax.set_aspect(1 / outline.NARROW)
    bar = figure.colorbar(drawn, ax=ax, shrink=0.55, aspect=22, label=t("stations.scale"))
    bar.ax.yaxis.set_major_formatter(lambda value, _: t.percent(value))
    bar.outline.set_visible(False)


def baselines(figure: FigureBase, regimes: Mapping[str, Any], t: Words) -> None:
    """ROC AUC of the model and of its baselines in each regime, with their intervals."""
    ax = _axes(figure, (0.09, 0.12, 0.64, 0.8), (0.16, 0.3, 0.81, 0.66))
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
    _tenths(ax, t)
    ax.grid(visible=False, axis="x")
    if _is_wide(figure):
        ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), labelspacing=1.2)
    else:
        ax.legend(loc="upper left", bbox_to_anchor=(-0.12, -0.1), ncols=2)


_RIVALS = ("raincast", "logistic_regression", "climatology", "persistence")


def _tenths(ax: Axes, t: Words) -> None:
    ax.yaxis.set_major_formatter(lambda value, _: t.number(value, 1))


def _boxes(ax: Axes, texts: Sequence[tuple[str, str]], per_row: int, arrows: bool = True) -> None:
    """Boxes in rows, one leading to the next where there are arrows: a name, and what is true of it
    now.
    """
    ax.set_axis_off()
    rows = -(-len(texts) // per_row)
    ax.set(xlim=(0, per_row), ylim=(rows, 0))
    for i, (name, now) in enumerate(texts):
        row, column = divmod(i, per_row)
        _box(ax, (column + 0.5, row + 0.5), name, now)
        if i and arrows:
            _arrow(ax, column, row, per_row)


def _box(ax: Axes, at: tuple[float, float], name: str, now: str) -> None:
    x, y = at
    ax.add_patch(Rectangle((x - 0.44, y - 0.36), 0.88, 0.72, fc=BAND, ec=BLUE, lw=1.4))
    ax.text(x, y - 0.2, name, ha="center", va="center", fontsize=15, fontweight="bold")
    ax.text(x, y - 0.07, now, ha="center", va="top", fontsize=12.5, color=MUTED, linespacing=1.4)


def _arrow(ax: Axes, column: int, row: int, per_row: int) -> None:
    """From the box before: beside it, or at the end of the row above."""
    ends = ((column + 0.06, row + 0.5), (column - 0.06, row + 0.5))
    if not column:
        ends = ((0.7, row + 0.14), (per_row - 0.7, row - 0.14))
    ax.annotate(
        "",
        *ends,
        arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 1.8, "shrinkA": 0, "shrinkB": 0},
    )


def service(
    figure: FigureBase, boxes: Sequence[tuple[str, str]], made: pd.DataFrame, t: Words
) -> None:
    """The way of a request, and how many forecasts were written down per day."""
    _boxes(
        _axes(figure, (0.02, 0.56, 0.96, 0.42), (0, 0.52, 1, 0.48)),
        boxes,
        4 if _is_wide(figure) else 2,
    )
    ax = _axes(figure, (0.09, 0.1, 0.88, 0.32), (0.16, 0.1, 0.81, 0.28))
    bottom = np.zeros(len(made))
    names = {name: t.regime(name) for name in REGIMES} | {"not recorded": t("shared.not_recorded")}
    order = [name for name in names if name in made]
    for name, colour, hatch in zip(
        order, (CHANCE[1][1], BLUE, INK, GREY), ("", "//", "..", "xx"), strict=False
    ):
        ax.bar(
            made.index,
            made[name],
            bottom=bottom,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=names[name],
            width=0.8,
        )
        bottom += made[name].to_numpy()
    ax.set_ylabel(t("slides.per_day"))
    _dates(ax)
    ax.legend(ncols=4, loc="lower left", bbox_to_anchor=(0, 0.98))


def _dates(ax: Axes) -> None:
    locator = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ticks = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "", ""]
    offsets = ["", "%Y", "%Y", "%Y-%m-%d", "", ""]
    form = ConciseDateFormatter(  # type: ignore[no-untyped-call]
        locator, formats=ticks, offset_formats=offsets
    )
    ax.xaxis.set_major_formatter(form)
    ax.grid(visible=False, axis="x")


def recall(figure: FigureBase, points: pd.DataFrame, threshold: float, t: Words) -> None:
    """The live recall over time, its interval and the threshold."""
    ax = _axes(figure, (0.09, 0.14, 0.88, 0.76), (0.16, 0.12, 0.81, 0.7))
    x = points["target_date"]
    ax.fill_between(
        x,
        points["recall_low"],
        points["recall_high"],
        color=BLUE,
        alpha=0.18,
        label=t("slides.interval"),
    )
    sure = points.dropna(subset=["recall_low"])
    ax.plot(
        x, points["recall"], "o-", color=GREY, markerfacecolor="white", label=t("slides.too_few")
    )
    ax.plot(
        sure["target_date"],
        sure["recall"],
        "o-",
        color=BLUE,
        linewidth=2.5,
        label=t("figures.recall"),
    )
    ax.axhline(
        threshold,
        color=ORANGE,
        linestyle="--",
        linewidth=2,
        label=t("quality.threshold", value=t.number(threshold, 2)),
    )
    ax.set_ylim(0, 1.03)
    ax.set_ylabel(t("figures.recall"))
    _tenths(ax, t)
    _dates(ax)
    ax.legend(ncols=4 if _is_wide(figure) else 2, loc="lower left", bbox_to_anchor=(0, 1.0))


def quadrants(figure: FigureBase, evidence: Evidence, t: Words) -> None:
    """Where the recall and the new rows stand between the four cases."""
    limits, value = evidence.limits, evidence.recall_live
    ax = _axes(figure, (0.1, 0.15, 0.86, 0.8), (0.16, 0.13, 0.8, 0.83))
    reach = 2 * max(limits.new_rows, min(evidence.new_rows, 5 * limits.new_rows)) or 1
    low, edge = limits.recall, limits.new_rows
    ax.axvspan(edge, reach, 0, low, color=ORANGE, alpha=0.16)
    ax.axvline(edge, color=INK, linestyle="--", linewidth=1.2)
    ax.axhline(low, color=INK, linestyle="--", linewidth=1.2)
    for x, y, key in (
        (edge / 2, low / 2, "A"),
        ((edge + reach) / 2, (1 + low) / 2, "B"),
        ((edge + reach) / 2, low / 2, "C"),
        (edge / 2, (1 + low) / 2, "healthy"),
    ):
        ax.text(
            x,
            y,
            t(f"slides.case_{key}"),
            ha="center",
            va="center",
            fontsize=14,
            color=INK,
            linespacing=1.5,
        )
    _falls(ax, edge, reach, low, t)
    ends = evidence.recall_interval.interval
    shown = min(evidence.new_rows, reach)
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


def _falls(ax: Axes, edge: float, reach: float, low: float, t: Words) -> None:
    """Case D: after a search the new rows fall back to none."""
    style = {"arrowstyle": "-|>", "color": ORANGE, "lw": 2}
    ax.annotate("", (0.02 * reach, 0.22 * low), ((edge + reach) / 2, 0.22 * low), arrowprops=style)
    ax.text(0.05 * reach, 0.1 * low, t("slides.case_D"), va="center", fontsize=12.5, color=ORANGE)


def trials(figure: FigureBase, found: pd.DataFrame, t: Words) -> None:
    """What each trial was worth, and the best so far."""
    ax = _axes(figure, (0.11, 0.15, 0.86, 0.74), (0.21, 0.13, 0.76, 0.74))
    ax.plot(
        found["number"], found["value"], "D", color=ORANGE, markersize=9, label=t("search.trial")
    )
    ax.step(
        found["number"],
        found["best"],
        where="post",
        color=BLUE,
        linewidth=2.5,
        label=t("search.best"),
    )
    ax.set(xlabel=t("search.number"), ylabel=t("search.value"))
    ax.xaxis.get_major_locator().set_params(integer=True)  # type: ignore[call-arg]
    ax.yaxis.set_major_formatter(lambda value, _: t.number(value, 3))
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0))


def consumed(figure: FigureBase, rows: pd.DataFrame, marks: Marks, t: Words) -> None:
    """Live rows by feature date, the history's end and the watermark."""
    ax = _axes(figure, (0.09, 0.14, 0.88, 0.7), (0.16, 0.12, 0.81, 0.58))
    for new, colour, hatch, key in (
        (False, GREY, "//", "decision.consumed"),
        (True, BLUE, "", "decision.new"),
    ):
        part = rows[rows["new"] == new]
        if part.empty:
            continue
        ax.bar(
            part["feature_date"],
            part["rows"],
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=t(key),
            width=0.8,
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
    ax.legend(
        ncols=2 if _is_wide(figure) else 1,
        loc="lower left",
        bbox_to_anchor=(0 if _is_wide(figure) else -0.17, 1.0),
    )


def _lines(marks: Marks) -> list[tuple[date, str, str]]:
    last = marks.watermark.last_feature_date if marks.watermark else None
    found = (
        (marks.history_end, INK, "slides.history_end"),
        (last, ORANGE, "slides.watermark_line"),
    )
    return [(day, colour, key) for day, colour, key in found if day]


def chain(
    figure: FigureBase, links: Sequence[tuple[str, str]], tools: Sequence[tuple[str, str]]
) -> None:
    """What each thing follows from, and below it the tools that keep it."""
    wide = _is_wide(figure)
    _boxes(_axes(figure, (0.02, 0.46, 0.96, 0.52), (0, 0.4, 1, 0.6)), links, 5 if wide else 2)
    _boxes(
        _axes(figure, (0.02, 0.02, 0.96, 0.36), (0, 0, 1, 0.36)),
        tools,
        4 if wide else 2,
        arrows=False,
    )
