"""Days and hours as a French newspaper writes them, or an English one. Pure."""

from datetime import date, datetime

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


class Dates:
    """The days and hours of a language."""

    language: str

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

    def short(self, day: date) -> str:
        """A day without its year, as on an axis."""
        if self.language == "fr":
            return f"{day.day}/{day.month}"
        return f"{day.day} {self.month_short(day.month)}"

    def short_year(self, day: date) -> str:
        """A day with its year, as under the pointer."""
        return self.short(day) + ("/" if self.language == "fr" else " ") + str(day.year)

    def clock(self, moment: datetime) -> str:
        """A time of the day: 4 pm and 9:30 am, or 16 h and 9 h 30."""
        minutes = moment.minute
        if self.language == "fr":
            return f"{moment.hour}\u00a0h" + (f"\u00a0{minutes:02d}" if minutes else "")
        hour = f"{moment.hour % 12 or 12}" + (f":{minutes:02d}" if minutes else "")
        return f"{hour} {'am' if moment.hour < 12 else 'pm'}"

    def moment(self, moment: datetime | None) -> str:
        """An instant, in UTC, to the minute."""
        return (
            "–" if moment is None or moment != moment else f"{self.day(moment)}, {moment:%H:%M} UTC"
        )
