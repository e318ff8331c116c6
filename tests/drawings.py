"""What a chart of the app shows, read from its HTML."""

from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element


class Mark(NamedTuple):
    """What can be pointed at.

    Attributes:
        said: the lines under the pointer.
        read: what a screen reader says.
        box: left, top, width and height, per cent; a symbol has no width and height.
        style: of what is drawn.
        outline: of a symbol.
    """

    said: list[str]
    read: str
    place: str | None
    box: tuple[float, float, float, float]
    style: str
    outline: str | None


def read(drawn: str) -> Element:
    return ElementTree.fromstring(drawn)  # noqa: S314 (our own)


def marks(drawn: str) -> list[Mark]:
    """From the lowest to the highest."""
    return [_mark(e, above) for above in read(drawn).iter() for e in above if _is_mark(e)]


def _is_mark(element: Element) -> bool:
    return "mark" in element.get("class", "").split()


def _mark(element: Element, above: Element) -> Mark:
    symbol = element.tag == "g"
    drawn, placed = (element.find("path"), above) if symbol else (element, element)
    return Mark(
        element.get("data-tip").split("\n"),
        element.get("aria-label"),
        element.get("data-place"),
        tuple(float(placed.get(n, "0").rstrip("%")) for n in ("x", "y", "width", "height")),
        drawn.get("style"),
        drawn.get("d"),
    )


def texts(drawn: str, tag: str, kind: str) -> list[str]:
    """The texts of the elements in those of that tag and class."""
    found = (e for e in read(drawn).iter(tag) if kind in e.get("class", "").split())
    return ["".join(one.itertext()) for e in found for one in (e if len(e) else [e])]


def names(drawn: str) -> set[str]:
    """What is written among the marks."""
    return {" ".join(part.text for part in text if part.text) for text in read(drawn).iter("text")}
