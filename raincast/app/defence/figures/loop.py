"""The loop: the recall, the decision, the search, the live rows."""

import textwrap
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import FigureBase

from raincast.app.colours import BLUE, GREY, INK, ORANGE
from raincast.app.defence.figures.parts import axes, dates, is_wide, tenths
from raincast.app.loop_files import Marks
from raincast.app.words import Words
from raincast.decisions.decided import Evidence


def recall(figure: FigureBase, points: pd.DataFrame, threshold: float, t: Words) -> None:
    """The live recall over time, its interval and the threshold."""
    ax = axes(figure, (0.09, 0.14, 0.88, 0.76), (0.16, 0.12, 0.81, 0.7))
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
    tenths(ax, t)
    dates(ax, t)
    wide = is_wide(figure)
    ax.legend(
        ncols=4 if wide else 2,
        loc="lower left",
        bbox_to_anchor=(0 if wide else -0.2, 1.0),
        fontsize=14 if wide else 12,
    )


def quadrants(figure: FigureBase, evidence: Evidence, t: Words) -> None:
    """Where the recall and the new rows stand between the four cases. The axis of the rows is that
    of their square roots, so that the cases of few rows have room for their names.
    """
    limits, value = evidence.limits, evidence.recall_live
    ax = axes(figure, (0.1, 0.15, 0.86, 0.74), (0.16, 0.13, 0.8, 0.78))
    reach = 2 * max(4 * limits.new_rows, min(evidence.new_rows, 5 * limits.new_rows)) or 1
    low, edge = limits.recall, limits.new_rows
    few, many = _middle(0, edge), _middle(edge, reach)
    ax.set_xlim(0, reach)
    ax.set_xscale("function", functions=(np.sqrt, np.square))
    ax.set_xticks(sorted({0, edge, reach // 2, reach}))
    ax.axvspan(edge, reach, 0, low, color=ORANGE, alpha=0.16)
    ax.axvline(edge, color=INK, linestyle="--", linewidth=1.2)
    ax.axhline(low, color=INK, linestyle="--", linewidth=1.2)
    for x, y, key in (
        (few, low / 2, "A"),
        (many, (1 + low) / 2, "B"),
        (many, low / 2, "C"),
        (few, (1 + low) / 2, "healthy"),
    ):
        name, _, said = t(f"slides.case_{key}").partition("\n")
        ax.text(
            x,
            y,
            f"{name}\n{said if is_wide(figure) else textwrap.fill(said, 14)}".strip(),
            ha="center",
            va="center",
            fontsize=14,
            color=INK,
            linespacing=1.5,
        )
    told = t("slides.case_D")
    _falls(ax, edge, many, low, told if is_wide(figure) else textwrap.fill(told, 25))
    ends = evidence.recall_interval.interval
    shown = min(evidence.new_rows, reach)
    if ends:
        ax.plot([shown, shown], ends, color=BLUE, linewidth=5, alpha=0.4, clip_on=False)
    if value is not None:
        ax.plot(shown, value, "o", color=BLUE, markersize=15, clip_on=False, zorder=5)
        ax.annotate(
            t("slides.today"),
            (shown, value),
            (8, 18 if value >= low else -18),  # beside the line of the threshold, not on it
            textcoords="offset points",
            ha="right" if shown > many else "left",
            va="center",
            color=BLUE,
            fontweight="bold",
        )
    ax.set(ylim=(0, 1), xlabel=t("decision.new_rows"), ylabel=t("decision.recall"))
    tenths(ax, t)
    ax.grid(visible=False)


def _middle(low: float, high: float) -> float:
    """What stands in the middle of a span on an axis of square roots."""
    return float(((np.sqrt(low) + np.sqrt(high)) / 2) ** 2)


def _falls(ax: Axes, edge: float, many: float, low: float, told: str) -> None:
    """Case D: after a search the new rows fall back to none."""
    style = {"arrowstyle": "-|>", "color": ORANGE, "lw": 2}
    ax.annotate("", (0.1 * edge, 0.24 * low), (many, 0.24 * low), arrowprops=style)
    ax.text(1.1 * edge, 0.11 * low, told, va="center", fontsize=12.5, color=ORANGE)


def trials(figure: FigureBase, found: pd.DataFrame, t: Words) -> None:
    """What each trial was worth, and the best so far."""
    ax = axes(figure, (0.11, 0.15, 0.86, 0.74), (0.21, 0.13, 0.76, 0.74))
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
    ax = axes(figure, (0.09, 0.14, 0.88, 0.7), (0.16, 0.12, 0.81, 0.58))
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
    dates(ax, t)
    ax.legend(
        ncols=2 if is_wide(figure) else 1,
        loc="lower left",
        bbox_to_anchor=(0 if is_wide(figure) else -0.17, 1.0),
    )


def _lines(marks: Marks) -> list[tuple[date, str, str]]:
    last = marks.watermark.last_feature_date if marks.watermark else None
    found = (
        (marks.history_end, INK, "slides.history_end"),
        (last, ORANGE, "slides.watermark_line"),
    )
    return [(day, colour, key) for day, colour, key in found if day]
