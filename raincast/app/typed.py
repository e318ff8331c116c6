"""Numbers as people type them, with a comma or a point. Pure."""


class NotANumber(ValueError):
    """What was typed is no number, or not one that can be."""


def number(text: str | None, low: float, high: float) -> float | None:
    """The number; None where nothing was typed.

    Raises:
        NotANumber: it is none, or not from `low` to `high`.
    """
    if not text or not text.strip():
        return None
    try:
        value = float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError as error:
        raise NotANumber(text) from error
    if not low <= value <= high:
        raise NotANumber(text)
    return value
