"""A forecast in a sentence, in both languages: where, by when, how likely, beside what is usual and
what was said before. Pure.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from raincast.app.words import Words
from raincast.forecasts.request import hours_left
from raincast.observations.availability import instant
from raincast.observations.network import in_force

BANDS = (
    (0.1, "very_unlikely"),
    (0.4, "unlikely"),
    (0.6, "even"),
    (0.9, "likely"),
    (1.01, "very_likely"),
)
"""Words for chances below each end."""
NOTICEABLE = 0.1
"""Log-odds that are worth a word: about 2.5 points of chance around one half."""


class Said(NamedTuple):
    """What is said of one forecast.

    Attributes:
        usual: the wet share of the station's month, NaN where it is not known.
        before: the chance issued before for the same day, and when; None where there was none.
        fell_mm: what fell, NaN where that is not known yet.
    """

    location: str
    feature_date: date
    target_date: date
    issued: datetime
    chance: float
    rain: bool
    threshold: float
    usual: float
    before: tuple[float, datetime] | None = None
    fell_mm: float = float("nan")


def band(chance: float) -> str:
    """The word for a chance."""
    return next(name for end, name in BANDS if chance < end)


def in_ten(chance: float, t: Words) -> str:
    """A chance as people count it: 7 in 10."""
    if chance < 0.05:
        return t("sentence.hardly_any")
    if chance >= 0.95:
        return t("sentence.nearly_all")
    return t("sentence.in_ten", n=round(10 * chance))


def local(location: str, moment: datetime) -> datetime:
    """The moment by the station's clock."""
    network = in_force()
    return moment.astimezone(ZoneInfo(network.stations[network.index[location]].time_zone))


def left(location: str, feature_date: date, issued: datetime) -> float:
    """How many of the window's 24 hours were to come when the forecast was issued."""
    return hours_left(in_force().index[location], feature_date, instant(issued))


def of(said: Said, t: Words, today: date) -> str:
    """What is to be expected; and, where it is known, what came."""
    parts = [
        t(
            f"sentence.{'was' if said.target_date < today else 'is'}_{band(said.chance)}",
            place=t.place(said.location),
            day=t.weekday(said.target_date, today),
            n=in_ten(said.chance, t),
        )
    ]
    if said.usual == said.usual:
        month = t.month(said.feature_date)
        parts.append(t("sentence.usual", month=month, n=in_ten(said.usual, t)))
    if said.before:
        parts.append(_moved(said, *said.before, t))
    line = t("sentence.between").join(parts) + "."
    return line if said.fell_mm != said.fell_mm else f"{line} {_came(said.fell_mm, t)}"


def _moved(said: Said, before: float, when: datetime, t: Words) -> str:
    clock = local(said.location, when)
    same = in_ten(before, t) == in_ten(said.chance, t)
    way = "same" if same else "up" if said.chance > before else "down"
    return t(f"sentence.{way}", n=in_ten(before, t), moment=t.hour(clock))


def _came(mm: float, t: Words) -> str:
    return t("sentence.nothing_fell") if mm == 0 else t("sentence.fell", mm=t.number(mm, 1))


def window(said: Said, t: Words) -> str:
    """What was announced from which chance on, for which 24 hours, issued when by the station's
    clock, and how many of the hours were to come.
    """
    clock = local(said.location, said.issued)
    end = said.target_date
    return t(
        "sentence.window",
        announced=t.said(said.rain).capitalize(),
        threshold=t.percent(said.threshold),
        begin=t.week(end - timedelta(days=1)),
        end=t.week(end),
        place=t.place(said.location),
        issued=t.hour(clock),
        left=t.number(left(said.location, said.feature_date, said.issued)),
    )


def reasons(parts: Sequence[Mapping[str, Any]], t: Words) -> str:
    """The strongest reasons for rain and against it, in words.

    Args:
        parts: each with `quantity`, `scope` and `log_odds`, the strongest first.
    """
    towards = [part for part in parts if part["log_odds"] > NOTICEABLE][:2]
    against = [part for part in parts if part["log_odds"] < -NOTICEABLE][:2]
    lines = [
        t(f"sentence.{key}", what=t("sentence.and").join(_reason(part, t) for part in some))
        for key, some in (("towards", towards), ("against", against))
        if some
    ]
    return " ".join(lines) or t("sentence.no_reason")


def _reason(part: Mapping[str, Any], t: Words) -> str:
    quantity, scope = t(f"quantities.{part['quantity']}"), t(f"scopes.{part['scope']}")
    return f"{quantity.lower()} ({scope})"
