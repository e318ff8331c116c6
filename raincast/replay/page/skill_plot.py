"""Skill over time with its intervals, and below it the moments at
which each policy did something.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from raincast.replay.page.plots import COLOURS, GREY, save

Account = Mapping[str, Any]

_MARKS = {"promote": "^", "refuse": "x", "threshold": "s", "recalibration": "D"}
_OTHER = "o"
_TITLE = "Skill by month; below, ▲ promoted, × refused, ■ threshold re-chosen, ◆ recalibrated"


def skill_over_time(policies: Mapping[str, Account], path: Path) -> None:
    """Each policy's Brier skill by month with its 95 % interval, and when it acted and what came of
    it.
    """
    acting = [name for name, found in policies.items() if found["acted"]]
    figure = Figure(figsize=(9.0, 4.2 + 0.3 * len(acting)), layout="constrained")
    grid: list[Axes] = list(
        figure.subplots(
            1 + bool(acting),
            sharex=True,
            height_ratios=[12, len(acting)] if acting else None,
            squeeze=False,
        )[:, 0]
    )
    for (name, found), colour in zip(policies.items(), COLOURS, strict=False):
        _line(grid[0], found["by_month"], name, colour)
        if name in acting:
            _moments(grid[1], found["acted"], acting.index(name), colour)
    grid[0].axhline(0, color=GREY, linewidth=0.8)
    grid[0].set(
        ylabel="Brier skill against\nthe station-month's climatology",
        title=_TITLE if acting else "Skill by month",
    )
    grid[0].legend(frameon=False, ncols=3, loc="lower left")
    if acting:
        grid[1].set_yticks(range(len(acting)), acting)
        grid[1].set_ylim(len(acting) - 0.5, -0.5)
    for axes in grid:
        axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)


def _line(axes: Axes, rows: Sequence[Account], name: str, colour: str) -> None:
    middle = np.array([np.datetime64(f"{row['month']}-15") for row in rows])
    skill = np.array([row["brier_skill"] for row in rows], dtype=float)
    bounds = np.array([row["interval"] or (np.nan, np.nan) for row in rows], dtype=float)
    axes.plot(middle, skill, color=colour, label=name, linewidth=1.6)
    axes.fill_between(middle, bounds[:, 0], bounds[:, 1], color=colour, alpha=0.12, linewidth=0)


def _moments(axes: Axes, acted: Sequence[Account], line: int, colour: str) -> None:
    for action in sorted({one["action"] for one in acted}):
        mine = (one["issued_at"] for one in acted if one["action"] == action)
        at = np.array(
            [
                np.datetime64(datetime.fromisoformat(moment).replace(tzinfo=None), "m")
                for moment in mine
            ]
        )
        axes.plot(
            at,
            [line] * len(at),
            _MARKS.get(action, _OTHER),
            color=colour,
            markersize=6,
            linestyle="none",
        )
