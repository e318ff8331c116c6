"""What the loop did: rows consumed, trials, steps of a replay."""

import pandas as pd
import plotly.graph_objects as go

from raincast.app.charts.blank import plain
from raincast.app.colours import BLUE, GREY, INK, ORANGE
from raincast.app.paying import label
from raincast.app.replaying import POLICIES
from raincast.app.words import Words
from raincast.replay.summary.records import ReplaySummary


def new_rows(rows: pd.DataFrame, t: Words) -> go.Figure:
    """Station-days with truth by feature date: consumed or new."""
    figure = plain(
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
    figure = plain(t, 360, showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0})
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


def paying(found: ReplaySummary, t: Words) -> go.Figure:
    """By policy, the Brier score less that of the first, with its interval: left of the line is
    better.
    """
    rows = [(label(name, t), of.brier) for name, of in reversed(found.against_first.items())]
    figure = plain(t, 90 + 44 * len(rows))
    figure.add_vline(x=0, line={"color": GREY, "width": 1.5})
    for name, (mean, low, high) in rows:
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
            hovertemplate="%{y}: %{x:+.4f}<extra></extra>",
        )
    return figure.update_xaxes(title=t("replay.pays_axis"), tickformat="+.4f", nticks=6)


def replay(steps: pd.DataFrame, threshold: float, t: Words) -> go.Figure:
    """Recall after each step of a replay, by policy, and where something was done."""
    figure = plain(t, 420, showlegend=True, legend={"orientation": "h", "y": 1.1, "x": 0})
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
