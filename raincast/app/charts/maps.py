"""The map of Australia: the land, the field on it, names, and the stations (`marks`)."""

from collections.abc import Mapping

import plotly.graph_objects as go

from raincast.app import field
from raincast.app.charts import marks
from raincast.app.charts.blank import plain
from raincast.app.charts.outline import FAR, NARROW, coast, place
from raincast.app.colours import COAST, LAND, LINE, MUTED
from raincast.app.views import View
from raincast.app.words import Words
from raincast.observations.network import in_force

HEIGHT = 400
"""Pixels: the map ends on the first screen of a telephone of 390 × 844."""
WHOLE = (109.8, 162.6, -46.0, -9.6)
"""West, east, south and north of what is shown, degrees."""
CAPITALS = {
    "Sydney": "middle right",
    "Melbourne": "bottom center",
    "Brisbane": "middle right",
    "Perth": "middle left",
    "Adelaide": "bottom left",
    "Hobart": "bottom center",
    "Darwin": "top center",
    "NorfolkIsland": "top center",
}
"""Named on the map of the whole country, where the sea leaves room; on a part of it every station
is.
"""
BOXED_DEGREES = 2.0
"""From a station that is drawn in a box to the edges above and below it."""
AROUND_DEGREES = 2.2
"""Left free round the stations of a state."""

ZOOMED = {
    "displayModeBar": True,
    "displaylogo": False,
    "scrollZoom": False,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
}
"""Buttons, not the wheel or a finger: those scroll the page."""


def box(state: str | None) -> tuple[float, float, float, float]:
    """What is shown of the map for a state, or for the whole country."""
    at = [place(s.location) for s in in_force().stations if s.state == state]
    if not state or not at:
        return WHOLE
    lon, lat = zip(*at, strict=True)
    free = AROUND_DEGREES
    return min(lon) - free, max(lon) + free, min(lat) - free, max(lat) + free


def draw(
    view: View,
    texts: Mapping[str, str],
    t: Words,
    chosen: str | None = None,
    state: str | None = None,
    land: str = LAND,
) -> go.Figure:
    """The map of a view.

    Args:
        texts: what is said of each station under the pointer; one without a mark is drawn empty.
        chosen: the station that is ringed.
        land: the colour of the land; the field is painted on it.
    """
    west, east, south, north = box(state)
    figure = plain(
        t,
        HEIGHT,
        margin={"l": 0, "r": 0, "t": 0, "b": 38},
        xaxis={"visible": False, "range": [west, east]},
        yaxis={"visible": False, "range": [south, north]},
        dragmode=False,
        uirevision=state or "whole",
        showlegend=view.ends is None,
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": 0, "yanchor": "top"},
    )
    figure.update_xaxes(fixedrange=False)
    figure.update_yaxes(scaleanchor="x", scaleratio=1 / NARROW, fixedrange=False)
    _land(figure, view, land)
    marks.stations(figure, view, texts, t)
    _names(figure, t, state)
    if chosen:
        marks.ring(figure, chosen)
    return figure


def _land(figure: go.Figure, view: View, land: str) -> None:
    """The land, with the field on it where the view has one."""
    lon, lat = coast()
    picture = None
    if view.ends and view.has_field:
        picture = field.drawn(view.marks, view.ends, view.scale, land, in_force())
    if picture:
        figure.add_layout_image(
            source=picture,
            xref="x",
            yref="y",
            x=field.WEST,
            y=field.NORTH,
            sizex=field.EAST - field.WEST,
            sizey=field.NORTH - field.SOUTH,
            sizing="stretch",
            layer="below",
        )
    figure.add_scatter(
        x=lon,
        y=lat,
        mode="lines",
        fill=None if picture else "toself",
        fillcolor=LAND,
        line={"color": COAST, "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    for x, y in FAR.values():
        figure.add_shape(
            type="rect",
            x0=x - 2.3,
            x1=x + 2.3,
            y0=y - BOXED_DEGREES,
            y1=y + BOXED_DEGREES,
            line={"color": LINE, "width": 1},
        )


def _names(figure: go.Figure, t: Words, state: str | None) -> None:
    """Names beside stations: of the capitals, over the box of one that lies too far, or of every
    station of a state.
    """
    own = {s.location: "bottom center" for s in in_force().stations if s.state == state}
    sides = own if state else {k: v for k, v in CAPITALS.items() if k in in_force().index}
    texts = {name: _beside(t.place(name), side) for name, side in sides.items()}
    at = {name: place(name) for name in sides}
    for name in FAR.keys() & sides.keys() if not state else ():
        at[name] = at[name][0], at[name][1] + BOXED_DEGREES
        texts[name] = t.place(name).replace(" ", "<br>")
    x, y = zip(*at.values(), strict=True) if at else ((), ())
    figure.add_scatter(
        x=x,
        y=y,
        mode="text",
        text=list(texts.values()),
        textposition=list(sides.values()),
        textfont={"size": 12, "color": MUTED, "shadow": "auto"},
        hoverinfo="skip",
        showlegend=False,
    )


def _beside(name: str, side: str) -> str:
    """The name with room for the station's mark."""
    if side == "middle left":
        return f"{name}\u2002\u2002"
    if side == "middle right":
        return f"\u2002\u2002{name}"
    return f"{name}<br>\u2009" if side.startswith("top") else f"\u2009<br>{name}"
