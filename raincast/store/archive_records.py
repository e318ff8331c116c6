"""What the archive says of files and versions, beside the observations themselves."""

import json
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from raincast.documents import Document
from raincast.observations.availability import instant


class Sighting(Document):
    """One version of a station-day as it was seen.

    Attributes:
        version: 16 hexadecimal digits, the same for the same values.
        known_at: since when (aware).
        source: where it was seen.
        withdrawn: whether it was taken out of the archive's answers.
    """

    version: str
    known_at: datetime
    source: str
    withdrawn: bool


class Withdrawal(Document):
    """A version that was taken out, or (`withdrawn` false) in again, and why."""

    at: datetime
    location: str
    day: date
    version: str
    reason: str
    withdrawn: bool


class FileRecord(NamedTuple):
    """What became of one file.

    Attributes:
        name: its path, or the label under which it was fetched.
        sha256: of its bytes.
        seen_at: when.
        station, month: whose it is; empty where that could not be read.
        state: `taken`, `refused` (it cannot be read) or `quarantined` (it can, and is not
            plausible).
        reason: why it was not taken; empty where it was.
        remarks: cells and rows that were set aside or read as something, and warnings.
        content: its bytes where it was not taken, so that it can be looked at.
    """

    name: str
    sha256: str
    seen_at: datetime
    station: str
    month: str
    state: str
    reason: str
    remarks: Sequence[str]
    content: bytes | None = None

    def cells(self) -> tuple[Any, ...]:
        """As the archive's table has it."""
        held = None if self.content is None else zlib.compress(self.content)
        told = json.dumps(list(self.remarks))
        return (*self[:2], instant(self.seen_at), *self[3:7], told, held)
