"""The charts of the pages, from what `reading` gives. Texts come from the words; nothing is fetched
to draw them.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from raincast.app.colours import (
    BAND,
    BLUE,
    CHANCE,
    GREY,
    INK,
    LAND,
    LINE,
    MUTED,
    ORANGE,
    with_alpha,
)
from raincast.app.replaying import POLICIES
from raincast.app.words import Words
from raincast.observations.network import in_force
from raincast.verification.records import ReliabilityBin

QUIET = {"displayModeBar": False, "scrollZoom": False, "displaylogo": False}
"""Plotly's own buttons are left away."""

NARROW = float(np.cos(np.radians(27)))
"""A degree of longitude beside one of latitude, in the middle of Australia."""

_FAR = {"NorfolkIsland": (157.5, -27.0)}
"""Stations that are drawn nearer than they lie, in a box."""


@cache
def coast() -> tuple[list[float | None], list[float | None]]:
    """Longitudes and latitudes of Australia's outline, None between its rings."""
    rings = json.loads(files("raincast.app").joinpath("coast.json").read_text("utf-8"))["rings"]
    points = [point for ring in rings for point in (*ring, *ring[:1], (None, None))]
    lon, lat = zip(*points, strict=True)
    return list(lon), list(lat)


def place(location: str) -> tuple[float, float]:
    """Where a station is drawn: longitude and latitude."""
    found = next(s for s in in_force().stations if s.location == location)
    return _FAR.get(location, (found.longitude, found.latitude))


def _plain(t: Words, height: int, **layout: Any) -> go.Figure:
    font = {"family": '"Source Sans", sans-serif', "size": 14, "color": INK}
    base = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "font": font,
        "plot_bgcolor": "white",
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
        layout=base | {"paper_bgcolor": "white", "hoverlabel": {"font": font, "bgcolor": BAND}}
    )
    figure.update_xaxes(**axis, fixedrange=True)
    figure.update_yaxes(**axis, fixedrange=True)
    return figure.update_layout(**({"showlegend": False, "separators": t.separators} | layout))


def chance_map(newest: pd.DataFrame, t: Words, trained: Collection[str] | None) -> go.Figure:
    """Australia with the stations coloured by the chance of rain; a
    diamond where rain is forecast.
    """
    figure = _plain(
        t,
        560,
        xaxis={"visible": False, "range": [112.2, 161]},
        yaxis={"visible": False, "range": [-44.6, -9.6]},
    )
    figure.update_yaxes(scaleanchor="x", scaleratio=1 / NARROW)
    lon, lat = coast()
    figure.add_scatter(
        x=lon,
        y=lat,
        fill="toself",
        fillcolor=LAND,
        line={"color": "#C9C4B4", "width": 1},
        hoverinfo="skip",
    )
    figure.add_shape(
        type="rect", x0=155.2, x1=159.8, y0=-29.2, y1=-25, line={"color": LINE, "width": 1}
    )
    figure.add_annotation(
        x=157.5, y=-29.9, text="Norfolk Island", showarrow=False, font={"size": 11, "color": MUTED}
    )
    shown = {row.location: row for row in newest.itertuples()}
    absent = [s.location for s in in_force().stations if s.location not in shown]
    _without(figure, {name: why_none(name, trained, t) for name in absent}, t)
    _stations(figure, newest, t)
    return figure


def why_none(location: str, trained: Collection[str] | None, t: Words) -> str:
    """Why a station has no forecast for the day that is shown.

    Args:
        trained: the stations of the model that serves; None where none does.
    """
    if trained is None:
        return t("stations.none_model")
    return t("stations.none_yet" if location in trained else "stations.none_trained")


def _without(figure: go.Figure, why: Mapping[str, str], t: Words) -> None:
    locations = list(why)
    x, y = zip(*(place(name) for name in locations), strict=True) if locations else ((), ())
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        text=[t("stations.hover_none", name=t.place(name), why=why[name]) for name in locations],
        customdata=list(locations),
        hovertemplate="%{text}<extra></extra>",
        marker={"size": 11, "color": "white", "line": {"color": GREY, "width": 1.5}},
    )


