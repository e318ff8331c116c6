"""Every text of the app, in French and in English, from `words.toml`."""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from raincast.app.dates import Dates
from raincast.app.numerals import Numerals
from raincast.observations.availability import REGIMES
from raincast.observations.event import Event

LANGUAGES = ("fr", "en")
NAMES = {"fr": "Français", "en": "English"}

_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TIED = {
    "fr": re.compile(r"(?<=\d) (?=(?:h|mm|%)(?!\w))| (?=[:;?!»](?:\s|$))|(?<=«) "),
    "en": re.compile(r"(?<=\d) (?=(?:h|mm|am|pm)(?!\w))"),
}
"""Blanks at which a line is not broken: between a number and its unit, and inside of French
punctuation.
"""


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    for name, value in table.items():
        key = f"{before}{name}"
        if any(isinstance(inner, dict) for inner in value.values()):
            yield from _flat(value, f"{key}.")
        else:
            yield key, value


@cache
def texts() -> dict[str, dict[str, str]]:
    """Every key with its text in each language."""
    return dict(
        _flat(tomllib.loads(files("raincast.app").joinpath("words.toml").read_text("utf-8")))
    )


def blanks(text: str) -> set[str]:
    """The names that a text leaves to be filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


class Words(Numerals, Dates):
    """The texts, numbers and dates of one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]

    def __call__(self, key: str, **values: object) -> str:
        """The text of that key with its blanks filled.

        Raises:
            KeyError: no such key, or a blank without a value.
        """
        text = texts()[key][self.language].format(**values)
        return _TIED[self.language].sub("\u00a0", text)

    def amount(self, event: Event) -> str:
        """How much rain the event takes."""
        key = "shared.at_least" if event.at_least else "shared.more_than"
        return self(key, mm=self.number(event.threshold_mm, 1))

    def between(self, ends: Sequence[float] | None, digits: int = 2) -> str:
        """An interval; a dash where it is not known."""
        return (
            "–"
            if not ends
            else self(
                "shared.between",
                low=self.number(ends[0], digits),
                high=self.number(ends[1], digits),
            )
        )

    def place(self, location: object) -> str:
        """A station's name as people write it: `MountGambier` is Mount Gambier."""
        return _JOINED.sub(" ", str(location))

    def regime(self, name: object) -> str:
        """A regime's short name; a dash where none was recorded."""
        return self(f"short_regimes.{name}") if name in REGIMES else "–"

    def iso(self, day: str | None) -> str:
        """A date written YYYY-MM-DD, in words; a dash if missing."""
        return self.day(date.fromisoformat(day) if day else None)

    def said(self, rain: bool) -> str:
        """What was announced."""
        return self("shared.rain_said" if rain else "shared.dry_said")

    def hour(self, clock: datetime) -> str:
        """A moment by some place's clock: the day of the week and the time."""
        return self("sentence.moment", day=self.week(clock), clock=self.clock(clock))
