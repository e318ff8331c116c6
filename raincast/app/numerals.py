"""Numbers as a French newspaper writes them, or an English one. Pure."""

LEAST = 0.005
"""A share up to this rounds to 0 per cent, one from the rest of it on to 100."""


class Numerals:
    """The numbers of a language."""

    language: str

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with a fixed number of decimals; a dash where it is not known. What rounds to
        zero has no sign.
        """
        if value is None or value != value:
            return "–"
        text = f"{value:z,.{digits}f}".replace("-", "−")
        return text if self.language == "en" else text.replace(",", "\u202f").replace(".", ",")

    def plain(self, value: float) -> str:
        """A number with as many decimals as it needs."""
        text = f"{value:g}".replace("-", "−")
        return text if self.language == "en" else text.replace(".", ",")

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share (0 to 1) in per cent."""
        if share is None or share != share:
            return "–"
        return self.number(100 * share, digits) + self.percent_sign

    def chance(self, share: float | None) -> str:
        """A chance in per cent; one that is neither nothing nor certain is not told as if it
        were.
        """
        if share and 0 < share <= LEAST:
            return f"< {self.percent(2 * LEAST)}"
        if share and 1 - LEAST <= share < 1:
            return f"> {self.percent(1 - 2 * LEAST)}"
        return self.percent(share)

    @property
    def percent_sign(self) -> str:
        """What follows a number of per cent."""
        return "\u00a0%" if self.language == "fr" else "%"

    def signed(self, value: float, digits: int = 2) -> str:
        """A number with its sign; what rounds to zero has none."""
        if not round(value, digits):
            return self.number(0, digits)
        return ("+" if value > 0 else "−") + self.number(abs(value), digits)
