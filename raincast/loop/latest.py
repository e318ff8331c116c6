"""The newest observations of a station: fetched from the Bureau, and what can be forecast from
them.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np

from raincast.errors import BadAnswer, NotPublished, SourceUnavailable
from raincast.features.neighbours import nearest
from raincast.forecasts import basis, request
from raincast.forecasts.request import Request
from raincast.loop import feeds, lacking
from raincast.loop.contexts import Contexts
from raincast.loop.ingest import ingest_from
from raincast.observations.availability import instant, newest_feature_date, regimes
from raincast.observations.network import find, in_force
from raincast.observations.stations import Station
from raincast.settings import Settings
from raincast.sources.bureau import Bureau

STALE_DAYS = 1
"""How many days a row may be behind the newest feature date: early in the morning the day's own is
not published.
"""


def fetch(bureau: Bureau, settings: Settings, station: Station, now: datetime) -> None:
    """Takes the station's newest files into the archive.

    Raises:
        NotPublished: the Bureau has none of them.
        SourceUnavailable: it cannot be reached.
        BadAnswer: it sends something else, or rows that cannot be the station's.
    """
    beside = partial(feeds.fetch, bureau=bureau)
    report = ingest_from(bureau, settings, [station], now, beside=beside)
    if report.files:
        return
    if report.unreachable:
        raise SourceUnavailable(report.errors[-1])
    if report.errors:
        raise BadAnswer(report.errors[-1])
    raise NotPublished("; ".join(report.not_published) or report.failed[station.location])


def newest(contexts: Contexts, station_name: str, now: datetime) -> Request:
    """The request for a station's newest row of which the archive knows anything at the moment.

    Raises:
        UnknownStation: no station has that name.
        NotPublished: the newest row is more than `STALE_DAYS` behind.
    """
    station, at = in_force().index[find(station_name).location], instant(now)
    due = newest_feature_date(station, now)
    for day in (due - timedelta(days=days) for days in range(STALE_DAYS + 1)):
        regime = regimes(day, at)[station]
        if regime and has_row(contexts, day, now, station):
            return Request(station, day, at, regime, station_name)
    location = in_force().locations[station]
    why = lacking.set_aside(contexts.archive, location, due) or lacking.NOT_YET
    raise NotPublished(
        f"{station_name}: expected a row of {due} or the day before, found none; {why}"
    )


def due(station_name: str, now: datetime) -> Request:
    """The request for a station's forecast that is due at the moment, whatever is known of its row.

    Raises:
        UnknownStation: no station has that name.
    """
    station, at = in_force().index[find(station_name).location], instant(now)
    day = newest_feature_date(station, now)
    return Request(station, day, at, str(regimes(day, at)[station]), station_name)


def rests_on(contexts: Contexts, asked: Request) -> str:
    """The basis (`forecasts.basis`) of such a request."""
    known = contexts.of(asked.feature_date, asked.issued_at).at([asked.station])
    return basis.of(known, known.own)[0]


def with_nearest(stations: Sequence[Station]) -> list[Station]:
    """The stations, then the nearest of each whose files can be asked for: what a forecast of them
    rests on beside their own rows.
    """
    network = in_force()
    near = (i for s in stations for i in nearest(network)[network.index[s.location]])
    every = [*stations, *(network.stations[i] for i in near)]
    return [s for s in dict.fromkeys(every) if s.product or s in stations]


def has_row(contexts: Contexts, day: date, now: datetime, station: int) -> bool:
    """Whether anything of that station's row is known at the moment."""
    return not np.isnan(contexts.of(day, instant(now)).own[station]).all()


def observations(contexts: Contexts, asked: Request) -> dict[str, float | str]:
    """What the row of such a request holds, by name."""
    return request.values(contexts.of(asked.feature_date, asked.issued_at).own[asked.station])
