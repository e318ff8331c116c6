"""How much it may rain: the chances of ever larger amounts beside what is usual."""

from collections.abc import Sequence

from raincast.app.charts import strokes
from raincast.app.charts.axes import numbers
from raincast.app.charts.frame import Rows, chart, key_bar
from raincast.app.colours import BLUE, GREY, INK
from raincast.app.exceeding import Chance
from raincast.app.words import Words


def chances(found: Sequence[Chance], month: str, at_least: bool, t: Words) -> str:
    """Two bars an amount; the usual one is left away where it is not known.

    Args:
        month: the name of the month that is usual.
        at_least: whether the amount itself counts.
    """
    sign = "≥" if at_least else ">"
    rows = Rows([f"{sign}\u00a0{t.plain(one.mm)}\u00a0mm" for one in found])
    bars = [(t("station.amounts_forecast"), [one.forecast for one in found], BLUE)]
    if all(one.usual == one.usual for one in found):
        usual = t("station.amounts_usual", month=month)
        bars.append((usual, [one.usual for one in found], strokes.HATCHED))
    x = numbers(0, _top(found), lambda share: t.percent(share), 4)
    drawn = [strokes.hatching(GREY)]
    for i, (name, shares, fill) in enumerate(bars):
        thick = 0.7 / len(bars)
        for row, share in enumerate(shares):
            low = rows.at(row - 0.35 + i * thick)
            end, said = x.at(share), t.chance(share)
            told = f"{rows.names[row]}\n{said}\n{name}"
            drawn.append(
                strokes.bar((0, low), (end, rows.at(row - 0.35 + (i + 0.95) * thick)), fill, told)
            )
            middle = rows.at(row - 0.35 + (i + 0.5) * thick)
            drawn.append(strokes.text((end, middle), said, "start", 5, 5, INK))
    keys = [key_bar(name, fill) for name, _, fill in bars]
    return chart(t("station.amounts"), 50 + 46 * len(found), x, rows, drawn, keys)


def _top(found: Sequence[Chance]) -> float:
    """Room for the numbers beside the bars."""
    known = [share for one in found for share in one[1:] if share == share]
    return 1.18 * max([*known, 0.1])
