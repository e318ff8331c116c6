"""A station's last weeks, and its year."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from raincast.app.charts import strokes
from raincast.app.charts.axes import Axis, days, numbers, places
from raincast.app.charts.frame import Key, chart, key_bar, key_line, key_symbol
from raincast.app.colours import BLUE, GREY, INK, LINE, MUTED, ORANGE
from raincast.app.words import Words
from raincast.observations.network import in_force

HALF = 0.4
"""Half of a bar's width, in days or months."""


class Outcome(NamedTuple):
    """Forecasts that came true or not: which rows, and how they are drawn."""

    name: str
    rows: "pd.Series[bool]"
    colour: str
    shape: str


def timeline(shown: pd.DataFrame, t: Words) -> str:
    """Chances as points, one a target date, and the rain that fell as bars from above.

    Args:
        shown: `target_date`, `rain_probability`, `predicted_rain`, `threshold` and `fell_mm`.
    """
    x = days(shown["target_date"], t, 7, free=0.6)
    chance = Axis(-0.02, 1.04, [(v / 5, t.percent(v / 5)) for v in range(6)], t("stations.scale"))
    most = float(np.nanmax([*shown["fell_mm"], 10.0]))
    rain = numbers(2.2 * most, 0, lambda mm: f"{t.plain(mm)}\u00a0mm", 5)
    at = shown.assign(at=places(shown["target_date"]))
    outcomes = _outcomes(at)
    drawn = [
        *_bars(at, x, rain, t),
        strokes.line(
            [(x.at(a), 100 - chance.at(h)) for a, h in zip(at["at"], at["threshold"], strict=True)],
            MUTED,
            1,
            "dot",
        ),
        *(mark for one in outcomes for mark in _points(at[one.rows], one, x, chance, t)),
    ]
    keys = [
        key_bar(t("station.fell"), GREY),
        key_line(t("station.threshold"), MUTED, 1, "dot"),
        *(_key(one, t) for one in outcomes if one.rows.any()),
    ]
    return chart(t("station.timeline"), 340, x, chance, drawn, keys, rain)


def _bars(at: pd.DataFrame, x: Axis, rain: Axis, t: Words) -> Iterator[str]:
    for row in at[at["fell_mm"].notna()].to_dict("records"):
        told = f"{t.short_year(row['target_date'])}\n{t.number(row['fell_mm'], 1)}\u00a0mm"
        left, right = x.at(row["at"] - HALF), x.at(row["at"] + HALF)
        yield strokes.bar((left, 0), (right, 100 - rain.at(row["fell_mm"])), LINE, told, GREY)


def _points(rows: pd.DataFrame, one: Outcome, x: Axis, chance: Axis, t: Words) -> Iterator[str]:
    for row in rows.to_dict("records"):
        share = row["rain_probability"]
        told = f"{t.short_year(row['target_date'])}\n{t.chance(share)}\n{t(f'map.hit_{one.name}')}"
        at = x.at(row["at"]), 100 - chance.at(share)
        yield strokes.symbol(at, one.shape, 10, one.colour, told, _edge(one))


def _edge(one: Outcome) -> str:
    return GREY if one.shape == "circle-open" else INK


def _key(one: Outcome, t: Words) -> Key:
    return key_symbol(t(f"map.hit_{one.name}"), one.shape, one.colour, _edge(one))


def _outcomes(shown: pd.DataFrame) -> list[Outcome]:
    unknown, wet = shown["fell_mm"].isna(), in_force().event.occurred(shown["fell_mm"]) == 1
    said = shown["predicted_rain"] == 1
    return [
        Outcome("hits", ~unknown & wet & said, BLUE, "diamond"),
        Outcome("misses", ~unknown & wet & ~said, ORANGE, "x"),
        Outcome("false_alarms", ~unknown & ~wet & said, "#E8B04A", "triangle-up"),
        Outcome("correct_negatives", ~unknown & ~wet & ~said, "#D8DDD3", "circle"),
        Outcome("unknown", unknown, GREY, "circle-open"),
    ]


def year(shares: Sequence[float], month: int, t: Words) -> str:
    """How often it rains in each month; `month` (1 to 12) stands out."""
    names = [t.month_short(number) for number in range(1, 13)]
    x = Axis(0.4, 12.6, list(enumerate(names, 1)), grid=False)
    y = numbers(0, 1.05 * max(*shares, 0.01), lambda v: t.percent(v), 5)
    drawn = [
        strokes.bar(
            (x.at(i - HALF), 100),
            (x.at(i + HALF), 100 - y.at(share)),
            BLUE if i == month else GREY,
            f"{names[i - 1]}\n{t.percent(share)}",
        )
        for i, share in enumerate(shares, 1)
    ]
    return chart(t("station.year"), 260, x, y, drawn)
