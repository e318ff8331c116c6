"""Colours: told apart by people who see fewer of them, since lightness differs too; text keeps a
contrast of 4.5.
"""

INK, MUTED, LINE, PAPER, BAND = "#1F2933", "#52606D", "#D5DAE0", "#FFFFFF", "#F5F6F4"
BLUE, ORANGE, GREY, LAND = "#0B5394", "#B8500F", "#8A95A1", "#F3F1EA"

CHANCE = (
    (0.0, "#F2E6C9"),
    (0.25, "#B9D3E3"),
    (0.5, "#6AA3CC"),
    (0.75, "#2A6CAD"),
    (1.0, "#0A2F66"),
)
"""From dry sand to deep blue, ever darker."""


def with_alpha(colour: str, alpha: float) -> str:
    """The colour as CSS with an opacity, 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
