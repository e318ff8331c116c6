"""Paired differences of a score, one a line, with their intervals."""

from collections.abc import Sequence

from raincast.app.charts import strokes
from raincast.app.charts.axes import numbers
from raincast.app.charts.frame import Rows, chart
from raincast.app.colours import BLUE, GREY
from raincast.app.words import Words

Difference = tuple[str, float, float | None, float | None]
"""A name, the mean difference, and the ends of its interval where they are known."""
CAP = 5
"""Per cent of a row from the line of an interval to the end of its caps."""


def differences(rows: Sequence[Difference], alt: str, axis: str, t: Words) -> str:
    """The first row on top; left of the line is less."""
    named = Rows([name for name, *_ in rows])
    ends = [v for _, *values in rows for v in values if v is not None]
    least, most = min([*ends, 0.0]), max([*ends, 0.0])
    free = 0.08 * (most - least) or 0.001
    x = numbers(least - free, most + free, lambda v: _signed(v, t), 4, axis)
    drawn = [strokes.straight((x.at(0), 0), (x.at(0), 100), GREY, 1.5)]
    for i, (name, mean, low, high) in enumerate(rows):
        y = named.at(i)
        left, right = (x.at(mean if end is None else end) for end in (low, high))
        drawn.append(strokes.straight((left, y), (right, y), BLUE, 2))
        cap = CAP / len(rows)
        drawn += [
            strokes.straight((end, y - cap), (end, y + cap), BLUE, 2) for end in (left, right)
        ]
        drawn.append(
            strokes.symbol(
                (x.at(mean), y), "circle", 11, BLUE, _told(name, mean, low, high, t), BLUE
            )
        )
    return chart(alt, 60 + 44 * len(rows), x, named, drawn)


def _signed(value: float, t: Words) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + t.plain(abs(value))


def _told(name: str, mean: float, low: float | None, high: float | None, t: Words) -> str:
    ends = t.between((low, high), 4) if low is not None and high is not None else ""
    return "\n".join((name, t.signed(mean, 4), *([ends] if ends else [])))
