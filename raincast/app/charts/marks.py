"""The stations on the map: by colour and shape, as a view has them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from raincast.app.charts.outline import place
from raincast.app.colours import GREY, INK, ORANGE, PAPER
from raincast.app.views import KINDS, View
from raincast.app.words import Words


def stations(figure: go.Figure, view: View, texts: Mapping[str, str], t: Words) -> None:
    """The stations that the view has something of, and empty circles for the others."""
    marks = view.marks
    if view.ends:
        known = marks[marks["value"].notna()].sort_values("value")  # the highest lie on top
        _scaled(figure, view, known, texts, t)
    else:
        known = marks
        for name, kind in KINDS[view.name].items():
            part = marks[marks["kind"] == name]
            look = {"color": kind.colour, "symbol": kind.symbol, "size": 13}
            _points(figure, part["location"].tolist(), texts, t(f"map.{view.name}_{name}"), look)
    absent = sorted(set(texts) - set(known["location"]))
    _points(figure, absent, texts, "", {"color": PAPER, "size": 9}, edge=GREY)


def _scaled(
    figure: go.Figure, view: View, known: pd.DataFrame, texts: Mapping[str, str], t: Words
) -> None:
    low, high = view.ends or (0, 1)
    rain = known["kind"].to_numpy() == "rain"
    look: dict[str, Any] = {
        "size": [15 if wet else 11 for wet in rain],
        "symbol": ["diamond" if wet else "circle" for wet in rain],
        "color": 100 * known["value"],
        "cmin": 100 * low,
        "cmax": 100 * high,
        "colorscale": [list(step) for step in view.scale],
        "colorbar": {
            "orientation": "h",
            "thickness": 10,
            "len": 0.5,
            "x": 0.5,
            "y": 0.0,
            "yanchor": "top",
            "ypad": 2,
            "ticksuffix": "" if low < 0 else t.percent_sign,
            "tickfont": {"size": 12},
            "nticks": 5,
            "outlinewidth": 0,
        },
    }
    _points(figure, known["location"].tolist(), texts, "", look)


def _points(
    figure: go.Figure,
    locations: Sequence[str],
    texts: Mapping[str, str],
    legend: str,
    look: Mapping[str, Any],
    edge: str = INK,
) -> None:
    x, y = zip(*(place(name) for name in locations), strict=True) if locations else ((), ())
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        name=legend,
        showlegend=bool(legend and locations),
        text=[texts[name] for name in locations],
        customdata=list(locations),
        hovertemplate="%{text}<extra></extra>",
        # Plotly's own opacity of 0.7 for marks of several sizes does not match the scale
        marker={"opacity": 1, "line": {"color": edge, "width": 1}, **look},
    )


def ring(figure: go.Figure, chosen: str) -> None:
    """Round the station that is chosen."""
    x, y = place(chosen)
    figure.add_scatter(
        x=[x],
        y=[y],
        mode="markers",
        hoverinfo="skip",
        showlegend=False,
        marker={
            "symbol": "circle-open",
            "size": 26,
            "color": ORANGE,
            "line": {"width": 3, "color": ORANGE},
        },
    )
