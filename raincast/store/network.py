"""The table of stations under `PROJECT_ROOT`: read whole, written whole."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from raincast.errors import BadFile, BadInput
from raincast.observations import network, stations
from raincast.observations.event import Event
from raincast.observations.network import Network
from raincast.observations.stations import Station
from raincast.store import files

_HEAD = """\
# The stations of this folder: who they are and where they stand. docs/how-to/station.md says more.
# neighbour = false: other stations' forecasts do not look at this one.

"""
_REQUIRED = ("name", "latitude", "longitude", "time_zone")
_MORE = "cells behind the last column"
_kept: dict[Path, tuple[tuple[int, int], Network]] = {}


def read(path: Path) -> Network:
    """The network of a table; the shipped one where there is no file. The same object as long as
    the file is the same.

    Raises:
        BadFile: it is no table of stations, or two of them cannot be there together.
    """
    try:
        told = path.stat()
    except FileNotFoundError:
        return network.shipped()
    stamp = told.st_mtime_ns, told.st_size
    kept = _kept.get(path)
    if kept is None or kept[0] != stamp:
        kept = _kept[path] = stamp, _of_text(_text(path), path)
    return kept[1]


def establish(path: Path) -> Network:
    """Reads the table and puts its network in force for this process."""
    found = read(path)
    network.put_in_force(found)
    return found


def faults(path: Path) -> list[str]:
    """All that two stations of the table cannot be together; a table that cannot be read raises.

    Raises:
        BadFile: it is no table of stations.
    """
    if not path.exists():
        return list(network.faults(network.shipped().stations))
    return list(network.faults(stations.of_table(_text(path), str(path))))


def add(path: Path, new: Iterable[Station]) -> Network:
    """Writes the table with more stations, whole or not at all; the first time it begins with the
    shipped ones.

    Raises:
        BadInput: a name, product or place is another station's already.
        BadFile: the table that is there cannot be read.
    """
    new = tuple(new)
    text = _text(path) if path.exists() else _HEAD + network.shipped_text()
    known = {s.location for s in stations.of_table(text, str(path))}
    for station in new:
        if station.location in known:
            raise BadInput(
                f"station {station.location}: found it in {path} already, or twice in what is"
                " added; change its entry there"
            )
        known.add(station.location)
    whole = text.rstrip("\n") + "\n\n" + "\n".join(map(stations.entry_text, new))
    found = _of_text(whole, path)
    files.write_text(path, whole)
    return found


def state(path: Path, event: Event) -> Network:
    """Writes the table with that event; the stations in it stay.

    Raises:
        BadFile: the table that is there cannot be read.
    """
    text = _text(path) if path.exists() else _HEAD + network.shipped_text()
    before, whole = _of_text(text, path), stations.with_event(text, event)
    found = _of_text(whole, path)
    if found.stations != before.stations or found.event != event:
        raise BadFile(str(path), "another form", "an `[event]` that can be put there; write it")
    files.write_text(path, whole)
    return found


def confirm(path: Path, location: str, gauge: str) -> Network:
    """Writes the table with one more gauge in a station's entry; what else stands in it stays.

    Raises:
        BadInput: the gauge is another station's.
        BadFile: the table that is there cannot be read.
    """
    text = _text(path) if path.exists() else _HEAD + network.shipped_text()
    before = {s.location: s for s in stations.of_table(text, str(path))}
    station = before[location]
    others = [s.location for s in before.values() if gauge in s.gauges and s != station]
    if others:
        raise BadInput(f"gauge {gauge}: found it at {', '.join(others)}, expected one of nobody's")
    gauges = tuple(dict.fromkeys((*station.gauges, gauge)))
    whole = stations.with_gauges(text, location, gauges)
    found = stations.of_table(whole, str(path))
    if {s.location: s for s in found} != before | {location: station._replace(gauges=gauges)}:
        expected = f"an entry whose `gauges` can be put there; write {list(gauges)} by hand"
        raise BadFile(str(path), "another form", expected, field=location)
    together = _of_text(whole, path)
    files.write_text(path, whole)
    return together


def rows(path: Path) -> tuple[Station, ...]:
    """The stations of a file: a table (TOML), or CSV with a header of a table's fields, where
    `name`, `latitude`, `longitude` and `time_zone` are required.

    Raises:
        BadFile: names line or entry, field, what was found and what was expected.
    """
    text = _text(path)
    if path.suffix.lower() == ".toml":
        return stations.of_table(text, str(path))
    table = csv.DictReader(StringIO(text), restkey=_MORE)
    lacking = [name for name in _REQUIRED if name not in (table.fieldnames or ())]
    if lacking and text.strip():
        expected = f"a header with {', '.join(lacking)}, in small letters and parted by commas"
        raise BadFile(str(path), ",".join(table.fieldnames or ())[:60], expected, line=1)
    try:
        found = [
            stations.of_entry(
                row.get("name") or "", _entry(row, i + 2, path), f"{path}, line {i + 2}"
            )
            for i, row in enumerate(table)
        ]
    except csv.Error as error:
        raise BadFile(str(path), str(error), "CSV", line=table.line_num + 1) from error
    if not found:
        raise BadFile(str(path), "no row", "a header, and one row a station")
    return tuple(found)


def _entry(row: dict[str, str], line: int, path: Path) -> dict[str, object]:
    if _MORE in row:
        expected = "as many cells as the header has"
        raise BadFile(str(path), f"also {row[_MORE]}", expected, line=line)
    try:
        place: list[float] = [float(row.get(name) or "") for name in ("latitude", "longitude")]
        height = {"elevation": float(row["elevation"])} if row.get("elevation") else {}
    except ValueError as error:
        raise BadFile(str(path), str(error), "a number, in degrees or metres", line=line) from error
    special = ("name", "latitude", "longitude", "elevation", "gauges", "neighbour")
    rest = {name: cell for name, cell in row.items() if cell and name not in special}
    gauges = {"gauges": row["gauges"].split()} if row.get("gauges") else {}
    said = (row.get("neighbour") or "").strip().casefold()
    # What is neither is passed on as it is, and refused with the entry's other faults.
    neighbour = {"": False, "false": False, "0": False, "true": True, "1": True}.get(said, said)
    return {"position": place, **height, **rest, **gauges, "neighbour": neighbour}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")  # spreadsheets begin a file with a mark
    except UnicodeDecodeError as error:
        raise BadFile(str(path), str(error), "UTF-8") from error
    except FileNotFoundError as error:
        raise BadFile(str(path), "nothing", "a file") from error


def _of_text(text: str, path: Path) -> Network:
    found = stations.of_table(text, str(path))
    event = stations.event_of_table(text, str(path))
    wrong = next(network.faults(found), None)
    if wrong:
        raise BadFile(str(path), wrong, "stations that differ; `raincast stations check` names all")
    return Network(found, event)
