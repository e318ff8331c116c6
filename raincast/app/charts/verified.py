"""Forecasts beside what happened."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from raincast.app.charts.blank import plain
from raincast.app.colours import BLUE, GREY, MUTED, ORANGE, PAPER, with_alpha
from raincast.app.words import Words
from raincast.verification.records import ReliabilityBin


def reliability(bins: Sequence[ReliabilityBin], t: Words) -> go.Figure:
    """How often it rained against how likely it was said to be; marks grow with the forecasts
    behind them.
    """
    full, sign = [b for b in bins if b.n], t.percent_sign
    figure = plain(t, 340, margin={"l": 8, "r": 14, "t": 8, "b": 8})
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
        hovertemplate=f"%{{x:.0f}}{sign} → %{{y:.0f}}{sign} (%{{text}})<extra></extra>",
    )
    figure.update_xaxes(title=t("station.reliability_x"), range=[-2, 104], ticksuffix=sign)
    return figure.update_yaxes(title=t("station.reliability_y"), range=[-2, 112], ticksuffix=sign)


def over_time(
    points: pd.DataFrame, figure_name: str, threshold: float | None, t: Words
) -> go.Figure:
    """A figure of the live quality up to each date, with its interval and the threshold."""
    figure = plain(t, 380)
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
            "color": np.where(unsure, PAPER, BLUE).tolist(),
            "line": {"color": BLUE, "width": 1.5},
        },
        text=[
            t("quality.hover", n=t.number(n), wet=t.number(w))
            for n, w in zip(points["n"], points["positives"], strict=True)
        ],
        hovertemplate=f"%{{x|{t.hover_form}}}<br>%{{y:.3f}}<br>%{{text}}<extra></extra>",
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
    figure.update_xaxes(tickformat=t.tick_form, nticks=6)
    return figure.update_yaxes(title=t(f"figures.{figure_name}"), range=[0, 1.02])
