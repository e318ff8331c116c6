"""The map as a picture to take along: drawn here, with its title, date and scale."""

import io
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from raincast.app import field
from raincast.app.charts.outline import place, rings
from raincast.app.colours import BAND, COAST, GREY, INK, LAND, MUTED, PAPER, along, rgb
from raincast.app.telling import view_said
from raincast.app.views import KINDS, View
from raincast.app.words import Words
from raincast.observations.network import in_force

WIDTH, HEIGHT, TOP = 1200, 1110, 90
PIXELS = WIDTH / 49.0
"""Pixels to a degree of longitude; the picture is 49 degrees wide."""
WEST, NORTH, TALL = 112.0, -9.6, 1.12
"""North-west corner, and a degree of latitude beside one of longitude."""

Pen = ImageDraw.ImageDraw
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def at(lon: float, lat: float) -> tuple[float, float]:
    """Where a place lies in the picture."""
    return (lon - WEST) * PIXELS, TOP + (NORTH - lat) * PIXELS * TALL


def png(view: View, t: Words, issued: str) -> bytes:
    """The picture of a view, as a PNG."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(canvas)
    pen.text((30, 18), f"raincast · {view_said(view.name, t)}", INK, font(30))
    pen.text((30, 58), f"{t('map.issue')} : {issued}", MUTED, font(20))
    _land(canvas, pen, view)
    _marks(pen, view)
    _scale(pen, view, t)
    out = io.BytesIO()
    canvas.save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def font(size: int) -> Font:
    """DejaVu Sans, which comes with matplotlib: Pillow's own font has no accents."""
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", size)


def _land(canvas: Image.Image, pen: Pen, view: View) -> None:
    drawn = [[at(*point) for point in ring] for ring in rings()]
    for one in drawn:
        pen.polygon(one, fill=LAND)
    if view.ends and view.has_field:
        _field(canvas, field.picture(view.marks, view.ends, view.scale, LAND, in_force()))
    for one in drawn:
        pen.line(one, fill=COAST, width=2)


def _field(canvas: Image.Image, drawn: Image.Image | None) -> None:
    if drawn is None:
        return
    left, top = at(field.WEST, field.NORTH)
    right, bottom = at(field.EAST, field.SOUTH)
    drawn = drawn.resize((round(right - left), round(bottom - top)))
    canvas.paste(drawn, (round(left), round(top)), drawn)


def _marks(pen: Pen, view: View) -> None:
    for row in view.marks.itertuples():
        x, y = at(*place(str(row.location)))
        value = float(str(row.value))
        if view.ends is None:
            kind = KINDS[view.name][str(row.kind)]
            _mark(pen, x, y, kind.colour, kind.symbol)
        elif value == value:
            _mark(pen, x, y, _colour(view, value), "diamond" if row.kind == "rain" else "circle")
        else:
            _mark(pen, x, y, PAPER, "circle-open")


def _colour(view: View, value: float) -> str:
    low, high = view.ends or (0, 1)
    share = np.array(min(max((value - low) / (high - low), 0), 1))
    red, green, blue = along(view.scale, share).round().astype(int).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def _mark(pen: Pen, x: float, y: float, colour: str, symbol: str) -> None:
    r = 11
    if symbol == "diamond":
        pen.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], colour, INK)
    elif symbol == "triangle-up":
        pen.polygon([(x, y - r), (x + r, y + r), (x - r, y + r)], colour, INK)
    elif symbol == "x":
        for width, ink in ((8, INK), (5, colour)):
            pen.line([(x - r, y - r), (x + r, y + r)], ink, width)
            pen.line([(x - r, y + r), (x + r, y - r)], ink, width)
    else:
        empty = symbol == "circle-open"
        inside, edge = (PAPER, GREY) if empty else (colour, INK)
        pen.ellipse([x - r + 2, y - r + 2, x + r - 2, y + r - 2], inside, edge, 2)


def _scale(pen: Pen, view: View, t: Words) -> None:
    """What the colours mean, along the bottom."""
    y = HEIGHT - 46
    pen.rectangle([0, y - 18, WIDTH, HEIGHT], BAND)
    if view.ends is None:
        for i, (name, kind) in enumerate(KINDS[view.name].items()):
            x = 40 + i * (WIDTH - 60) / len(KINDS[view.name])
            _mark(pen, x, y + 12, kind.colour, kind.symbol)
            pen.text((x + 20, y + 1), t(f"map.{view.name}_{name}"), INK, font(14))
        return
    low, high = view.ends
    for x in range(400):
        shade = _colour(view, low + (high - low) * x / 399)
        pen.line([(400 + x, y), (400 + x, y + 16)], rgb(shade))
    for share in (0.0, 0.5, 1.0):
        value = low + (high - low) * share
        text = t.signed(100 * value, 0) if low < 0 else t.percent(value)
        pen.text((385 + 400 * share, y + 18), text, INK, font(16))
