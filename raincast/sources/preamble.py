"""The prose above a DWO file's header: whose file it is, which month, when it was written. Pure."""

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from raincast.errors import BadFile
from raincast.observations import stations
from raincast.observations.stations import Station

_LABEL = re.compile(r"(IDCJDW\d{4})\.([12]\d{3})(0[1-9]|1[0-2])")
_GAUGE = re.compile(r"\{station[^}\d]*(\d+)\s*\}")
_PREPARED = re.compile(r"Prepared at (\d{1,2}:\d{2}) UTC on \w+,? +(\d{1,2} \w+ \d{4})")


class Preamble(NamedTuple):
    """Station, its product, first day of the month, and when the Bureau wrote the file (UTC; None
    where unsaid).
    """

    station: Station
    product: str
    month: date
    prepared_at: datetime | None


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
    if inside and outside and inside[0] != outside[0]:
        raise BadFile(name, inside[0], f"the label of the file's name, {outside[0]}", line=2)
    return label[1], date(int(label[2]), int(label[3]), 1)


def _station(product: str, text: str, name: str) -> Station:
    """The product's station. Labels mislead, so a gauge that the prose names has to be one of the
    station's.
    """
    station = stations.of_product(product)
    if station is None:
        raise BadFile(
            name, product, "the product of one of the stations that `raincast stations` lists"
        )
    gauges = [gauge.zfill(6) for gauge in _GAUGE.findall(text)]
    if gauges and not set(gauges) & set(station.gauges):
        raise BadFile(
            name, ", ".join(gauges), f"a gauge of {station.location}: {', '.join(station.gauges)}"
        )
    return station


def _prepared_at(text: str, name: str) -> datetime | None:
    if "Prepared at" not in text:
        return None
    found = _PREPARED.search(text)
    try:
        return datetime.strptime(
            " ".join(found.groups() if found else ()), "%H:%M %d %B %Y"
        ).replace(tzinfo=UTC)
    except ValueError as error:
        expected = "'Prepared at 05:36 UTC on Wednesday 4 December 2024'"
        raise BadFile(name, text[text.index("Prepared at") :][:60], expected, line=2) from error


def read(text: str, name: str) -> Preamble:
    """What the prose says; what it does not say is taken from the file's name.

    Raises:
        BadFile: no label or two that differ, a product or gauge of nobody's, an unreadable time.
    """
    product, month = _label(text, name)
    return Preamble(_station(product, text, name), product, month, _prepared_at(text, name))
