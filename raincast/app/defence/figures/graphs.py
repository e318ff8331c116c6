"""Boxes and arrows where each thing has its place: the loop, and the DAGs."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.patches import Rectangle

from raincast.app.colours import BAND, BLUE
from raincast.app.defence.facts import Dag
from raincast.app.defence.figures.boxes import boxed
from raincast.app.defence.figures.parts import axes, below, is_wide
from raincast.app.words import Words

Place = tuple[float, float]
Node = tuple[Place, str, str]
_PART, _TASK = (0.41, 0.3), (0.42, 0.42)
"""Half the width and height of a box, where the next one is 1 away."""
_SHARES = (0.6, 0.4)
"""Of a telephone's width, for the DAG that branches and for the other."""


def graph(figure: FigureBase, nodes: Mapping[str, Node], edges: Iterable[tuple[str, str]]) -> None:
    """Named boxes at their places, and arrows between them; on a telephone, one after the other."""
    if not is_wide(figure):
        ax = axes(figure, (0, 0, 1, 1), (0, 0, 1, 1))
        boxed(ax, [(title, now) for _, title, now in nodes.values()], 2)
        return
    ax = _blank(figure, (0.0, 0.02, 1.0, 0.96), [at for at, _, _ in nodes.values()])
    for at, title, now in nodes.values():
        _frame(ax, at, _PART)
        ax.text(at[0], at[1] - 0.12, title, ha="center", va="center", fontsize=17, weight="bold")
        below(ax, at, now, 14)
    for before, after in edges:
        _lead(ax, nodes[before][0], nodes[after][0], _PART)


def dags(figure: FigureBase, both: Mapping[str, Dag], t: Words) -> None:
    """Every DAG, one below the other, its tasks from left to right as they follow each other; on a
    telephone one beside the other, its tasks from top to bottom.
    """
    wide, left = is_wide(figure), 0.0
    for i, (name, dag) in enumerate(both.items()):
        at = places(dag)
        when = t("slides.dag_times") if dag.schedule else t("slides.dag_called")
        if wide:
            box = 0.0, 1 - (i + 1) / len(both), 1.0, 0.84 / len(both)
            title = f"{name} · {when}"
        else:
            at = {task: (1.1 * y, x) for task, (x, y) in at.items()}
            box = left, 0.0, _SHARES[i], 0.86
            title, left = f"{name}\n{textwrap.fill(when, 20)}", left + _SHARES[i]
        ax = _blank(figure, box, list(at.values()))
        ax.set_title(title, loc="left", x=0.02, fontsize=14 if wide else 12, color=BLUE)
        size, most = (13, 8) if wide else (11, 13)
        for task, place in at.items():
            _frame(ax, place, _TASK)
            words = textwrap.fill(task.replace("_", " "), most)
            ax.text(*place, words, ha="center", va="center", fontsize=size, linespacing=1)
        for before, after in dag.edges:
            _lead(ax, at[before], at[after], _TASK)


def places(dag: Dag) -> dict[str, Place]:
    """Each task a column after the last one that it waits for; those of a column side by side."""
    column = dict.fromkeys(dag.tasks, 0)
    for _ in dag.tasks:  # as often as the longest way can be
        for before, after in dag.edges:
            column[after] = max(column[after], column[before] + 1)
    found: dict[str, Place] = {}
    for number in sorted(set(column.values())):
        there = [task for task in dag.tasks if column[task] == number]
        for i, task in enumerate(there):
            found[task] = number, i - (len(there) - 1) / 2
    return found


def _blank(figure: FigureBase, box: tuple[float, float, float, float], at: Sequence[Place]) -> Axes:
    ax = figure.add_axes(box)
    ax.set_axis_off()
    x, y = zip(*at, strict=True)
    middle, half = (max(y) + min(y)) / 2, max((max(y) - min(y) + 1) / 2, 1)
    ax.set(xlim=(min(x) - 0.5, max(x) + 0.5), ylim=(middle + half, middle - half))
    return ax


def _frame(ax: Axes, at: Place, half: Place) -> None:
    corner = at[0] - half[0], at[1] - half[1]
    ax.add_patch(Rectangle(corner, 2 * half[0], 2 * half[1], fc=BAND, ec=BLUE, lw=1.4))


def _lead(ax: Axes, start: Place, end: Place, half: Place) -> None:
    """An arrow from the edge of one box to that of another."""
    across, down = end[0] - start[0], end[1] - start[1]
    level = abs(across) >= abs(down) and abs(down) < 1
    step = (half[0] if across > 0 else -half[0], 0.0)
    if not level:
        step = (0.0, half[1] if down > 0 else -half[1])
    style = {"arrowstyle": "-|>", "color": BLUE, "lw": 1.8, "shrinkA": 0, "shrinkB": 0}
    tail = start[0] + step[0], start[1] + step[1]
    ax.annotate("", (end[0] - step[0], end[1] - step[1]), tail, arrowprops=style)
