"""Every text of the app, in French and in English, from `words.toml`."""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from raincast.observations.availability import REGIMES
from raincast.observations.event import Event

LANGUAGES = ("fr", "en")
NAMES = {"fr": "Français", "en": "English"}

_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}

_SHORT = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "en": "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec",
}

_WEEK = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}

_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TIED = re.compile(r"(?<=\d) (?=(?:h|mm|%)(?!\w))| (?=[:;?!»](?:\s|$))|(?<=«) ")
"""Blanks at which a French line is not broken: between a number and its unit, and inside of
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


class Words:
    """The texts, numbers and dates of one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]

    def __call__(self, key: str, **values: object) -> str:
        """The text of that key with its blanks filled.

        Raises:
            KeyError: no such key, or a blank without a value.
        """
        text = texts()[key][self.language].format(**values)
        return text if self.language == "en" else _TIED.sub("\u00a0", text)

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with a fixed number of decimals; a dash where it is not known."""
        if value is None or value != value:
            return "–"
        text = f"{value:,.{digits}f}"
        return text if self.language == "en" else text.replace(",", "\u202f").replace(".", ",")

    def plain(self, value: float) -> str:
        """A number with as many decimals as it needs."""
        text = f"{value:g}"
        return text if self.language == "en" else text.replace(".", ",")

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share (0 to 1) in per cent."""
        if share is None or share != share:
            return "–"
        return self.number(100 * share, digits) + self.percent_sign

    @property
    def percent_sign(self) -> str:
        """What follows a number of per cent."""
        return "\u00a0%" if self.language == "fr" else "%"

    def amount(self, event: Event) -> str:
        """How much rain the event takes."""
        key = "shared.at_least" if event.at_least else "shared.more_than"
        return self(key, mm=self.number(event.threshold_mm, 1))

    def signed(self, value: float, digits: int = 2) -> str:
        return ("+" if value >= 0 else "−") + self.number(abs(value), digits)

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

    @property
    def separators(self) -> str:
        """Plotly's decimal and thousands mark."""
        return ",\u202f" if self.language == "fr" else ".,"

    def place(self, location: object) -> str:
        """A station's name as people write it: `MountGambier` is Mount Gambier."""
        return _JOINED.sub(" ", str(location))

    def regime(self, name: object) -> str:
        """A regime's short name; a dash where none was recorded."""
        return self(f"short_regimes.{name}") if name in REGIMES else "–"

    @property
    def date_form(self) -> str:
        """How a date is written into a field."""
        return "DD/MM/YYYY" if self.language == "fr" else "YYYY-MM-DD"

    def day(self, day: date | None) -> str:
        """A date in words; a dash if missing."""
        if day is None or day != day:
            return "–"
        first = "1er" if self.language == "fr" and day.day == 1 else str(day.day)
        return f"{first} {_MONTHS[self.language][day.month - 1]} {day.year}"

    def week(self, day: date) -> str:
        """The day's name in the week."""
        return _WEEK[self.language][day.weekday()]

    def weekday(self, day: date, today: date) -> str:
        """A date with its day of the week, and its year where that is not this one's."""
        named = f"{self.week(day)} {self.day(day)}"
        return named.removesuffix(f" {day.year}") if day.year == today.year else named

    def month(self, day: date) -> str:
        """The name of the date's month."""
        return _MONTHS[self.language][day.month - 1]

    def month_short(self, number: int) -> str:
        """A month (1 to 12), abbreviated as a newspaper does."""
        return _SHORT[self.language].split()[number - 1]

    @property
    def tick_form(self) -> str:
        """How Plotly writes a day on an axis."""
        return "%-d/%-m\n%Y" if self.language == "fr" else "%-d %b\n%Y"

    def clock(self, moment: datetime) -> str:
        """A time of the day: 4 pm and 9:30 am, or 16 h and 9 h 30."""
        minutes = moment.minute
        if self.language == "fr":
            return f"{moment.hour}\u00a0h" + (f"\u00a0{minutes:02d}" if minutes else "")
        hour = f"{moment.hour % 12 or 12}" + (f":{minutes:02d}" if minutes else "")
        return f"{hour} {'am' if moment.hour < 12 else 'pm'}"

    def iso(self, day: str | None) -> str:
        """A date written YYYY-MM-DD, in words; a dash if missing."""
        return self.day(date.fromisoformat(day) if day else None)

    def said(self, rain: bool) -> str:
        """What was announced."""
        return self("shared.rain_said" if rain else "shared.dry_said")

    def hour(self, clock: datetime) -> str:
        """A moment by some place's clock: the day of the week and the time."""
        return self("sentence.moment", day=self.week(clock), clock=self.clock(clock))

    def moment(self, moment: datetime | None) -> str:
        """An instant, in UTC, to the minute."""
        return (
            "–" if moment is None or moment != moment else f"{self.day(moment)}, {moment:%H:%M} UTC"
        )
