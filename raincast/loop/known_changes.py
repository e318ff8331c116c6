"""Taking note of a change that no repair undoes, so that the watch looks past it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from raincast.errors import BadInput
from raincast.observations.network import Network, find
from raincast.settings import Settings
from raincast.store import known_changes
from raincast.store.known_changes import EVERY_FIELD, EVERY_STATION, KnownChange
from raincast.verification.watch.inputs import FIELDS


def accept(
    settings: Settings, station: str, field: str, reason: str, now: datetime, back: bool = False
) -> KnownChange:
    """Takes note that a station's field, or all of them, have changed for good; or takes it `back`.

    Raises:
        BadInput: no such station or field, no reason, nothing to take back, or said already.
    """
    place = station if station == EVERY_STATION else find(station).location
    if place == EVERY_STATION and not field:
        raise BadInput("--field: found none, expected one: there would be nothing left to watch")
    if field and field not in FIELDS:
        raise BadInput(f"--field: found {field!r}, expected one of {', '.join(FIELDS)}")
    if not reason.strip():
        raise BadInput("--reason: found none, expected one: it is kept with the change")
    there = any((one.station, one.field) == (place, field) for one in known(settings))
    if there != back:
        what = f"{field or 'every field'} at {place}"
        raise BadInput(f"{what} is {'' if there else 'not '}among the known changes")
    change = KnownChange(
        at_utc=now.astimezone(UTC).isoformat(timespec="seconds"),
        station=place,
        field=field,
        reason=reason,
        withdrawn=back,
    )
    known_changes.add(settings.known_changes, change)
    return change


def known(settings: Settings) -> list[KnownChange]:
    """What counts now."""
    return known_changes.read(settings.known_changes)


def mask(changes: Sequence[KnownChange], network: Network) -> npt.NDArray[np.bool_]:
    """(stations, fields) what has no usual any more. A station that the network no longer has
    is passed over.
    """
    found = np.zeros((len(network), len(FIELDS)), dtype=bool)
    for change in changes:
        fields = slice(None) if change.field == EVERY_FIELD else FIELDS.index(change.field)
        found[_positions(change.station, network), fields] = True
    return found


def _positions(station: str, network: Network) -> list[int]:
    if station == EVERY_STATION:
        return list(range(len(network)))
    return [network.index[station]] if station in network.index else []
