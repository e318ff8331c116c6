"""Paired differences of a score, one a line, with their intervals."""

from collections.abc import Sequence

import plotly.graph_objects as go

from raincast.app.charts.blank import plain
from raincast.app.colours import BLUE, GREY
from raincast.app.words import Words

Difference = tuple[str, float, float | None, float | None]
"""A name, the mean difference, and the ends of its interval where they are known."""


def differences(rows: Sequence[Difference], axis: str, t: Words) -> go.Figure:
    """The first row on top; left of the line is less."""
    figure = plain(t, 90 + 44 * len(rows))
    figure.add_vline(x=0, line={"color": GREY, "width": 1.5})
    for name, mean, low, high in reversed(rows):
        figure.add_scatter(
            x=[mean],
            y=[name],
            mode="markers",
            marker={"size": 11, "color": BLUE},
            error_x={
                "type": "data",
                "array": [(mean if high is None else high) - mean],
                "arrayminus": [mean - (mean if low is None else low)],
                "color": BLUE,
                "thickness": 2,
            },
            hovertemplate="%{y}<br>%{x:+.4f}<extra></extra>",
        )
    return figure.update_xaxes(title=axis, tickformat="+.4~f", nticks=4)
