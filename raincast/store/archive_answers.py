"""What an archive answers: observations as they were known, and its own record."""

import json
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import date, datetime
from types import ModuleType
from typing import Any, Protocol

import pandas as pd

from raincast.observations import panel, precedence
from raincast.observations.availability import instant, moment
from raincast.observations.network import find, in_force
from raincast.observations.schema import COLUMNS, OBSERVATIONS
from raincast.store import archive_sql as sql
from raincast.store.archive_records import FileRecord, Sighting, Withdrawal
from raincast.store.archive_rows import Rows, frame_of


class Readable(Protocol):
    """What answers queries: a connection of either engine."""

    def execute(self, query: str, asked: Any = ..., /) -> Any:
        """The rows of an answer."""


def any_withdrawn(connection: "Readable") -> bool:
    return bool(connection.execute(sql.ANY_WITHDRAWN).fetchone()[0])


class Answers(ABC):
    """Whatever engine the rows lie in."""

    _sql: ModuleType = sql

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Readable]:
        """What answers queries, of one moment each."""

    def _asked(
        self, at: datetime | None, first: date | None, last: date | None
    ) -> dict[str, object]:
        return {
            "at": 2**62 if at is None else instant(at),
            "first": str(first or date.min),
            "last": str(last or date.max),
            "locations": json.dumps(in_force().locations),
        }

    def as_known_at(
        self, at: datetime | None = None, *, first: date | None = None, last: date | None = None
    ) -> pd.DataFrame:
        """The observations frame of the newest version of each station-day that was known at an
        instant; where several sources speak of one, `precedence.ORDER` decides by reading.

        Args:
            at: an aware instant; None for all that is known to date.
            first, last: the days asked for, inclusive; None for all.

        Returns:
            Sorted by Location and Date. Its values were checked when they came in.
        """
        asked = self._asked(at, first, last)
        with self._reading() as connection:
            query = self._sql.newest(any_withdrawn(connection))
            daily = frame_of(connection.execute(query, asked), {})[list(COLUMNS)]
            if not connection.execute(self._sql.ANY_SUPPLEMENT).fetchone()[0]:
                return daily
            keys = {"newest": "i8", "channel": "O", "covers": "i8"}
            others = frame_of(connection.execute(self._sql.SUPPLEMENTS, asked), keys)
        return precedence.merged(daily, others) if len(others) else daily

    def rainfall(
        self, at: datetime | None = None, *, first: date | None = None, last: date | None = None
    ) -> pd.DataFrame:
        """The rainfall readings known at an instant: Location, Date, Rainfall (mm), and whether it
        is `accumulated`.

        An accumulated reading follows a day without one and may hold several days' rain: it is no
        truth.
        """
        frame = self.as_known_at(at, last=last)
        marked = frame[["Location", "Date", "Rainfall"]].assign(
            accumulated=panel.accumulated(frame)
        )
        return marked[marked["Date"] >= pd.Timestamp(first or date.min)].reset_index(drop=True)

    def versions(self, location: str, day: date) -> pd.DataFrame:
        """Every version of one station-day, oldest first: `known_at` (UTC), `source`, the 19
        observations.
        """
        asked = {"location": find(location).location, "day": str(day)}
        with self._reading() as connection:
            frame = frame_of(
                connection.execute(self._sql.VERSIONS, asked), {"known_at": "M8[s]", "source": "O"}
            )
        frame["known_at"] = frame["known_at"].dt.tz_localize("UTC")
        return frame[["known_at", "source", *OBSERVATIONS]]

    def sightings(self, location: str, day: date) -> list[Sighting]:
        """Every sighting of one station-day, oldest first."""
        asked = {"location": find(location).location, "day": str(day)}
        with self._reading() as connection:
            rows = connection.execute(self._sql.CONTENTS_OF_DAY, asked).fetchall()
        return [
            Sighting(version=digest.hex(), known_at=moment(at), source=source, withdrawn=bool(gone))
            for digest, at, source, gone in rows
        ]

    def withdrawals(self) -> list[Withdrawal]:
        """What was taken out, and back in, oldest first."""
        names = ("at", "location", "day", "version", "reason", "withdrawn")
        with self._reading() as connection:
            rows = connection.execute(self._sql.WITHDRAWALS).fetchall()
        found = (dict(zip(names, row, strict=True)) for row in rows)
        return [
            Withdrawal(**(row | {"at": moment(row["at"]), "version": row["version"].lower()}))
            for row in found
        ]

    def files(self) -> list[dict[str, Any]]:
        """The record of every file, oldest first, without its content."""
        names = FileRecord._fields[:8]
        with self._reading() as connection:
            rows = connection.execute(self._sql.FILES).fetchall()
        return [
            dict(zip(names, row, strict=True))
            | {"seen_at": moment(row[2]), "remarks": json.loads(row[7])}
            for row in rows
        ]

    def remarks(self, location: str, day: date) -> list[str]:
        """What was remarked on the newest files of a station's month that were taken, the newest
        file first.
        """
        asked = {"station": location, "month": f"{day:%Y-%m}"}
        with self._reading() as connection:
            rows = connection.execute(self._sql.REMARKS, asked).fetchall()
        return [remark for (told,) in rows for remark in json.loads(told)]

    def everything(self) -> dict[str, Rows]:
        """Every row of every table, as they lie there; `take_in` takes them."""
        with self._reading() as connection:
            return {
                table: connection.execute(query).fetchall()
                for table, query in sql.EVERYTHING.items()
            }

    def newest_day(self) -> date | None:
        """The newest day of which anything is known; takes about 1 ms."""
        with self._reading() as connection:
            found = connection.execute(self._sql.NEWEST_DAY).fetchone()[0]
        return date.fromisoformat(found[:10]) if found else None

    def span(self) -> tuple[date, date] | None:
        """The first and the last day of which anything was ever known; None where nothing was."""
        with self._reading() as connection:
            first, last = connection.execute(self._sql.SPAN).fetchone()
        return (date.fromisoformat(first[:10]), date.fromisoformat(last[:10])) if first else None

    def newest_row(self, location: str, until: date) -> date | None:
        """The newest day, at the latest that one, of which anything is known of the station."""
        with self._reading() as connection:
            asked = {"location": location, "until": until.isoformat()}
            found = connection.execute(self._sql.NEWEST_ROW, asked).fetchone()[0]
        return date.fromisoformat(found[:10]) if found else None

    def revision(self) -> int:
        """A number that grows with every change of the archive; takes about 0.1 ms."""
        with self._reading() as connection:
            return int(connection.execute(self._sql.REVISION).fetchone()[0])
