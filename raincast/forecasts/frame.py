"""Forecasts of the rows of an observations frame that know nothing but the frame: own past days and
the other stations count as far as it has their rows.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadInput
from raincast.features import block
from raincast.features.block import Context
from raincast.forecasts import basis
from raincast.forecasts.request import Request, regime_of, usual_instant
from raincast.learning.blend import Forecaster
from raincast.learning.knowledge import require_known
from raincast.observations import panel
from raincast.observations.availability import moment, regimes
from raincast.observations.network import in_force
from raincast.observations.schema import OBSERVATIONS

COLUMNS = ("rain_probability", "predicted_rain", "regime", "basis")
_CHUNK_DAYS = 200
"""Of all stations; bounds the memory."""
_MONTH_DAYS = 31


def forecasts(
    forecaster: Forecaster, frame: pd.DataFrame, issued_at: Sequence[int | None]
) -> pd.DataFrame:
    """`COLUMNS` of each of n rows, in their order.

    Args:
        frame: n rows, whose stations are those of the network in force.
        issued_at: (n,) the instants whose knowledge counts, seconds since 1970; None for the usual
            one of what the row holds.

    Raises:
        BadInput: an instant is before the row's 9 am.
        UnknownStation: a former model was not trained on a station.
    """
    for location in frame["Location"].unique():
        require_known(forecaster, location)
    requests = _requests(frame, issued_at)
    chance, rests_on = np.full(len(frame), np.nan), np.full(len(frame), "", dtype=object)
    for rows, known in _known(frame, requests):
        bases = basis.of(known, known.own)
        said = forecaster.probabilities(block.inputs(known, known.own)).tolist()
        asked = [requests[i] for i in rows]
        chance[rows] = [
            basis.chance(one, p, forecaster.metadata, r.station_name, r.feature_date)
            for one, p, r in zip(bases, said, asked, strict=True)
        ]
        rests_on[rows] = bases
    named = [r.regime for r in requests]
    thresholds = np.array([forecaster.threshold_of(regime) for regime in named])
    values = (chance, (chance >= thresholds).astype(np.int64), named, list(rests_on))
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)), index=frame.index)


def _requests(frame: pd.DataFrame, issued_at: Sequence[int | None]) -> list[Request]:
    names = np.array(OBSERVATIONS)
    there = frame[list(OBSERVATIONS)].notna().to_numpy()
    days = frame["Date"].dt.date
    keys = zip(frame["Location"], days, issued_at, there, strict=True)
    return [_request(name, day, at, frozenset(names[has])) for name, day, at, has in keys]


def _request(location: str, day: date, issued_at: int | None, known: frozenset[str]) -> Request:
    station = in_force().index[location]
    if issued_at is None:
        at = usual_instant(station, day, known)
        return Request(station, day, at, regime_of(known), location)
    regime = regimes(day, issued_at)[station]
    if regime is None:
        raise BadInput(
            f"{location}, {day}: found the issue time {moment(issued_at)}, expected none before"
            " 9 am of that day at the station"
        )
    return Request(station, day, issued_at, regime, location)


def _known(
    frame: pd.DataFrame, requests: Sequence[Request]
) -> Iterator[tuple[npt.NDArray[np.intp], Context]]:
    """Positions of rows, and what is known of and around them; month by month, so that rows of
    years far apart need no panel of all the days between.
    """
    months: dict[date, list[int]] = {}
    for i, r in enumerate(requests):
        months.setdefault(r.feature_date.replace(day=1), []).append(i)
    for first, rows in months.items():
        span = first - timedelta(days=block.LOOKBACK_DAYS), first + timedelta(days=_MONTH_DAYS - 1)
        observed = panel.from_frame(frame, *span)
        keys = sorted({(requests[i].feature_date, requests[i].issued_at) for i in rows})
        for start in range(0, len(keys), _CHUNK_DAYS):
            chunk = {key: n for n, key in enumerate(keys[start : start + _CHUNK_DAYS])}
            days, instants = zip(*chunk, strict=True)
            whole = block.context(observed, days, np.array(instants))
            here = [i for i in rows if requests[i][1:3] in chunk]
            key = [chunk[requests[i][1:3]] for i in here]
            yield np.array(here), whole.at((key, [requests[i].station for i in here]))
