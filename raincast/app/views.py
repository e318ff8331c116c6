"""What the map can show, as one value or one kind for each station. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from raincast.app import exceeding
from raincast.app.colours import (
    BLUE,
    CHANCE,
    DIFFERENCE,
    GREY,
    ORANGE,
    QUALITY,
    Scale,
)
from raincast.learning import climatology
from raincast.observations.network import in_force

ACCURACY_DAYS = 90
UNKNOWN = "unknown"


class Kind(NamedTuple):
    """A kind of station: its colour, and its shape for those who see fewer colours."""

    colour: str
    symbol: str


class View(NamedTuple):
    """What is shown, one row a station: `location`, `value` (NaN if there is none) and `kind`.

    Attributes:
        ends: the values at the two ends of `scale`; None where the view has kinds.
    """

    name: str
    marks: pd.DataFrame
    scale: Scale = CHANCE
    ends: tuple[float, float] | None = None
    percent: bool = True

    @property
    def has_field(self) -> bool:
        """Whether it says anything between stations; how good forecasts are is a station's own."""
        return self.ends is not None and self.name != "accuracy"


KINDS: Mapping[str, Mapping[str, Kind]] = {
    "said": {"rain": Kind(BLUE, "diamond"), "dry": Kind("#EBD9AE", "circle")},
    "observed": {
        "none": Kind("#F2E6C9", "circle"),
        "little": Kind("#B9D3E3", "diamond"),
        "much": Kind("#2A6CAD", "diamond"),
        "most": Kind("#0A2F66", "diamond"),
        UNKNOWN: Kind(GREY, "circle-open"),
    },
    "hit": {
        "hits": Kind(BLUE, "diamond"),
        "misses": Kind(ORANGE, "x"),
        "false_alarms": Kind("#E8B04A", "triangle-up"),
        "correct_negatives": Kind("#D8DDD3", "circle"),
        UNKNOWN: Kind(GREY, "circle-open"),
    },
}
"""The views whose stations are of a kind, in the order of their legend."""
AMOUNTS_MM = (1.0, 5.0, 25.0)
"""Ends of the kinds of `observed`: next to none, little, much; as the Bureau's maps step."""
ABOVE = {"above_5": (5.0, 1.0), "above_25": (25.0, 0.5)}
"""The views of larger amounts (mm), among those that forecasts speak of, and the chance at the
upper end of their scale: of more than 25 mm a half is a great deal, and the field would stay pale.
"""
NAMES = ("chance", *ABOVE, "said", "observed", "hit", "usual", "change", "accuracy")


class Material(NamedTuple):
    """What views are made of.

    Attributes:
        shown: each station's newest forecast (`overview.newest`).
        earlier: the ones before them for the same target date (`overview.earlier`).
        told: the scored rows with truth (`trend.told`).
        usual: the model's climatology by location.
    """

    shown: pd.DataFrame
    earlier: Callable[[], pd.DataFrame]
    told: Callable[[], pd.DataFrame]
    usual: Mapping[str, Sequence[float]] | None


def of(name: str, material: Material) -> View:
    """The view of that name.

    Raises:
        KeyError: no such view.
    """
    if name in ABOVE:
        return _above(name, material)
    return {
        "chance": _chance,
        "said": _said,
        "observed": _observed,
        "hit": _hit,
        "usual": _usual,
        "change": _change,
        "accuracy": _accuracy,
    }[name](material)


def _marks(shown: pd.DataFrame, value: object = np.nan, kind: object = None) -> pd.DataFrame:
    kinds = np.where(shown["predicted_rain"] == 1, "rain", "dry") if kind is None else kind
    return pd.DataFrame({"location": shown["location"], "value": value, "kind": kinds})


def _chance(m: Material) -> View:
    return View("chance", _marks(m.shown, m.shown["rain_probability"]), CHANCE, (0, 1))


def offered(rows: pd.DataFrame) -> list[str]:
    """The views that rows of the journal can fill: amounts only where forecasts speak of them."""
    silent = {name for name, (mm, _) in ABOVE.items() if exceeding.of_rows(rows, mm).isna().all()}
    return [name for name in NAMES if name not in silent]


def _above(name: str, m: Material) -> View:
    mm, most = ABOVE[name]
    return View(name, _marks(m.shown, exceeding.of_rows(m.shown, mm)), CHANCE, (0, most))


def _said(m: Material) -> View:
    return View("said", _marks(m.shown))


def rainfall(shown: pd.DataFrame, told: pd.DataFrame) -> "pd.Series[float]":
    """What fell on the target date at each shown station (mm), in the rows' order; NaN where it is
    not known yet.
    """
    same = told[told["target_date"].isin(shown["target_date"].unique())]
    fell = same.drop_duplicates("location").set_index("location")["observed_rainfall_mm"]
    return shown["location"].map(fell).astype(float)


def _observed(m: Material) -> View:
    fell = rainfall(m.shown, m.told())
    names = np.array(["none", "little", "much", "most", UNKNOWN], dtype=object)
    step = np.searchsorted(AMOUNTS_MM, fell.fillna(0))
    return View("observed", _marks(m.shown, fell, names[np.where(fell.isna(), 4, step)]))


def _hit(m: Material) -> View:
    fell = rainfall(m.shown, m.told())
    wet, said = in_force().event.occurred(fell) == 1, m.shown["predicted_rain"] == 1
    kind = np.select(
        [fell.isna(), wet & said, wet, said],
        [UNKNOWN, "hits", "misses", "false_alarms"],
        "correct_negatives",
    )
    return View("hit", _marks(m.shown, kind=kind))


def usual(table: Mapping[str, Sequence[float]] | None, row: pd.Series) -> float:
    """How often it rains at the row's station in its month; NaN where no table is known."""
    if not table:
        return float("nan")
    return climatology.of_day(table, str(row["location"]), row["feature_date"].date())


def _usual(m: Material) -> View:
    usually = np.array([usual(m.usual, row) for _, row in m.shown.iterrows()], float)
    return View(
        "usual", _marks(m.shown, m.shown["rain_probability"] - usually), DIFFERENCE, (-0.6, 0.6)
    )


def _change(m: Material) -> View:
    before = m.earlier().set_index("location")["rain_probability"]
    moved = m.shown["rain_probability"] - m.shown["location"].map(before)
    return View("change", _marks(m.shown, moved.astype(float)), DIFFERENCE, (-0.4, 0.4))


def _accuracy(m: Material) -> View:
    """Over the target dates of the last 90 days before the one that is shown."""
    told, last = m.told(), m.shown["target_date"].max()
    recent = told[
        (told["target_date"] < last)
        & (told["target_date"] >= last - pd.Timedelta(days=ACCURACY_DAYS))
    ]
    right = (recent["y_true"] == recent["predicted_rain"]).groupby(recent["location"]).mean()
    return View("accuracy", _marks(m.shown, m.shown["location"].map(right)), QUALITY, (0.4, 1))
