"""The prose above a DWO file's header: whose file it is, which month, when it was written. Pure."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

from raincast.errors import BadFile
from raincast.observations.network import in_force
from raincast.observations.stations import Station

_LABEL = re.compile(r"(IDCJDW[0-9]{4})\.([12][0-9]{3})(0[1-9]|1[0-2])")
_GAUGE = re.compile(r"\{station[^}\d]*([0-9]+)\s*\}")
_TITLE = re.compile(r"Daily Weather Observations for ([^\n]*?) for \w+ [0-9]{4}", re.IGNORECASE)
_PREPARED = re.compile(
    r"Prepared at ([0-9]{1,2}:[0-9]{2}) ?([ap]m)? +([A-Za-z]+) +on +\w+,? +"
    r"([0-9]{1,2} \w+ [0-9]{4})",
    re.IGNORECASE,
)
_HOURS = {
    **dict.fromkeys(("UTC", "GMT", "Z"), 0.0),
    **dict.fromkeys(("AWST", "WST"), 8.0),
    **dict.fromkeys(("ACST", "CST"), 9.5),
    **dict.fromkeys(("AEST", "EST"), 10.0),
    **dict.fromkeys(("ACDT", "CDT", "LHST"), 10.5),
    **dict.fromkeys(("AEDT", "EDT", "NFT", "LHDT"), 11.0),
    "NFDT": 12.0,
}
"""Hours that the Bureau's zones are ahead of UTC (https://www.bom.gov.au/climate/averages/
tables/daysavtm.shtml); EST is Australia's, not America's.
"""


class Preamble(NamedTuple):
    """What the prose says.

    Attributes:
        station: whose file it is.
        product: the label of its files.
        month: the first day of the file's month.
        prepared_at: when the Bureau wrote the file (UTC); None where that is unsaid or unreadable.
        warnings: what a reader should look at: a new gauge, a time that cannot be read.
    """

    station: Station
    product: str
    month: date
    prepared_at: datetime | None
    warnings: tuple[str, ...] = ()


def _label(text: str, name: str) -> tuple[str, date]:
    """Product and month, by the prose if there is any, else by the file's name."""
    inside, outside = _LABEL.search(text), _LABEL.search(name.rpartition("/")[2])
    label = inside or outside
    if label is None:
        raise BadFile(
            name,
            text[:60],
            "a label such as IDCJDW2002.202405 in the second line or in the file's name",
        )
    if inside and outside and not _is_alike(inside, outside):
        raise BadFile(name, inside[0], f"the label of the file's name, {outside[0]}", line=2)
    return label[1], date(int(label[2]), int(label[3]), 1)


def _is_alike(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two labels are of one month and one station: of former years and of today."""
    if one.groups()[1:] != other.groups()[1:]:
        return False
    whose = in_force().of_product(one[1])
    return one[1] == other[1] or (whose is not None and whose == in_force().of_product(other[1]))


def gauges(text: str) -> list[str]:
    """The gauges that may hold the file's rain: those of the lines that speak of rainfall; all,
    where no line with a gauge does.
    """
    told = [line for line in text.splitlines() if _GAUGE.search(line)]
    about_rain = [line for line in told if "rainfall" in line.casefold()]
    return [found.zfill(6) for line in about_rain or told for found in _GAUGE.findall(line)]


def _station(product: str, text: str, name: str) -> tuple[Station, tuple[str, ...]]:
    """The product's station, and a warning of a gauge that the table does not have."""
    station = in_force().of_product(product)
    if station is None:
        expected = "the product of one of the stations that `raincast stations` lists"
        raise BadFile(name, product, expected)
    found = gauges(text)
    if not found:
        _refuse_anothers_title(station, text, name)
    if set(found) & set(station.gauges):
        return station, ()
    if not station.gauges and not any(map(in_force().of_gauge, found)):
        return station, ()  # a station that was added without its gauges is taken at its label
    _refuse_anothers(station, product, found, name)
    return station, (_moved(station, found, name),) if found else ()


def _refuse_anothers_title(station: Station, text: str, name: str) -> None:
    """Where no gauge says whose file it is, the title must not say that it is another station's."""
    title = _TITLE.search(text)
    names = (title[1], title[1].split(",")[0]) if title else ()
    titled = next(filter(None, map(in_force().named, names)), None)
    if titled is not None and titled != station:
        expected = f"{station.location}, whose label it has: {station.product}"
        raise BadFile(name, f"Daily Weather Observations for {titled.location}", expected)


def _refuse_anothers(station: Station, product: str, found: list[str], name: str) -> None:
    """Labels mislead, so the gauge decides: one of another station is not this station's rain, and
    a former label counts only with a gauge that is known.
    """
    others = sorted({other for gauge in found for other in in_force().of_gauge(gauge)})
    ours = f"a gauge of {station.location}: {', '.join(station.gauges)}"
    if others:
        raise BadFile(name, f"{', '.join(found)} ({', '.join(others)})", ours)
    if product != station.product:
        expected = f"{ours}; or its files of today, {station.product}"
        raise BadFile(name, f"{product} of gauge {', '.join(found) or 'unsaid'}", expected)


def _moved(station: Station, found: list[str], name: str) -> str:
    return (
        f"{name}: found gauge {', '.join(found)}, expected {', '.join(station.gauges)} of"
        f" {station.location}; the file is read, but the site may have moved: look at it, then"
        f" `raincast stations confirm {station.location} {found[0]}` puts the gauge into"
        " stations.toml"
    )


def _prepared_at(text: str) -> datetime | None:
    """When the file says that it was written, in UTC; None where that cannot be read."""
    found = _PREPARED.search(text)
    return moment(found[1], found[4], found[3], found[2] or "") if found else None


def moment(clock: str, day: str, zone: str, half: str = "") -> datetime | None:
    """A moment as the Bureau's files write it, in UTC; None where there is none such.

    Args:
        clock: `05:36`.
        day: `4 December 2024`.
        zone: the short name of one of its zones.
        half: `am` or `pm`; of 24 hours if empty.
    """
    form = "%I:%M%p %d %B %Y" if half else "%H:%M %d %B %Y"
    try:
        ahead = timezone(timedelta(hours=_HOURS[zone.upper()]))
        local = datetime.strptime(f"{clock}{half} {day}", form)
        return local.replace(tzinfo=ahead).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _unreadable(text: str, name: str) -> str:
    said = text[text.index("Prepared at") :].splitlines()[0][:60]
    return (
        f"{name}, line 2: found {said!r}, expected 'Prepared at 05:36 UTC on Wednesday 4 December"
        " 2024'; its values count as known from now on"
    )


def read(text: str, name: str) -> Preamble:
    """What the prose says; what it does not say is taken from the file's name.

    Raises:
        BadFile: no label or two that differ, a product or gauge of nobody's or of another station.
    """
    product, month = _label(text, name)
    station, warnings = _station(product, text, name)
    prepared_at = _prepared_at(text)
    if prepared_at is None and "Prepared at" in text:
        warnings += (_unreadable(text, name),)
    return Preamble(station, product, month, prepared_at, warnings)
