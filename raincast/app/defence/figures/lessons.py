"""What the replays taught: the same bits live and offline, retraining, verdicts."""

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from raincast.app.colours import BLUE, GREY, INK, MUTED, ORANGE
from raincast.app.defence.facts import Policy, Retraining
from raincast.app.defence.figures.boxes import boxed
from raincast.app.defence.figures.parts import axes, is_wide, tenths
from raincast.app.paying import label
from raincast.app.words import Words

_SHAPES = {"past": (BLUE, "o"), "real": (ORANGE, "D"), "watch": (INK, "s")}
_THOUSAND = 1000
"""Brier scores are shown in thousandths."""
_BAR = 0.86
"""Of a replay's column, how wide a bar is."""


def twice(figure: FigureBase, pairs: Mapping[str, tuple[float, float]], t: Words) -> None:
    """ROC AUC by regime: computed at once, and replayed."""
    ax = axes(figure, (0.1, 0.14, 0.86, 0.74), (0.17, 0.14, 0.8, 0.7))
    sides = (("direct", GREY, "", -0.18), ("replayed", BLUE, "//", 0.18))
    for i, (side, colour, hatch, shift) in enumerate(sides):
        at = [n + shift for n in range(len(pairs))]
        values = [pair[i] for pair in pairs.values()]
        label = t(f"slides.{side}")
        ax.bar(at, values, 0.34, color=colour, hatch=hatch, edgecolor="white", label=label)
        for x, value in zip(at, values, strict=True):
            ax.text(x, value + 0.01, t.number(value, 4), ha="center", fontsize=12)
    ax.set_xticks(range(len(pairs)), [t.regime(name) for name in pairs])
    ax.set_ylim(0.5, 1)
    ax.set_ylabel("ROC AUC")
    tenths(ax, t)
    ax.grid(visible=False, axis="x")
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0))


def policies(figure: FigureBase, found: Mapping[str, Retraining], t: Words) -> None:
    """The Brier score of each policy less that of leaving the model alone, with intervals; grey is
    what another seed alone changes.
    """
    ax = axes(figure, (0.3, 0.16, 0.66, 0.7), (0.44, 0.16, 0.53, 0.58))
    names = _policies(found)
    spread = _THOUSAND * max(one.seed_sd for one in found.values())
    ax.axvspan(-spread, spread, color=GREY, alpha=0.25, label=t("slides.seeds"))
    ax.axvline(0, color=MUTED, linewidth=1.2)
    for i, (key, one) in enumerate(found.items()):
        colour, marker = _SHAPES[key]
        for name, policy in one.policies.items():
            middle, low, high = (_THOUSAND * value for value in policy.brier)
            y = names.index(name) + (i - 1) * 0.22
            ax.plot([low, high], [y, y], color=colour, linewidth=3, alpha=0.5)
            ax.plot(middle, y, marker, color=colour, markersize=8)
        ax.plot([], [], marker, color=colour, label=t(f"slides.replay_{key}"))
    wide = is_wide(figure)
    told = [label(name, t) for name in names]
    ax.set_yticks(range(len(names)), told if wide else [textwrap.fill(one, 18) for one in told])
    ax.invert_yaxis()
    axis = t("slides.brier_thousandths")
    ax.set_xlabel(axis if wide else textwrap.fill(axis, 34), fontsize=14 if wide else 12)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.xaxis.set_major_formatter(lambda value, _: t.signed(value, 0) if value else "0")
    ax.grid(visible=False, axis="y")
    ax.legend(
        ncols=4 if wide else 1,
        loc="lower left",
        bbox_to_anchor=(-0.42 if wide else -0.9, 1.0),
        fontsize=12,
    )


def verdicts(figure: FigureBase, found: Mapping[str, Retraining], t: Words) -> None:
    """How many challengers each policy promoted and refused in each replay. The counts differ so
    much that a bar shows shares.
    """
    ax = axes(figure, (0.3, 0.02, 0.69, 0.86), (0.02, 0, 0.97, 0.89))
    ax.set_axis_off()
    wide = is_wide(figure)
    names = [name for name in _policies(found) if any(_has_judged(name, r) for r in found.values())]
    ax.set(xlim=(0, len(found)), ylim=(len(names), -0.75))
    for row, name in enumerate(names):
        x, y, side = (-0.04, row + 0.48, "right") if wide else (0, row + 0.2, "left")
        ax.text(x, y, label(name, t), ha=side, va="center", fontsize=15)
    for column, (key, one) in enumerate(found.items()):
        head = t(f"slides.replay_{key}")
        told = head if wide else textwrap.fill(head, 13)
        ax.text(column, -0.1, told, va="bottom", fontsize=14, color=MUTED)
        for row, name in enumerate(names):
            if _has_judged(name, one):
                _judged(ax, (column, row), one.policies[name])
    keys = [
        Patch(fc=GREY, label=t("slides.promoted")),
        Patch(fc=ORANGE, ec="white", hatch="//", label=t("slides.were_refused")),
    ]
    ax.legend(handles=keys, ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)


def _policies(found: Mapping[str, Retraining]) -> list[str]:
    return list(dict.fromkeys(name for one in found.values() for name in one.policies))


def _has_judged(name: str, one: Retraining) -> bool:
    return name in one.policies and bool(one.policies[name].promoted + one.policies[name].refused)


def _judged(ax: Axes, at: tuple[int, int], policy: Policy) -> None:
    """Both counts, and below them their shares of a bar."""
    x, y = at
    share = _BAR * policy.promoted / (policy.promoted + policy.refused)
    ax.text(x, y + 0.48, f"{policy.promoted} + {policy.refused}", va="center", fontsize=16)
    ax.add_patch(Rectangle((x, y + 0.7), share, 0.18, fc=GREY))
    ax.add_patch(
        Rectangle((x + share, y + 0.7), _BAR - share, 0.18, fc=ORANGE, ec="white", hatch="//")
    )


def cards(figure: FigureBase, texts: Sequence[tuple[str, str]]) -> None:
    """Things beside each other, none of which leads to another."""
    ax = axes(figure, (0.01, 0.02, 0.98, 0.96), (0, 0, 1, 1))
    wide = is_wide(figure)
    told = [(name, textwrap.fill(now, 28 if wide else 26)) for name, now in texts]
    boxed(ax, told, 3 if wide else 2, arrows=False)
