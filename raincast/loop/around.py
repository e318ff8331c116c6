"""What is known around files on their way in: everybody's rows of those days, and what is usual."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.observations import near, panel, plausibility, sphere
from raincast.observations.doubts import Body, Doubt, Usual
from raincast.observations.frame import degrees
from raincast.observations.network import Network, from_surroundings, in_force, shipped
from raincast.observations.panel import Panel
from raincast.observations.precedence import DAILY
from raincast.observations.schema import DIRECTIONS, OBSERVATIONS
from raincast.simulator.climate import usual_temperatures
from raincast.sources import cells
from raincast.sources.readings import Readings

_UNSURE_ELSEWHERE = 11.0
"""What is usual at a station of another table is taken from its surroundings. For the shipped ones,
each in its turn, that is up to 10.8 °C from their own: mountains and deserts.
"""
_FAR_KM = 1000
"""Farther from all of them nothing is known of what is usual: Antarctica, an island, another
continent.
"""
_AS_WELL = 1.3
"""Two places are told apart only where the rows fit one of them better by so much."""
_REMEDY = "if the others are wrong, take them out first (`raincast withdraw`)"


def values(columns: Any) -> npt.NDArray[np.float32]:
    """(rows, fields) of an observations frame's columns, directions in degrees."""
    told = [
        degrees(columns[name]) if name in DIRECTIONS else columns[name] for name in OBSERVATIONS
    ]
    return np.column_stack(told).astype(np.float32)


def body_of(file: Readings) -> Body:
    days = file.columns["Date"].astype("datetime64[D]")
    return Body(in_force().index[file.station.location], days, values(file.columns))


@cache
def usual(network: Network) -> Usual:
    home = shipped()
    tables = usual_temperatures()
    if network is home:
        return Usual(*tables, unsure=np.zeros(len(home)))
    lowest, highest = (from_surroundings(one, home.locations, home, network) for one in tables)
    return Usual(lowest, highest, _unsure(network, home))


def _unsure(network: Network, home: Network) -> npt.NDArray[np.float64]:
    known = np.isin(network.locations, home.locations)
    far = sphere.distances(network.places, home.places).min(axis=1) > _FAR_KM
    return np.asarray(np.where(known, 0.0, np.where(far, np.inf, _UNSURE_ELSEWHERE)))


class Surroundings:
    """Everybody's rows around some files.

    Args:
        known: the archive's rows.
        coming: those of the files themselves; of one station-day the last counts.
        parts: those of files that say a part of a day: they count where nothing else does.
    """

    def __init__(
        self,
        known: pd.DataFrame,
        coming: Sequence[pd.DataFrame],
        parts: Sequence[pd.DataFrame] = (),
    ) -> None:
        frames = [frame for frame in (*parts, known, *coming) if len(frame)] or [known]
        rows = pd.concat(frames, ignore_index=True)
        self._panel = panel.from_frame(rows.drop_duplicates(["Location", "Date"], keep="last"))
        self._known, self._coming = _places(known), _places(rows)

    def doubts(self, body: Body) -> Iterable[Doubt]:
        """What is doubtful about the rows, the gravest first."""
        found = [
            *self._copied(body),
            *plausibility.alone(body, usual(in_force())),
            *near.among(body, self._around(body)),
        ]
        return sorted(found, key=lambda doubt: -int(doubt.rows.sum()))

    def _around(self, body: Body) -> npt.NDArray[np.float32]:
        """(rows, 3, stations, fields) the day before, the day, the day after."""
        at = (body.days - np.datetime64(self._panel.first, "D")).astype(int)
        return np.stack([_rows(self._panel, at + step) for step in (-1, 0, 1)], axis=1)

    def _copied(self, body: Body) -> Iterable[Doubt]:
        """Rows that stand word for word under another day, or under another station: one whose rows
        are known already, or one where they fit as well.
        """
        marks = plausibility.fingerprints(body.values)
        known, coming = (
            [
                table.get(mark or b"", set()) - {(body.station, day)}
                for mark, day in zip(marks, body.days.astype(int).tolist(), strict=True)
            ]
            for table in (self._known, self._coming)
        )
        twice = np.array([any(s == body.station for s, _ in found) for found in known], dtype=bool)
        if twice.any():
            yield Doubt(twice, (), f"values of its own, not those of another day; {_REMEDY}")
        for station in {s for found in coming for s, _ in found} - {body.station}:
            rows = np.array([any(s == station for s, _ in found) for found in coming])
            is_known = any(s == station for found in known for s, _ in found)
            if is_known or self._fits_better(body, station):
                expected = (
                    f"rows of its own, not those of {in_force().locations[station]}; {_REMEDY}"
                )
                yield Doubt(rows, (), expected)

    def _fits_better(self, body: Body, other: int) -> bool:
        """Whether the rows are rather the other station's; the two do not speak for themselves."""
        around = self._around(body)[:, 1].copy()
        around[:, [body.station, other]] = np.nan
        here, there = (
            near.place_fit(body, place, around, usual(in_force()))
            for place in (body.station, other)
        )
        return there <= here * _AS_WELL


def _places(rows: pd.DataFrame) -> dict[bytes, set[tuple[int, int]]]:
    """The (station, day) under which rows of the same values stand."""
    days = rows["Date"].to_numpy().astype("datetime64[D]").astype(int)
    alike: dict[bytes, set[tuple[int, int]]] = {}
    marks = plausibility.fingerprints(values(rows))
    for mark, place in zip(
        marks, zip(rows["Location"].map(in_force().index), days.tolist(), strict=True), strict=True
    ):
        if mark is not None:
            alike.setdefault(mark, set()).add(place)
    return alike


def _rows(whole: Panel, at: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """(rows, stations, fields) of those days; NaN outside of the panel."""
    inside = (at >= 0) & (at < len(whole))
    found = np.full((len(at), *whole.values.shape[1:]), np.nan, dtype=np.float32)
    found[inside] = whole.values[at[inside]]
    return found


def surroundings(files: Sequence[Readings], known: pd.DataFrame) -> Surroundings:
    """What is around some files: rows that are known, and theirs."""
    whole, parts = (
        [file.columns for file in files if (file.channel == DAILY) is is_daily]
        for is_daily in (True, False)
    )
    return Surroundings(known, *([cells.joined(one)] if one else [] for one in (whole, parts)))
