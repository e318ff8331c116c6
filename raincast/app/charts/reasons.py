"""What moved a forecast, and what a model looks at."""

from collections.abc import Mapping, Sequence

from raincast.app.charts import strokes
from raincast.app.charts.axes import numbers
from raincast.app.charts.frame import Rows, chart
from raincast.app.colours import BLUE, INK, ORANGE
from raincast.app.words import Words

HALF = 0.4
"""Half of a bar's thickness, in rows."""


def reasons(labels: Sequence[str], values: Sequence[float], t: Words) -> str:
    """How far each kind of observation moved the log-odds, the strongest on top."""
    reach = 1.7 * max((abs(v) for v in values), default=1) or 1
    x, rows = (
        numbers(-reach, reach, t.plain, 4, t("station.why_axis")),
        Rows(labels),
    )
    drawn = [strokes.straight((x.at(0), 0), (x.at(0), 100), INK)]
    for row, (label, value) in enumerate(zip(labels, values, strict=True)):
        more, said = value > 0, t.signed(value)
        corners = (x.at(0), rows.at(row - HALF)), (x.at(value), rows.at(row + HALF))
        drawn.append(strokes.bar(*corners, BLUE if more else ORANGE, f"{label}\n{said}"))
        beside = (x.at(value), rows.at(row))
        side = ("start", 5) if more else ("end", -5)
        drawn.append(strokes.text(beside, said, *side, 5, INK))
    return chart(t("station.why"), 60 + 34 * len(labels), x, rows, drawn)


def shares(values: Mapping[str, float], axis: str, t: Words) -> str:
    """Shares of a whole by name, the largest on top."""
    x = numbers(0, 1.05 * max([*values.values(), 0.01]), lambda v: t.percent(v), 5, axis)
    rows = Rows(list(values))
    drawn = [
        strokes.bar(
            (0, rows.at(row - HALF)),
            (x.at(share), rows.at(row + HALF)),
            BLUE,
            f"{name}\n{t.percent(share)}",
        )
        for row, (name, share) in enumerate(values.items())
    ]
    return chart(t("search.importance"), 60 + 30 * len(values), x, rows, drawn)