def _stations(figure: go.Figure, newest: pd.DataFrame, t: Words) -> None:
    chance = newest["rain_probability"]
    order = chance.sort_values().index  # the wettest lie on top
    rows = newest.loc[order]
    x, y = zip(*(place(name) for name in rows["location"]), strict=True) if len(rows) else ((), ())
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        customdata=rows["location"].tolist(),
        text=[_hover(row, t) for row in rows.itertuples()],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "size": np.where(rows["predicted_rain"] == 1, 18, 14),
            "opacity": 1,  # Plotly's own 0.7 for marks of several sizes does not match the scale
            "color": 100 * rows["rain_probability"],
            "symbol": np.where(rows["predicted_rain"] == 1, "diamond", "circle"),
            "cmin": 0,
            "cmax": 100,
            "colorscale": [list(step) for step in CHANCE],
            "line": {"color": INK, "width": 1},
            "colorbar": {
                "title": {"text": t("stations.scale"), "side": "top"},
                "orientation": "h",
                "thickness": 12,
                "len": 0.6,
                "ticksuffix": " %",
                "outlinewidth": 0,
                "y": -0.12,
            },
        },
    )


def _hover(row: Any, t: Words) -> str:
    said = t("shared.rain_said" if row.predicted_rain == 1 else "shared.dry_said")
    known = f"{t.regime(row.regime)} · {t.moment(row.issued)}"
    return (
        f"<b>{t.place(row.location)}</b><br>{t.percent(row.rain_probability)} · {said}<br>{known}"
    )


