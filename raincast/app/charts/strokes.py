"""The parts of a chart as SVG, at per cents of its width and height, so that it fills any window
while texts and marks keep their size.

A mark says what it is: to a screen reader, under the pointer, and by the arrow keys (`frame.js`).
"""

import html
import math
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from raincast.app.colours import INK, MUTED, on_both

Point = tuple[float, float]
"""Per cent from the left, and from the top."""

DASHES = {
    "solid": "",
    "dot": "2 4",
    "dash": "8 5",
    "dashdot": "8 4 2 4",
    "longdash": "14 6",
    "longdashdot": "14 5 2 5",
}
HATCHED = "url(#rain-hatched)"
"""The fill of a bar that is told from another by more than its colour; needs `HATCHING`."""


def hatching(colour: str) -> str:
    """What `HATCHED` looks like, for one chart."""
    return (
        '<defs><pattern id="rain-hatched" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="M-1,7 7,-1 M-1,1 1,-1 M5,7 7,5" style="stroke:{on_both(colour)};'
        'stroke-width:1.6"/></pattern></defs>'
    )


def said(text: str, place: str = "") -> str:
    """The attributes of a mark that says so, and that stands for a place."""
    shown, read = html.escape(text).replace("\n", "&#10;"), html.escape(text.replace("\n", ", "))
    chosen = f' data-place="{html.escape(place)}"' if place else ""
    return f'class="mark" tabindex="-1" role="img" aria-label="{read}" data-tip="{shown}"{chosen}'


def symbol(
    at: Point,
    shape: str,
    size: float,
    colour: str,
    text: str = "",
    edge: str = INK,
    width: float = 1,
    place: str = "",
) -> str:
    """A mark of that shape, so many pixels wide; without a text it is only looked at."""
    fill = "none" if shape.endswith("-open") else on_both(colour)
    drawn = (
        f'<path d="{outline(shape, size / 2)}" style="fill:{fill};stroke:{on_both(edge)};'
        f'stroke-width:{width}"/>'
    )
    if text:
        reach = max(size / 2 + 2, 9)  # a pointer need not be exact
        drawn = f'<g {said(text, place)}><circle r="{reach:.1f}" class="reach"/>{drawn}</g>'
    return f'<svg x="{at[0]:.2f}%" y="{at[1]:.2f}%">{drawn}</svg>'


def outline(shape: str, r: float) -> str:
    """The outline of a shape of that radius, round the origin.

    Raises:
        KeyError: no such shape.
    """
    d, s, e = 1.3 * r, 1.15 * r, 0.4 * r
    circle = (
        f"M{-r:.2f},0a{r:.2f},{r:.2f} 0 1,0 {2 * r:.2f},0a{r:.2f},{r:.2f} 0 1,0 {-2 * r:.2f},0Z"
    )
    return {
        "circle": circle,
        "circle-open": circle,
        "diamond": polygon([(0, -d), (d, 0), (0, d), (-d, 0)]),
        "triangle-up": polygon([(0, -s), (s, s / 2), (-s, s / 2)]),
        "x": polygon(
            [
                (-e - e, -e),
                (-e, -e - e),
                (0, -e),
                (e, -e - e),
                (e + e, -e),
                (e, 0),
                (e + e, e),
                (e, e + e),
                (0, e),
                (-e, e + e),
                (-e - e, e),
                (-e, 0),
            ]
        ),
    }[shape]


def polygon(corners: Iterable[Point]) -> str:
    """A closed path."""
    return "M" + "L".join(f"{x:.2f},{y:.2f}" for x, y in corners) + "Z"


def line(points: Iterable[Point], colour: str, width: float = 2, dash: str = "solid") -> str:
    """From point to point; it breaks where one is NaN."""
    style = (
        f"fill:none;stroke:{on_both(colour)};stroke-width:{width};stroke-dasharray:{DASHES[dash]}"
    )
    return stretched(_path(points), style)


def area(points: Iterable[Point], colour: str, opacity: float) -> str:
    """The inside of a polygon."""
    return stretched(polygon(points), f"fill:{on_both(colour)};fill-opacity:{opacity}")


def steps(points: Sequence[Point]) -> list[Point]:
    """The corners of a staircase through the points: first along, then up."""
    corners = [(b[0], a[1]) for a, b in pairwise(points)]
    return (
        [p for pair in zip(points, [*corners, points[-1]], strict=True) for p in pair]
        if points
        else []
    )


def _path(points: Iterable[Point]) -> str:
    runs = groupby(points, key=lambda point: math.isnan(point[0] + point[1]))
    return "".join(
        "M" + "L".join(f"{x:.2f},{y:.2f}" for x, y in run) for gap, run in runs if not gap
    )


def stretched(path: str, style: str) -> str:
    """A path in per cents of the chart; its lines keep their width."""
    return (
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none">'
        f'<path d="{path}" class="stretched" style="{style}"/></svg>'
    )


def bar(one: Point, other: Point, fill: str, text: str, edge: str | None = None) -> str:
    """A rectangle between two corners; `fill` is a colour or `HATCHED`."""
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    paint = fill if fill == HATCHED else on_both(fill)
    stroke = f";stroke:{on_both(edge)}" if edge else ""
    return (
        f'<rect x="{left:.2f}%" y="{top:.2f}%" width="{right - left:.2f}%"'
        f' height="{bottom - top:.2f}%" {said(text)} style="fill:{paint}{stroke}"/>'
    )


def straight(one: Point, other: Point, colour: str, width: float = 1, dash: str = "solid") -> str:
    """A straight line."""
    return (
        f'<line x1="{one[0]:.2f}%" y1="{one[1]:.2f}%" x2="{other[0]:.2f}%" y2="{other[1]:.2f}%"'
        f' style="stroke:{on_both(colour)};stroke-width:{width};stroke-dasharray:{DASHES[dash]}"/>'
    )


def text(
    at: Point,
    words: str,
    anchor: str = "middle",
    right: float = 0,
    down: float = 0,
    colour: str = MUTED,
) -> str:
    """Words at a point, so many pixels to its right and below. A screen reader has them from a mark
    beside them.
    """
    lines = words.split("\n")
    spans = "".join(
        f'<tspan x="{right}" dy="{1.15 * bool(i)}em">{html.escape(one)}</tspan>'
        for i, one in enumerate(lines)
    )
    return (
        f'<svg x="{at[0]:.2f}%" y="{at[1]:.2f}%">'
        f'<text y="{down}" class="{anchor}" aria-hidden="true"'
        f' style="fill:{on_both(colour)}">{spans}</text></svg>'
    )
