"""The mirror in process: what the loop asks the Bureau for, without a network."""

from collections.abc import Callable
from datetime import date, datetime

from raincast.errors import NotPublished
from raincast.mirror.shelf import Shelf
from raincast.observations.stations import Station


class MirroredBureau:
    """Stands where `sources.bureau.Bureau` stands.

    Args:
        shelf: the files.
        clock: gives the instant as of which they are shown.
    """

    def __init__(self, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._shelf, self._clock = shelf, clock

    def month(self, station: Station, year: int, month: int) -> bytes:
        """The station's file of that month as it stands.

        Raises:
            NotPublished: there is none (yet).
        """
        page = self._shelf.page(station, date(year, month, 1), self._clock())
        if page is None:
            raise NotPublished(
                f"{station.product}.{year:04}{month:02}: found no file, expected one; it is not"
                " there yet"
            )
        return page.content
