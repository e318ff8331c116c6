"""A station's last weeks, and its year."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from raincast.app.charts.blank import LEGEND, plain
from raincast.app.colours import BLUE, GREY, INK, LINE, MUTED, ORANGE
from raincast.app.words import Words
from raincast.observations.network import in_force


def timeline(days: pd.DataFrame, t: Words) -> go.Figure:
    """Chances as points, one a target date, and the rain that fell as bars from above.

    Args:
        days: `target_date`, `rain_probability`, `predicted_rain`, `threshold` and `fell_mm`.
    """
    figure = plain(t, 340, showlegend=True, legend=LEGEND)
    figure.add_bar(
        x=days["target_date"],
        y=days["fell_mm"],
        name=t("station.fell"),
        marker={"color": LINE, "line": {"color": GREY, "width": 1}},
        hovertemplate=f"%{{x|{t.hover_form}}}<br>%{{y:.1f}} mm<extra></extra>",
    )
    figure.add_scatter(
        x=days["target_date"],
        y=100 * days["threshold"],
        yaxis="y2",
        mode="lines",
        name=t("station.threshold"),
        line={"color": MUTED, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    for name, kind, colour, symbol in _outcomes(days):
        part = days[kind]
        figure.add_scatter(
            x=part["target_date"],
            y=100 * part["rain_probability"],
            yaxis="y2",
            mode="markers",
            name=t(f"map.hit_{name}"),
            showlegend=bool(len(part)),
            marker={
                "size": 10,
                "color": colour,
                "symbol": symbol,
                "line": {"color": INK, "width": 1},
            },
            hovertemplate=f"%{{x|{t.hover_form}}}<br>%{{y:.0f}}{t.percent_sign}<extra></extra>",
        )
    most = float(np.nanmax([*days["fell_mm"], 10.0]))
    figure.update_xaxes(tickformat=t.tick_form, nticks=7)
    figure.update_yaxes(
        side="right", range=[2.2 * most, 0], showgrid=False, ticksuffix=" mm", automargin=True
    )
    return figure.update_layout(  # the marks lie over the bars
        yaxis2={
            "overlaying": "y",
            "side": "left",
            "range": [-2, 104],
            "tickmode": "linear",  # else it follows the ticks of the rain
            "dtick": 20,
            "ticksuffix": t.percent_sign,
            "title": t("stations.scale"),
            "gridcolor": LINE,
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
        }
    )


def _outcomes(days: pd.DataFrame) -> list[tuple[str, "pd.Series[bool]", str, str]]:
    unknown, wet = days["fell_mm"].isna(), in_force().event.occurred(days["fell_mm"]) == 1
    said = days["predicted_rain"] == 1
    return [
        ("hits", ~unknown & wet & said, BLUE, "diamond"),
        ("misses", ~unknown & wet & ~said, ORANGE, "x"),
        ("false_alarms", ~unknown & ~wet & said, "#E8B04A", "triangle-up"),
        ("correct_negatives", ~unknown & ~wet & ~said, "#D8DDD3", "circle"),
        ("unknown", unknown, GREY, "circle-open"),
    ]


def year(shares: Sequence[float], month: int, t: Words) -> go.Figure:
    """How often it rains in each month; `month` (1 to 12) stands out."""
    figure = plain(t, 260)
    figure.add_bar(
        x=[t.month_short(number) for number in range(1, 13)],
        y=[100 * share for share in shares],
        marker={"color": [BLUE if i == month else GREY for i in range(1, 13)]},
        hovertemplate=f"%{{x}}<br>%{{y:.0f}}{t.percent_sign}<extra></extra>",
    )
    figure.update_xaxes(showgrid=False)
    return figure.update_yaxes(ticksuffix=t.percent_sign, rangemode="tozero", nticks=5)
