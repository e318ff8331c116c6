"""A month of simulated weather as the Bureau's files, and what of a damaged one gets in."""

from datetime import UTC, date, datetime
from functools import cache

import pandas as pd

from raincast.loop import intake
from raincast.loop.around import Surroundings
from raincast.observations.schema import OBSERVATIONS
from raincast.simulator import Climate, simulate
from raincast.sources import dwo
from raincast.sources.dwo_form import dwo_bytes
from tests.places import find

NOW, WRITTEN = datetime(2024, 6, 20, tzinfo=UTC), datetime(2024, 6, 10, tzinfo=UTC)
PLACES = ("Albury", "Canberra", "WaggaWagga", "Melbourne", "Hobart", "Launceston", "Cairns")
MONTH = pd.Period("2024-05")


@cache
def weather() -> pd.DataFrame:
    frame = simulate(date(2024, 4, 25), date(2024, 6, 5), 5, Climate(gaps=0))
    return frame[frame["Location"].isin(PLACES)].reset_index(drop=True)


def month_of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[(frame["Location"] == name) & (frame["Date"].dt.to_period("M") == MONTH)]


def content(name: str = "Albury", body: str = "") -> bytes:
    """The file of a station, with the rows of another where `body` names one."""
    rows = month_of(weather(), body or name).assign(Location=name)
    return dwo_bytes(rows, find(name), WRITTEN)


@cache
def label(name: str) -> str:
    return f"{find(name).product}.202405.csv"


def taken(data: bytes, name: str = "Albury", without: tuple[str, ...] = ()) -> dwo.DwoFile:
    """What of the file would get in, beside the other stations' rows."""
    file = intake.possible(label(name), dwo.parse(data, label(name)), NOW)
    others = weather()[~weather()["Location"].isin((name, *without))]
    return intake.plausible(label(name), file, Surroundings(others, [file.frame]))


@cache
def true_frame(name: str) -> pd.DataFrame:
    return dwo.parse(content(name), label(name)).frame.set_index("Date")


def wrong_rows(file: dwo.DwoFile) -> int:
    """How many of the rows that got in hold a value that is not that day's at the station."""
    true = true_frame(file.station.location).reindex(file.frame["Date"])
    got = file.frame.set_index("Date")
    same = (got == true) | got.isna()
    return int((~same[list(OBSERVATIONS)].all(axis=1)).sum())
