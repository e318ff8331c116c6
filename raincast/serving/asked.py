"""What a caller asks for: a row or a station's name become a request, or are refused."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from raincast.errors import UnknownStation
from raincast.forecasts import request
from raincast.forecasts.request import Request
from raincast.learning.blend import Forecaster
from raincast.learning.knowledge import require_known
from raincast.observations.availability import instant, regimes
from raincast.observations.network import find, in_force
from raincast.observations.stations import Station
from raincast.serving.questions import FIRST_DATE
from raincast.serving.replies import Refused, fault

_FIRST_MOMENT = datetime.combine(FIRST_DATE, time(), UTC)

Serving = Callable[[], Forecaster]
"""Gives the model that serves now, or raises `NoModel`."""


def trained(name: str, field: str, model: Serving) -> Station:
    """The station of that name, of which the model can say something.

    Raises:
        Refused: no station has that name, or a former model was not trained on it.
        NoModel: no model serves.
    """
    try:
        station = find(name)
        require_known(model(), station.location)
    except UnknownStation as error:
        raise Refused(fault(field, name, str(error))) from error
    return station


def of_row(
    row: Mapping[str, Any], model: Serving, now: datetime, issued_at: datetime | None = None
) -> Request:
    """The request that a caller's row makes; its fields are each within their range.

    Args:
        issued_at: take the archive's row as known at that moment instead; UTC where it has no
            zone.

    Raises:
        Refused: it has no date or station, its day is still to come, or the model does not know
            its station.
        NoModel: no model serves.
    """
    gone = [fault(field, None) for field in ("Date", "Location") if row[field] is None]
    if gone:
        raise Refused(*gone)
    station = trained(row["Location"], "Location", model)
    if row["Date"] > now.astimezone(ZoneInfo(station.time_zone)).date():
        raise Refused(fault("Date", str(row["Date"])))
    if issued_at is not None:
        return _archived(station, row["Date"], _moment(issued_at, now))
    return request.of_values(row["Location"], row["Date"], row, now)


def _moment(given: datetime, now: datetime) -> datetime:
    """An issue time in UTC, which it is where it has no zone.

    Raises:
        Refused: it lies before all dates, or after now.
    """
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    if not _FIRST_MOMENT <= aware <= now:  # compared as it is: the ends of time have no UTC
        raise Refused(fault("issued_at_utc", given.isoformat()))
    return aware.astimezone(UTC)


def _archived(station: Station, day: date, issued_at: datetime) -> Request:
    """The request for the row that the archive had at that moment.

    Raises:
        Refused: the station's 9 am of that day was still to come.
    """
    at = instant(issued_at)
    regime = regimes(day, at)[in_force().index[station.location]]
    if regime is None:
        raise Refused(
            fault(
                "issued_at_utc",
                issued_at.isoformat(),
                f"is before 9 am of {day} at {station.location}",
            )
        )
    return Request(in_force().index[station.location], day, at, regime, station.location)
