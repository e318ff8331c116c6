"""Changes of the observations that somebody has taken note of: what was usual is usual no more.

A line for each word on a station and field; the newest counts. Lines are only added.
"""

from pathlib import Path

from raincast.documents import Document
from raincast.store.ledger import Ledger

EVERY_FIELD = ""
EVERY_STATION = "network"
"""As the watch's findings name them all together."""


class KnownChange(Document):
    """Somebody's word on a change.

    Attributes:
        at_utc: when it was given.
        station: whose observations have changed for good; `network` for all together.
        field: which of them; empty for all.
        reason: in words.
        withdrawn: whether it is taken back.
    """

    at_utc: str
    station: str
    field: str
    reason: str
    withdrawn: bool = False


def read(path: Path) -> list[KnownChange]:
    """What counts now, in the order of the first word on each; none where there is no file.

    Raises:
        BadFile: a line is not one.
    """
    newest: dict[tuple[str, str], KnownChange] = {}
    for entry in Ledger(path).read():
        change = KnownChange.from_json(entry, str(path))
        newest[change.station, change.field] = change
    return [change for change in newest.values() if not change.withdrawn]


def add(path: Path, change: KnownChange) -> None:
    """Writes a word down, and waits until it is on disk."""
    ledger = Ledger(path)
    with ledger.alone():
        ledger.append(change.to_json())
