"""The map of Australia: the land, the field on it, names, and the stations (`marks`)."""

import html
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from raincast.app import field
from raincast.app.charts import marks, strokes
from raincast.app.charts.outline import FAR, NARROW, place, rings
from raincast.app.charts.strokes import Point
from raincast.app.colours import COAST, DARK, DARK_SCALES, LAND, LINE, MUTED, on_both
from raincast.app.views import View
from raincast.app.words import Words
from raincast.observations.network import in_force

CAPITALS = {
    "Sydney": "right",
    "Melbourne": "below",
    "Brisbane": "right",
    "Perth": "left",
    "Adelaide": "below left",
    "Hobart": "below",
    "Darwin": "above",
    "NorfolkIsland": "above",
}
"""Named on the map of the whole country, where the sea leaves room; on a part of it every station
is.
"""
SIDES = {
    "right": ("start", 12, 4),
    "left": ("end", -12, 4),
    "below": ("middle", 0, 21),
    "below left": ("end", -2, 21),
    "above": ("middle", 0, -12),
}
"""Where a name begins, and how many pixels to the right and below of its station it stands."""
LINE_PX = 14
BOXED_DEGREES = 2.0
"""From a station that is drawn in a box to the edges above and below it."""
BOXED_WIDE = 2.3
AROUND_DEGREES = 2.2
"""Left free round the stations of a state."""


class Box(NamedTuple):
    """What is shown, in degrees."""

    west: float
    east: float
    south: float
    north: float

    def at(self, lon: float, lat: float) -> Point:
        """Per cent from the left and from the top."""
        x = (lon - self.west) / (self.east - self.west)
        return 100 * x, 100 * (self.north - lat) / (self.north - self.south)

    @property
    def aspect(self) -> float:
        """Width over height."""
        return NARROW * (self.east - self.west) / (self.north - self.south)


WHOLE = Box(109.8, 162.6, -46.0, -9.6)


def box(state: str | None) -> Box:
    """What is shown of the map for a state, or for the whole country."""
    at = [place(s.location) for s in in_force().stations if s.state == state]
    if not state or not at:
        return WHOLE
    lon, lat = zip(*at, strict=True)
    free = AROUND_DEGREES
    return Box(min(lon) - free, max(lon) + free, min(lat) - free, max(lat) + free)


def draw(
    view: View,
    texts: Mapping[str, str],
    t: Words,
    alt: str,
    chosen: str | None = None,
    state: str | None = None,
    dark: bool = False,
) -> str:
    """The map of a view, as HTML.

    Args:
        texts: what is said of each station under the pointer; one without a mark is drawn empty.
        alt: what the map is, for those who cannot see it.
        chosen: the station that is ringed.
        dark: whether the field is painted for a dark page.
    """
    shown = box(state)
    drawn = [
        *_land(view, shown, dark),
        *marks.stations(view, texts, shown.at),
        *_names(t, state, shown),
    ]
    if chosen:
        drawn.append(marks.ring(shown.at(*place(chosen))))
    x, y = shown.at(*place(chosen)) if chosen else (50, 50)
    return (
        f'<div class="map" tabindex="0" role="group" aria-label="{html.escape(alt)}"'
        f' style="--aspect:{shown.aspect:.3f};--fx:{x / 100:.3f};--fy:{y / 100:.3f}">'
        f'<div class="window"><svg class="world">{"".join(drawn)}</svg></div>'
        f"{_buttons(t)}{marks.meaning(view, t)}</div>"
    )


def _buttons(t: Words) -> str:
    """Buttons, not the wheel or a finger: those scroll the page."""
    kinds = (("in", "+"), ("out", "−"), ("whole", "⤢"))
    buttons = "".join(
        f'<button type="button" data-zoom="{name}" aria-label="{t(f"map.zoom_{name}")}"'
        f' title="{t(f"map.zoom_{name}")}">{sign}</button>'
        for name, sign in kinds
    )
    return f'<div class="zoom">{buttons}</div>'


def _land(view: View, shown: Box, dark: bool) -> Iterator[str]:
    """The land, with the field on it where the view has one."""
    picture = None
    if view.ends and view.has_field:
        scale, land = (DARK_SCALES[view.scale], DARK[LAND]) if dark else (view.scale, LAND)
        picture = field.drawn(view.marks, view.ends, scale, land, in_force())
    if picture:
        left, top = shown.at(field.WEST, field.NORTH)
        right, bottom = shown.at(field.EAST, field.SOUTH)
        yield (
            f'<image href="{picture}" x="{left:.2f}%" y="{top:.2f}%" width="{right - left:.2f}%"'
            f' height="{bottom - top:.2f}%" preserveAspectRatio="none"/>'
        )
    yield _coast(shown, filled=not picture)
    for x, y in FAR.values():
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        yield strokes.line(
            [shown.at(x + BOXED_WIDE * a, y + BOXED_DEGREES * b) for a, b in corners], LINE, 1
        )


@cache
def _coast(shown: Box, filled: bool) -> str:
    """The same for every visitor and moment, and long to write."""
    path = "".join(strokes.polygon([shown.at(*point) for point in ring]) for ring in rings())
    fill = on_both(LAND) if filled else "none"
    return strokes.stretched(path, f"fill:{fill};stroke:{on_both(COAST)}")


def _names(t: Words, state: str | None, shown: Box) -> Iterator[str]:
    """Names beside stations: of the capitals, over the box of one that lies too far, or of every
    station of a state.
    """
    own = {s.location: "below" for s in in_force().stations if s.state == state}
    sides = own if state else {k: v for k, v in CAPITALS.items() if k in in_force().index}
    for name, side in sides.items():
        (x, y), words = place(name), t.place(name)
        anchor, right, down = SIDES[side]
        if name in FAR and not state:
            y, words = y + BOXED_DEGREES, words.replace(" ", "\n")
            down = -5 - LINE_PX * words.count("\n")
        yield strokes.text(shown.at(x, y), words, anchor, right, down, MUTED)
