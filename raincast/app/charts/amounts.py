"""How much it may rain: the chances of ever larger amounts beside what is usual."""

from collections.abc import Sequence

import plotly.graph_objects as go

from raincast.app.charts.blank import LEGEND, plain
from raincast.app.colours import BLUE, GREY
from raincast.app.exceeding import Chance
from raincast.app.words import Words


def chances(found: Sequence[Chance], month: str, at_least: bool, t: Words) -> go.Figure:
    """Two bars an amount; the usual one is left away where it is not known.

    Args:
        month: the name of the month that is usual.
        at_least: whether the amount itself counts.
    """
    figure = plain(
        t, 70 + 46 * len(found), showlegend=True, legend=LEGEND, bargap=0.3, bargroupgap=0.05
    )
    sign = "≥" if at_least else ">"
    names = [f"{sign}\u00a0{t.plain(one.mm)}\u00a0mm" for one in found]
    bars = [(t("station.amounts_forecast"), [one.forecast for one in found], BLUE, "")]
    if all(one.usual == one.usual for one in found):
        usual = t("station.amounts_usual", month=month)
        bars.append((usual, [one.usual for one in found], GREY, "/"))
    for name, shares, colour, pattern in bars:
        figure.add_bar(
            x=[100 * share for share in shares],
            y=names,
            orientation="h",
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern}},
            text=[t.percent(share) for share in shares],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}<br>%{text}<extra>%{fullData.name}</extra>",
        )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_xaxes(ticksuffix=t.percent_sign, nticks=4, range=[0, _top(found)])


def _top(found: Sequence[Chance]) -> float:
    """Room for the numbers beside the bars."""
    known = [share for one in found for share in one[1:] if share == share]
    return 118 * max([*known, 0.1])
