"""What moved a forecast, and what a model looks at."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from raincast.app.charts.blank import plain
from raincast.app.colours import BLUE, INK, ORANGE
from raincast.app.words import Words


def reasons(labels: Sequence[str], values: Sequence[float], t: Words) -> go.Figure:
    """How far each kind of observation moved the log-odds, the strongest on top."""
    figure = plain(
        t,
        60 + 34 * len(labels),
        xaxis={"title": t("station.why_axis"), "zeroline": True, "zerolinecolor": INK},
    )
    figure.add_bar(
        x=values,
        y=labels,
        orientation="h",
        marker={"color": [BLUE if v > 0 else ORANGE for v in values]},
        text=[t.signed(v) for v in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )
    reach = 1.7 * max((abs(v) for v in values), default=1)
    return figure.update_xaxes(range=[-reach, reach]).update_yaxes(
        autorange="reversed", showgrid=False
    )


def shares(values: Mapping[str, float], axis: str, t: Words) -> go.Figure:
    """Shares of a whole by name, the largest on top."""
    figure = plain(t, 60 + 30 * len(values))
    figure.add_bar(
        x=[100 * v for v in values.values()],
        y=list(values),
        orientation="h",
        marker={"color": BLUE},
        hovertemplate=f"%{{y}}<br>%{{x:.0f}}{t.percent_sign}<extra></extra>",
    )
    return figure.update_xaxes(title=axis, ticksuffix=" %").update_yaxes(
        autorange="reversed", showgrid=False
    )
