"""A slide: one message, one number, one figure from the project's own files, what to say."""

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import FigureBase

from raincast.app.words import Words
from raincast.observations.network import in_force

Draw = Callable[[FigureBase], None]


class Made(NamedTuple):
    """What a slide shows; `draw` is None where the files that it needs are not there.

    Attributes:
        source: the file that the figure comes from.
        number: the one number of the slide, as people read it; empty for none.
    """

    draw: Draw | None
    source: str
    number: str = ""


class Slide(NamedTuple):
    """One slide; `unit` says what its number counts."""

    name: str
    title: str
    message: str
    notes: str
    source: str
    draw: Draw | None
    number: str
    unit: str


def slide(name: str, t: Words, made: Made) -> Slide:
    """The slide of that name, in words."""
    key, event, source = f"slides.{name}", in_force().event, made.source
    notes = t(f"{key}_notes", amount=t.amount(event), hour=event.hour)
    message = t(f"{key}_message") if made.draw else t("slides.nothing", source=source)
    number = made.number if made.draw else ""
    unit = t(f"{key}_unit") if number else ""
    shown = t("slides.source", source=source)
    return Slide(name, t(key), message, notes, shown, made.draw, number, unit)