def reasons(labels: Sequence[str], values: Sequence[float], t: Words) -> go.Figure:
    """How far each kind of observation moved the log-odds, the strongest on top."""
    figure = _plain(
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
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    reach = 1.7 * max((abs(v) for v in values), default=1)
    return figure.update_xaxes(range=[-reach, reach]).update_yaxes(
        autorange="reversed", showgrid=False
    )


def reliability(bins: Sequence[ReliabilityBin], t: Words) -> go.Figure:
    """How often it rained against how likely it was said to be; marks grow with the forecasts
    behind them.
    """
    full = [b for b in bins if b.n]
    figure = _plain(t, 340, margin={"l": 8, "r": 14, "t": 8, "b": 8})
    figure.add_scatter(
        x=[0, 100], y=[0, 100], mode="lines", line={"color": GREY, "dash": "dot"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[100 * (b.mean_forecast or 0) for b in full],
        y=[100 * (b.observed or 0) for b in full],
        mode="lines+markers+text",
        text=[f"n = {b.n}" for b in full],
        textposition="top center",
        cliponaxis=False,
        textfont={"size": 12, "color": MUTED},
        line={"color": BLUE},
        marker={"size": [8 + 14 * (b.n / max(x.n for x in full)) ** 0.5 for b in full]},
        hovertemplate="%{x:.0f} % → %{y:.0f} % (%{text})<extra></extra>",
    )
    figure.update_xaxes(title=t("station.reliability_x"), range=[-2, 104], ticksuffix=" %")
    return figure.update_yaxes(title=t("station.reliability_y"), range=[-2, 112], ticksuffix=" %")


def over_time(
    points: pd.DataFrame, figure_name: str, threshold: float | None, t: Words
) -> go.Figure:
    """A figure of the live quality up to each date, with its interval and the threshold."""
    figure = _plain(t, 380)
    sure = points.dropna(subset=[f"{figure_name}_low"])
    if len(sure):
        x, low, high = sure["target_date"], sure[f"{figure_name}_low"], sure[f"{figure_name}_high"]
        edge = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_scatter(**edge, y=high)
        figure.add_scatter(**edge, y=low, fill="tonexty", fillcolor=with_alpha(BLUE, 0.18))
    unsure = points[f"{figure_name}_low"].isna()
    figure.add_scatter(
        x=points["target_date"],
        y=points[figure_name],
        mode="lines+markers",
        line={"color": BLUE, "width": 2},
        marker={
            "size": 9,
            "color": np.where(unsure, "white", BLUE),
            "line": {"color": BLUE, "width": 1.5},
        },
        text=[
            t("quality.hover", n=t.number(n), wet=t.number(w))
            for n, w in zip(points["n"], points["positives"], strict=True)
        ],
        hovertemplate="%{x|%Y-%m-%d}<br>%{y:.3f}<br>%{text}<extra></extra>",
    )
    if threshold is not None:
        figure.add_hline(y=threshold, line={"color": ORANGE, "width": 2, "dash": "dash"})
        label = t("quality.threshold", value=t.number(threshold, 2))
        figure.add_annotation(
            x=0,
            xref="paper",
            y=threshold,
            text=label,
            showarrow=False,
            xanchor="left",
            yanchor="top",
            font={"color": ORANGE, "size": 13},
        )
    figure.update_xaxes(tickformat="%m-%d\n%Y", nticks=6)
    return figure.update_yaxes(title=t(f"figures.{figure_name}"), range=[0, 1.02])


def new_rows(rows: pd.DataFrame, t: Words) -> go.Figure:
    """Station-days with truth by feature date: consumed or new."""
    figure = _plain(
        t, 300, showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0}, bargap=0.25
    )
    for name, new, colour, pattern in (
        ("decision.consumed", False, GREY, "/"),
        ("decision.new", True, BLUE, ""),
    ):
        part = rows[rows["new"] == new]
        figure.add_bar(
            x=part["feature_date"],
            y=part["rows"],
            name=t(name),
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate="%{x|%Y-%m-%d}: %{y}<extra></extra>",
        )
    figure.update_xaxes(tickformat="%m-%d\n%Y", nticks=6)
    return figure.update_yaxes(title=t("decision.rows_axis"))


def trials(found: pd.DataFrame, t: Words) -> go.Figure:
    """What each trial was worth, and the best so far."""
    figure = _plain(t, 360, showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0})
    figure.add_scatter(
        x=found["number"],
        y=found["value"],
        mode="markers",
        name=t("search.trial"),
        marker={"size": 10, "color": ORANGE},
        hovertemplate="%{x}: %{y:.4f}<extra></extra>",
    )
    figure.add_scatter(
        x=found["number"],
        y=found["best"],
        mode="lines",
        name=t("search.best"),
        line={"color": BLUE, "width": 2.5, "shape": "hv"},
        hoverinfo="skip",
    )
    figure.update_xaxes(title=t("search.number"), dtick=max(1, len(found) // 10))
    return figure.update_yaxes(title=t("search.value"), tickformat=".3f")


def shares(values: Mapping[str, float], axis: str, t: Words) -> go.Figure:
    """Shares of a whole by name, the largest on top."""
    figure = _plain(t, 60 + 30 * len(values))
    figure.add_bar(
        x=[100 * v for v in values.values()],
        y=list(values),
        orientation="h",
        marker={"color": BLUE},
        hovertemplate="%{y}: %{x:.0f} %<extra></extra>",
    )
    return figure.update_xaxes(title=axis, ticksuffix=" %").update_yaxes(
        autorange="reversed", showgrid=False
    )


def replay(steps: pd.DataFrame, threshold: float, t: Words) -> go.Figure:
    """Recall after each step of a replay, by policy, and where something was done."""
    figure = _plain(t, 420, showlegend=True, legend={"orientation": "h", "y": 1.1, "x": 0})
    for (policy, part), colour, dash in zip(
        steps.groupby("policy"),
        (BLUE, ORANGE, GREY, INK),
        ("solid", "dash", "dot", "dashdot"),
        strict=False,
    ):
        figure.add_scatter(
            x=part["issued_at"],
            y=part["recall_live"],
            mode="lines",
            name=t(POLICIES[str(policy)]),
            line={"color": colour, "dash": dash, "width": 2.5},
            hovertemplate="%{x|%Y-%m-%d %H:%M}: %{y:.3f}<extra></extra>",
        )
        done = part[part["action"].astype(str).str.contains("promote|trigger|retrain")]
        figure.add_scatter(
            x=done["issued_at"],
            y=done["recall_live"],
            mode="markers",
            name=t("replay.acted", policy=t(POLICIES[str(policy)])),
            marker={
                "symbol": "diamond",
                "size": 12,
                "color": colour,
                "line": {"color": INK, "width": 1},
            },
            text=done["action"],
            hovertemplate="%{text}<extra></extra>",
        )
    figure.add_hline(y=threshold, line={"color": ORANGE, "dash": "dash"})
    figure.update_xaxes(tickformat="%m-%d\n%Y", nticks=6)
    return figure.update_yaxes(title=t("figures.recall"), range=[0, 1.02])
