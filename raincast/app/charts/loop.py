"""What the loop did: rows consumed, trials, steps of a replay."""

import pandas as pd
import plotly.graph_objects as go

from raincast.app.charts.blank import LEGEND, plain
from raincast.app.charts.differences import differences
from raincast.app.colours import BLUE, GOLD, GREEN, GREY, INK, ORANGE, PURPLE
from raincast.app.paying import label
from raincast.app.replaying import POLICIES
from raincast.app.words import Words
from raincast.replay.summary.records import ReplaySummary

LINES = dict(
    zip(
        POLICIES,
        (
            (GREY, "dot"),
            (ORANGE, "dash"),
            (BLUE, "solid"),
            (INK, "dashdot"),
            (GREEN, "longdash"),
            (PURPLE, "longdashdot"),
            (GOLD, "solid"),
        ),
        strict=True,
    )
)
"""How each policy is drawn: by its colour, and by its dash for those who see fewer."""


def new_rows(rows: pd.DataFrame, t: Words) -> go.Figure:
    """Station-days with truth by feature date: consumed or new."""
    figure = plain(t, 300, showlegend=True, legend=LEGEND, bargap=0.25)
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
            hovertemplate=f"%{{x|{t.hover_form}}}<br>%{{y}}<extra></extra>",
        )
    figure.update_xaxes(tickformat=t.tick_form, nticks=6)
    return figure.update_yaxes(title=t("decision.rows_axis"))


def trials(found: pd.DataFrame, t: Words) -> go.Figure:
    """What each trial was worth, and the best so far."""
    figure = plain(t, 360, showlegend=True, legend=LEGEND)
    figure.add_scatter(
        x=found["number"],
        y=found["value"],
        mode="markers",
        name=t("search.trial"),
        marker={"size": 10, "color": ORANGE},
        hovertemplate="%{x}<br>%{y:.4f}<extra></extra>",
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
    rows = [(label(name, t), *of.brier) for name, of in found.against_first.items()]
    return differences(rows, t("replay.pays_axis"), t)


def replay(steps: pd.DataFrame, threshold: float, t: Words) -> go.Figure:
    """Recall after each step of a replay, by policy, and where something was done."""
    figure = plain(t, 420, showlegend=True, legend=LEGEND)
    for policy, part in steps.groupby("policy"):
        colour, dash = LINES[str(policy)]
        figure.add_scatter(
            x=part["issued_at"],
            y=part["recall_live"],
            mode="lines",
            name=t(POLICIES[str(policy)]),
            line={"color": colour, "dash": dash, "width": 2.5},
            hovertemplate=f"%{{x|{t.hover_form} %H:%M}}<br>%{{y:.3f}}<extra></extra>",
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
    figure.update_xaxes(tickformat=t.tick_form, nticks=6)
    return figure.update_yaxes(title=t("figures.recall"), range=[0, 1.02])
