"""What goes wrong with the weather's record: a station gone, readings put right later, several
days' rain in one. Pure.

Each takes versions (`shelf.Version`) and gives versions. Which station-days are hit follows from
the seed and the station-day alone, not from what else is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from raincast.errors import BadInput
from raincast.mirror.shelf import Version
from raincast.observations import event, panel
from raincast.observations.availability import day_instants
from raincast.observations.network import find, in_force
from raincast.observations.schema import DIRECTIONS, FIELDS, OBSERVATIONS, SLOTS
from raincast.simulator.gaps import standing

_NINE = SLOTS.index("9am")
_LATER = [name for name in OBSERVATIONS if FIELDS[name].slot != "9am"]
_MOST_MM = FIELDS["Rainfall"].high
_FIRST_WRONG_MM = 6.0


@dataclass(frozen=True)
class WeatherFaults:
    """What is asked for; left alone, nothing is wrong.

    Attributes:
        gone: stations and the first day that each has no row any more.
        revised: share of rainfall readings, 0 to 1, that are first shown with another value.
        revised_days: after how many days, at 9 am, they are put right; at least 1.
        accumulated: share of rainfall readings, 0 to 1, that are blank; the next reading holds
            their rain too.
        seed: of which station-days are hit, and how.
    """

    gone: tuple[tuple[str, date], ...] = ()
    revised: float = 0.0
    revised_days: int = 3
    accumulated: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("revised", "accumulated"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadInput(f"{name}: found {getattr(self, name)}, expected a share from 0 to 1")
        if self.revised_days < 1:
            raise BadInput(f"revised_days: found {self.revised_days}, expected 1 or more")

    def of(self, versions: Sequence[Version]) -> list[Version]:
        """The versions with all of it gone wrong."""
        for name, day in self.gone:
            versions = without(versions, name, day)
        if self.accumulated:
            versions = accumulated(versions, self.accumulated, self.seed)
        return (
            revised(versions, self.revised, self.revised_days, self.seed)
            if self.revised
            else list(versions)
        )


def _draw(frame: pd.DataFrame, seed: int, what: str) -> npt.NDArray[np.float64]:
    """(rows,) numbers from 0 to 1 that depend on seed, purpose, station and day only."""
    days = frame["Date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    key = [
        np.random.SeedSequence([seed, *what.encode()]).generate_state(
            len(in_force().index), np.uint64
        )
    ]
    mixed = key[0][frame["Location"].map(in_force().index).to_numpy(dtype=int)] ^ days.astype(
        np.uint64
    )
    return np.asarray(pd.util.hash_array(mixed) / 2.0**64)


def without(versions: Sequence[Version], name: str, first_day: date) -> list[Version]:
    """The versions without the station's rows from that day on.

    Raises:
        UnknownStation: nobody knows the name.
    """
    location, day = find(name).location, pd.Timestamp(first_day)
    kept = [
        ((frame["Location"] != location) | (frame["Date"] < day)).to_numpy()
        for frame, _ in versions
    ]
    return [
        (frame[keep], seen_at[keep]) for (frame, seen_at), keep in zip(versions, kept, strict=True)
    ]


def _newest(
    versions: Sequence[Version], newest: bool = True
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """The last version of each station-day, or the first, and when it was seen."""
    frame = pd.concat([rows for rows, _ in versions], ignore_index=True)
    seen_at = np.concatenate([seen for _, seen in versions])
    order = np.argsort(seen_at, kind="stable")
    chosen = frame.iloc[order].drop_duplicates(
        ["Location", "Date"], keep="last" if newest else "first"
    )
    return chosen, seen_at[chosen.index]


def accumulated(versions: Sequence[Version], share: float, seed: int) -> list[Version]:
    """A share of the rainfall readings blank; the next reading holds what has stood in the gauge
    (for four days at most).
    """
    frame, _ = _newest(versions)
    whole = panel.from_frame(frame)
    rain = np.round(whole.rainfall().astype(np.float64), 1)
    out = np.zeros(rain.shape, dtype=bool)
    place = _place(whole.first, frame)
    out[place] = (_draw(frame, seed, "accumulated") < share) & frame["Rainfall"].notna().to_numpy()
    more = np.nan_to_num(standing(rain, out, np.ones_like(out)) - rain)
    return [
        (_emptied_late(rows, *(block[_place(whole.first, rows)] for block in (out, more))), s)
        for rows, s in versions
    ]


def _place(first: date, frame: pd.DataFrame) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    days = frame["Date"].to_numpy().astype("datetime64[D]") - np.datetime64(first, "D")
    return days.astype(int), frame["Location"].map(in_force().index).to_numpy(dtype=int)


def _emptied_late(
    frame: pd.DataFrame, out: npt.NDArray[Any], more: npt.NDArray[Any]
) -> pd.DataFrame:
    rain = np.minimum(np.round(frame["Rainfall"].to_numpy() + more, 1), _MOST_MM)
    return frame.assign(Rainfall=np.where(out, np.nan, rain))


def revised(versions: Sequence[Version], share: float, days: int, seed: int) -> list[Version]:
    """A share of the rainfall readings first shown with another value, and put right at 9 am some
    days later.

    Two versions more for each. Station-days that the data themselves show earlier than that are
    left as they are.
    """
    frame, seen_at = _newest(versions, newest=False)
    hit = (_draw(frame, seed, "revised") < share) & frame["Rainfall"].notna().to_numpy()
    hit &= seen_at >= _nine(frame, days)
    right = frame[hit]
    if right.empty:
        return list(versions)
    wrong = right.assign(
        Rainfall=_another(right, seed), **{n: None if n in DIRECTIONS else np.nan for n in _LATER}
    )
    for name in DIRECTIONS:
        wrong[name] = wrong[name].astype(object)
    return [*versions, (wrong, _nine(wrong, 0)), (right, _nine(right, days))]


def _nine(frame: pd.DataFrame, days: int) -> npt.NDArray[np.int64]:
    """(rows,) the instant of 9 am at the station, a number of days after the row's date."""
    codes, dates = pd.factorize(frame["Date"])
    table = [day_instants(day.date() + timedelta(days=days))[:, _NINE] for day in dates]
    return np.array(table, dtype=np.int64).reshape(-1, len(in_force().index))[
        codes, frame["Location"].map(in_force().index).to_numpy(dtype=int)
    ]


def _another(frame: pd.DataFrame, seed: int) -> npt.NDArray[np.float64]:
    """(rows,) mm: a part of a wet reading, more than a dry one."""
    rain, draw = frame["Rainfall"].to_numpy(), _draw(frame, seed, "another")
    shown = np.round(
        np.where(event.RAIN_TODAY.occurred(rain) == 1, rain * draw, rain + _FIRST_WRONG_MM * draw),
        1,
    )
    return np.asarray(np.where(shown == rain, rain + 0.2, shown))
