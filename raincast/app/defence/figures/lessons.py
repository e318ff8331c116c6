"""What the replays taught: the same bits live and offline, retraining, verdicts."""

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.figure import FigureBase

from raincast.app.colours import BLUE, GREY, INK, MUTED, ORANGE
from raincast.app.defence.facts import Retraining
from raincast.app.defence.figures.boxes import boxed
from raincast.app.defence.figures.parts import axes, is_wide, tenths
from raincast.app.paying import label
from raincast.app.words import Words

_SHAPES = {"past": (BLUE, "o"), "real": (ORANGE, "D"), "watch": (INK, "s")}
_THOUSAND = 1000
"""Brier scores are shown in thousandths."""


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
    names = list(dict.fromkeys(name for one in found.values() for name in one.policies))
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
    ax.set_xlabel(axis if wide else textwrap.fill(axis, 30), fontsize=14 if wide else 12)
    ax.xaxis.set_major_formatter(lambda value, _: t.signed(value, 0) if value else "0")
    ax.grid(visible=False, axis="y")
    ax.legend(
        ncols=4 if wide else 1,
        loc="lower left",
        bbox_to_anchor=(-0.42 if wide else -0.9, 1.0),
        fontsize=12,
    )


def verdicts(figure: FigureBase, found: Mapping[str, Retraining], t: Words) -> None:
    """How many challengers each policy promoted, and how many it refused."""
    ax = axes(figure, (0.44, 0.1, 0.53, 0.78), (0.6, 0.1, 0.37, 0.74))
    rows = [
        (f"{label(name, t)} · {t(f'slides.replay_{key}')}", one)
        for key, retraining in found.items()
        for name, one in retraining.policies.items()
        if one.promoted + one.refused
    ]
    y, promoted = range(len(rows)), [one.promoted for _, one in rows]
    refused = [one.refused for _, one in rows]
    ax.barh(y, promoted, color=GREY, label=t("slides.promoted"))
    ax.barh(
        y,
        refused,
        left=promoted,
        color=ORANGE,
        hatch="//",
        edgecolor="white",
        label=t("slides.were_refused"),
    )
    for i, (yes, no) in enumerate(zip(promoted, refused, strict=True)):
        ax.text(yes + no, i, f" {yes} + {no}", va="center", fontsize=11, color=MUTED)
    wide = is_wide(figure)
    ax.set_yticks(y, [name for name, _ in rows], fontsize=11 if wide else 8.5)
    ax.invert_yaxis()
    ax.set_xlim(0, (1.12 if wide else 1.4) * max(one.promoted + one.refused for _, one in rows))
    ax.grid(visible=False, axis="y")
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0 if wide else -1.4, 1.0))


def cards(figure: FigureBase, texts: Sequence[tuple[str, str]]) -> None:
    """Things beside each other, none of which leads to another."""
    ax = axes(figure, (0.01, 0.02, 0.98, 0.96), (0, 0, 1, 1))
    wide = is_wide(figure)
    told = [(name, textwrap.fill(now, 33 if wide else 23)) for name, now in texts]
    boxed(ax, told, 3 if wide else 2, arrows=False)
