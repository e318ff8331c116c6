"""What all charts begin with."""

from typing import Any

import plotly.graph_objects as go

from raincast.app.colours import BAND, DARK, INK, LINE, PAPER, with_alpha
from raincast.app.words import Words

QUIET = {"displayModeBar": False, "scrollZoom": False, "displaylogo": False}
"""Plotly's own buttons are left away."""

LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
"""Above the chart; on a telephone its lines grow upwards, not into it."""


def plain(t: Words, height: int, **layout: Any) -> go.Figure:
    """A figure with nothing in it, in the house's style."""
    font = {"family": '"Source Sans", sans-serif', "size": 14, "color": INK}
    base = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "font": font,
        "plot_bgcolor": PAPER,
    }
    axis = {
        "gridcolor": LINE,
        "zeroline": False,
        "linecolor": LINE,
        "ticks": "",
        "automargin": True,
        "title": {"font": {"size": 14}},
    }
    figure = go.Figure(
        layout=base | {"paper_bgcolor": PAPER, "hoverlabel": {"font": font, "bgcolor": BAND}}
    )
    figure.update_xaxes(**axis, fixedrange=True)
    figure.update_yaxes(**axis, fixedrange=True)
    return figure.update_layout(**({"showlegend": False, "separators": t.separators} | layout))


def in_dark(figure: go.Figure) -> go.Figure:
    """The same figure for a dark page: every colour of the house has another for it. Scales stay as
    they are: `colours.DARK_SCALES` has those of a dark page.
    """
    return go.Figure(_swapped(figure.to_dict()))


def _swapped(part: Any) -> Any:
    if isinstance(part, dict):
        return {k: v if k == "colorscale" else _swapped(v) for k, v in part.items()}
    if isinstance(part, list | tuple):
        return [_swapped(one) for one in part]
    if isinstance(part, str) and part.startswith("rgba("):
        red, green, blue, alpha = part[5:-1].split(",")
        solid = f"#{int(red):02X}{int(green):02X}{int(blue):02X}"
        return with_alpha(DARK[solid], float(alpha)) if solid in DARK else part
    return DARK.get(part, part) if isinstance(part, str) else part
