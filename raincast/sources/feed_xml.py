"""The half-hourly feed as XML: a state's stations, the newest look at each. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from xml.parsers import expat

from raincast.errors import BadFile
from raincast.sources import feed, text
from raincast.sources.cells import Remark
from raincast.sources.feed import Look, Place
from raincast.sources.readings import FileForm, Readings

_MINE = re.compile(r"\s*(<\?xml[^>]*>)?\s*(<!--.*?-->\s*)*<product\b", re.DOTALL)
_EXPECTED = "the half-hourly feed as XML, whole"
_HOURLY = {
    "air_temperature": "Temp",
    "rel-humidity": "Humidity",
    "msl_pres": "Pressure",
    "cloud_oktas": "Cloud",
    "rainfall": "RainSince9am",
    "wind_dir": "WindDir",
    "wind_spd_kmh": "WindSpeed",
}
_DAILY = {
    "rainfall": ("Rainfall", time(9), 1),
    "rainfall_24hr": ("Rainfall", time(9), 1),
    "minimum_air_temperature": ("MinTemp", time(9), 1),
    "maximum_air_temperature": ("MaxTemp", time(9), 0),
    "maximum_gust_kmh": ("WindGustSpeed", time(0), 0),
    "maximum_gust_dir": ("WindGustDir", time(0), 0),
}
"""The field, when its 24 hours begin by the local clock, and how many days later its row is."""
_UNITS = {
    "air_temperature": ("Celsius", "C", "°C"),
    "rel-humidity": ("%",),
    "msl_pres": ("hPa",),
    "cloud_oktas": ("oktas",),
    "wind_spd_kmh": ("km/h",),
    "rainfall": ("mm",),
    "rainfall_24hr": ("mm",),
    "minimum_air_temperature": ("Celsius", "C", "°C"),
    "maximum_air_temperature": ("Celsius", "C", "°C"),
    "maximum_gust_kmh": ("km/h",),
}
"""In which an element must be, where it says so; the first is how the Bureau writes it."""
_EDGES = ("start", "end")
_Daily = dict[tuple[datetime, str, date], str]
"""Texts by the end of their period, field and day of the row."""


class _Reader:
    """Takes looks out of the elements as they come."""

    def __init__(self, name: str) -> None:
        self.name, self.looks, self.said = name, dict[Place, list[Look]](), dict[str, str]()
        self._place = Place()
        self._look: tuple[int, datetime | None, dict[str, str], _Daily] = (0, None, {}, {})
        self._about: Mapping[str, str] = {}
        self._text = ""
        self.aside = list[Remark]()
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._more
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, told: str) -> None:
        try:
            self._parser.Parse(told.encode(), True)
        except expat.ExpatError as error:
            raise BadFile(self.name, str(error), _EXPECTED, line=error.lineno) from error

    def _refuse(self, *_: object) -> None:
        raise BadFile(self.name, "a document type", f"{_EXPECTED}: it has none")

    def _more(self, piece: str) -> None:
        self._text += piece

    def _start(self, tag: str, about: dict[str, str]) -> None:
        self._about, self._text = about, ""
        if tag == "station":
            self._place = Place(
                about.get("wmo-id", ""), about.get("bom-id", ""), about.get("stn-name", "")
            )
            self.looks.setdefault(self._place, [])
        elif tag == "period":
            at = _moment(about.get("time-utc", ""))
            self._look = (self._parser.CurrentLineNumber, at, {}, {})

    def _end(self, tag: str) -> None:
        line, at, cells, daily = self._look
        if tag == "element":
            self._take(cells, daily)
        elif tag == "period" and at is not None:
            winds = feed.winds(cells.get("WindDir", ""), cells.get("WindSpeed", ""))
            ended = {(field, row): told for (end, field, row), told in daily.items() if end <= at}
            self.looks.setdefault(self._place, []).append(Look(line, at, cells | winds, ended))
        elif tag in ("identifier", "issue-time-utc"):
            self.said.setdefault(tag, self._text.strip())

    def _take(self, cells: dict[str, str], daily: _Daily) -> None:
        kind, told = self._about.get("type", ""), self._text.strip()
        if (unit := self._about.get("units", "")) not in ("", *_UNITS.get(kind, (unit,))):
            line, wanted = self._parser.CurrentLineNumber, _UNITS[kind][0]
            self.aside.append(Remark(line, kind, f"{told} {unit}"[:60], f"a value in {wanted}"))
            return
        begin, end = (_moment(self._about.get(f"{edge}-time-local", "")) for edge in _EDGES)
        if kind in _HOURLY and begin is None:
            cells[_HOURLY[kind]] = told
        if kind in _DAILY and end is not None and (row := _row(kind, begin, end)):
            daily[end, _DAILY[kind][0], row] = told


def _moment(told: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _row(kind: str, begin: datetime | None, end: datetime) -> date | None:
    """The day of the row whose field has that period; None where it is another period's."""
    _, clock, later = _DAILY[kind]
    if begin is None or begin.time() != clock or end.time() != clock:
        return None
    if end.date() - begin.date() != timedelta(days=1):
        return None
    return begin.date() + timedelta(days=later)


def parse(content: bytes, name: str) -> Sequence[Readings]:
    """The readings of the file's stations; see `feed`."""
    reader = _Reader(name)
    reader.read(text.decoded(text.unwrapped(content, name, feed.MOST_BYTES)))
    issued = _moment(reader.said.get("issue-time-utc", ""))
    label = reader.said.get("identifier", "") or "feed"
    return feed.readings(reader.looks, label, issued, name, reader.aside)


FORM = FileForm(
    "the Bureau's half-hourly feed as XML",
    ".xml",
    lambda start: bool(_MINE.match(start)),
    parse,
)
