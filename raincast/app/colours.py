"""Colours: told apart by people who see fewer of them, since lightness differs too; text keeps a
contrast of 4.5.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

INK, MUTED, LINE, PAPER, BAND = "#1F2933", "#52606D", "#D5DAE0", "#FFFFFF", "#F5F6F4"
BLUE, ORANGE, GREY, LAND = "#0B5394", "#B8500F", "#8A95A1", "#F3F1EA"

GREEN, PURPLE, GOLD = "#1B7F5C", "#7A3E9D", "#A67C00"
"""Of lines that are many in one chart."""

CHANCE = (
    (0.0, "#F2E6C9"),
    (0.25, "#B9D3E3"),
    (0.5, "#6AA3CC"),
    (0.75, "#2A6CAD"),
    (1.0, "#0A2F66"),
)
"""From dry sand to deep blue, ever darker."""

QUALITY = ((0.0, "#F0E3D2"), (0.5, "#8CBF9F"), (1.0, "#14532D"))
"""From sand to deep green, for the share of forecasts that were right."""
DIFFERENCE = ((0.0, "#8A3B06"), (0.25, "#DDA15E"), (0.5, "#F4F2EC"), (0.75, "#7FB0D6"), (1.0, BLUE))
"""Less in brown, more in blue, as much in between."""
COAST, CHOSEN = "#C9C4B4", "#E7EFF7"

DARK: Mapping[str, str] = {
    INK: "#E6EAEE",
    MUTED: "#A9B4C0",
    LINE: "#3A4652",
    PAPER: "#12181F",
    BAND: "#1B232C",
    BLUE: "#6FB1E8",
    ORANGE: "#F0904A",
    GREY: "#7C8793",
    LAND: "#232B33",
    COAST: "#56616C",
    CHOSEN: "#1D3347",
    GREEN: "#4FC394",
    PURPLE: "#C08BE0",
    GOLD: "#E3B94A",
}
"""What stands for each colour on a dark page."""
NAMED: Mapping[str, str] = {
    "ink": INK,
    "muted": MUTED,
    "line": LINE,
    "band": BAND,
    "blue": BLUE,
    "orange": ORANGE,
    "chosen": CHOSEN,
}
"""The colours that the style sheet names."""

Scale = Sequence[tuple[float, str]]
DARK_SCALES: Mapping[Scale, Scale] = {
    CHANCE: (
        (0.0, "#3B3A33"),
        (0.25, "#2F556F"),
        (0.5, "#3F83B5"),
        (0.75, "#74B9EC"),
        (1.0, "#DDF1FF"),
    ),
    QUALITY: ((0.0, "#403A30"), (0.5, "#4E9A72"), (1.0, "#BDF2D3")),
    DIFFERENCE: (
        (0.0, "#F2AE6B"),
        (0.25, "#99693A"),
        (0.5, "#2B3239"),
        (0.75, "#3F78A8"),
        (1.0, "#92CCF7"),
    ),
}
"""On a dark page what is little lies near the ground, so that dry land does not shine."""


def on_both(colour: str) -> str:
    """The colour as CSS: the browser takes that of a light page or of a dark one."""
    return f"light-dark({colour},{DARK[colour]})" if colour in DARK else colour


def rgb(colour: str) -> tuple[int, int, int]:
    """The three parts of `#RRGGBB`, 0 to 255."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def along(scale: Scale, share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(…, 3) the colours at those shares (0 to 1) of a scale, 0 to 255."""
    at = [step for step, _ in scale]
    parts = np.array([rgb(colour) for _, colour in scale], float)
    return np.stack([np.interp(share, at, parts[:, i]) for i in range(3)], axis=-1)
