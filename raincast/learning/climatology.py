"""How often it rains at a station in a month: the reference that a forecast has to beat."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from raincast.observations.network import Network, from_surroundings, in_force

MONTHS = 12
PRIOR_DAYS = 30
"""Days of the station's yearly frequency that every station-month is mixed with; steadies months
with few rows.
"""
Table = npt.NDArray[np.float64]


def months(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.intp]:
    """(n,) 0 for January to 11 for December."""
    return days.astype("datetime64[M]").astype(np.intp) % MONTHS


def fit(
    y: npt.NDArray[Any],
    day: npt.NDArray[np.datetime64],
    station: npt.NDArray[np.intp],
    network: Network | None = None,
) -> Table:
    """(stations, 12) wet frequency from labels (n,), their feature dates and station positions.

    A station without rows has the frequency of all.

    Args:
        network: whose positions they are, here and below; the one in force if none is given.
    """
    count = np.zeros((len(network or in_force()), MONTHS))
    wet = np.zeros_like(count)
    np.add.at(count, (station, months(day)), 1)
    np.add.at(wet, (station, months(day)), y)
    yearly = np.divide(
        wet.sum(1), count.sum(1), out=np.full(len(count), y.mean()), where=count.sum(1) > 0
    )[:, None]
    return np.asarray((wet + PRIOR_DAYS * yearly) / (count + PRIOR_DAYS))


def chance(
    table: Table, day: npt.NDArray[np.datetime64], station: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """(n,) the station-month's wet frequency for each feature date."""
    return np.asarray(table[station, months(day)])


def to_mapping(table: Table, network: Network | None = None) -> dict[str, list[float]]:
    """The table by location, rounded to four digits, as model metadata keeps it."""
    return {
        location: [round(float(v), 4) for v in row]
        for location, row in zip((network or in_force()).locations, table, strict=True)
    }


def of_day(mapping: Mapping[str, Sequence[float]], location: str, day: date) -> float:
    """A station's wet frequency in that day's month; one without a line has the mean of all."""
    rows = [mapping[location]] if location in mapping else list(mapping.values())
    return float(np.mean([row[day.month - 1] for row in rows]))


def from_mapping(mapping: Mapping[str, Sequence[float]], network: Network | None = None) -> Table:
    """The table that `to_mapping` wrote, for a network's stations.

    One that the mapping does not have gets it from its surroundings: see
    `network.from_surroundings`.
    """
    network = network or in_force()
    there = [name for name in network.locations if name in mapping]
    if not there:  # of other stations altogether
        return np.tile(np.mean(list(mapping.values()), axis=0), (len(network), 1))
    known = np.array([mapping[name] for name in there])
    return (
        known if len(there) == len(network) else from_surroundings(known, there, network, network)
    )
