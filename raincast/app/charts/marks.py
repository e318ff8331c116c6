"""The stations on the map: by colour and shape, as a view has them, and what these mean."""

from collections.abc import Callable, Hashable, Iterator, Mapping

import numpy as np

from raincast.app.charts.axes import round_values
from raincast.app.charts.frame import key_symbol, legend
from raincast.app.charts.outline import place
from raincast.app.charts.strokes import Point, symbol
from raincast.app.colours import DARK_SCALES, GREY, INK, ORANGE, PAPER, Scale, along
from raincast.app.views import KINDS, View
from raincast.app.words import Words

Placed = Callable[[float, float], Point]
"""From longitude and latitude to per cents of the map."""


def stations(view: View, texts: Mapping[str, str], at: Placed) -> Iterator[str]:
    """The stations that the view has something of, and empty circles for the others, below them."""
    known = view.marks
    if view.ends:
        known = known[known["value"].notna()].sort_values("value")  # the highest lie on top
    for name in sorted(set(texts) - set(known["location"])):
        yield symbol(at(*place(name)), "circle", 9, PAPER, texts[name], GREY, place=name)
    for row in known.to_dict("records"):
        name = str(row["location"])
        shape, size, colour, edge = _look(view, row)
        yield symbol(at(*place(name)), shape, size, colour, texts[name], edge, place=name)


def _look(view: View, row: Mapping[Hashable, object]) -> tuple[str, float, str, str]:
    """Shape, pixels, colour and edge."""
    if view.ends:
        colour = _colour(view, float(str(row["value"])))
        return (
            ("diamond", 15, colour, INK) if row["kind"] == "rain" else ("circle", 11, colour, INK)
        )
    kind = KINDS[view.name][str(row["kind"])]
    return kind.symbol, 13, kind.colour, _edge(kind.symbol)


def _edge(shape: str) -> str:
    return GREY if shape.endswith("-open") else INK


def _colour(view: View, value: float) -> str:
    """The scale's, on a light page and on a dark one."""
    low, high = view.ends or (0, 1)
    share = np.array(min(max((value - low) / (high - low), 0), 1))
    return _both(*(_hex(scale, share) for scale in (view.scale, DARK_SCALES[view.scale])))


def _hex(scale: Scale, share: "np.ndarray[tuple[()], np.dtype[np.float64]]") -> str:
    red, green, blue = along(scale, share).round().astype(int).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def _both(light: str, dark: str) -> str:
    return f"light-dark({light},{dark})"


def ring(at: Point) -> str:
    """Round the station that is chosen."""
    return f'<g class="ring">{symbol(at, "circle-open", 26, ORANGE, edge=ORANGE, width=3)}</g>'


def meaning(view: View, t: Words) -> str:
    """What colours and shapes mean, below the map."""
    if view.ends is None:
        return legend(
            [
                key_symbol(
                    t(f"map.{view.name}_{name}"), kind.symbol, kind.colour, _edge(kind.symbol)
                )
                for name, kind in KINDS[view.name].items()
                if (view.marks["kind"] == name).any()
            ]
        )
    low, high = view.ends
    steps = ",".join(
        f"{_both(light, dark)} {100 * at:g}%"
        for (at, light), (_, dark) in zip(view.scale, DARK_SCALES[view.scale], strict=True)
    )
    ticks = "".join(
        f'<span style="left:{100 * (value - low) / (high - low):.1f}%">'
        f"{_tick(view, value, t)}</span>"
        for value in round_values(low, high, 5)
    )
    bar = f'<div class="colours" style="background:linear-gradient(to right,{steps})"></div>'
    return f'<div class="scale">{bar}<div class="along">{ticks}</div></div>'


def _tick(view: View, value: float, t: Words) -> str:
    """Points more or less where the view has both, else per cent."""
    low, _ = view.ends or (0, 1)
    if low < 0:
        return t.signed(100 * value, 0) if value else "0"
    return t.percent(value)
