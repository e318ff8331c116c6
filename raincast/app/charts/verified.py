"""Forecasts beside what happened."""

from collections.abc import Iterator, Sequence

import pandas as pd

from raincast.app.charts import strokes
from raincast.app.charts.axes import Axis, days, numbers, places
from raincast.app.charts.frame import chart
from raincast.app.colours import BLUE, GREY, MUTED, ORANGE, PAPER
from raincast.app.words import Words
from raincast.verification.records import ReliabilityBin


def reliability(bins: Sequence[ReliabilityBin], alt: str, t: Words) -> str:
    """How often it rained against how likely it was said to be; marks grow with the forecasts
    behind them.
    """
    full = [b for b in bins if b.n]
    x = Axis(-0.02, 1.04, _fifths(t), t("station.reliability_x"))
    y = Axis(-0.02, 1.12, _fifths(t), t("station.reliability_y"))
    points = [(x.at(b.mean_forecast or 0), 100 - y.at(b.observed or 0)) for b in full]
    most = max((b.n for b in full), default=1)
    drawn = [
        strokes.straight((x.at(0), 100 - y.at(0)), (x.at(1), 100 - y.at(1)), GREY, 2, "dot"),
        strokes.line(points, BLUE),
    ]
    for b, at in zip(full, points, strict=True):
        size, n = 8 + 14 * (b.n / most) ** 0.5, f"n = {t.number(b.n)}"
        told = f"{t.percent(b.mean_forecast)} → {t.percent(b.observed)} ({n})"
        drawn.append(strokes.symbol(at, "circle", size, BLUE, told, BLUE))
        drawn.append(strokes.text(at, n, down=-size / 2 - 5, colour=MUTED))
    return chart(alt, 340, x, y, drawn)


def _fifths(t: Words) -> list[tuple[float, str]]:
    return [(v / 5, t.percent(v / 5)) for v in range(6)]


def over_time(points: pd.DataFrame, figure_name: str, threshold: float | None, t: Words) -> str:
    """A figure of the live quality up to each date, with its interval and the threshold."""
    x = days(points["target_date"], t, free=0.4)
    y = numbers(0, 1.02, lambda v: t.plain(v), 5, t(f"figures.{figure_name}"))
    at = points.assign(at=[x.at(day) for day in places(points["target_date"])])
    line = [(a, 100 - y.at(v)) for a, v in zip(at["at"], at[figure_name], strict=True)]
    drawn = [*_band(at.dropna(subset=[f"{figure_name}_low"]), figure_name, y)]
    drawn.append(strokes.line(line, BLUE))
    if threshold is not None:
        drawn += _threshold(threshold, y, t)
    drawn += _marks(at, figure_name, y, t)
    return chart(t("quality.over_time"), 380, x, y, drawn)


def _band(sure: pd.DataFrame, name: str, y: Axis) -> Iterator[str]:
    if len(sure):
        low, high = (
            [(a, 100 - y.at(v)) for a, v in zip(sure["at"], sure[f"{name}_{end}"], strict=True)]
            for end in ("low", "high")
        )
        yield strokes.area([*high, *low[::-1]], BLUE, 0.18)


def _threshold(threshold: float, y: Axis, t: Words) -> Iterator[str]:
    height, label = 100 - y.at(threshold), t("quality.threshold", value=t.number(threshold, 2))
    yield strokes.straight((0, height), (100, height), ORANGE, 2, "dash")
    yield strokes.text((0, height), label, "start", 2, 16, ORANGE)


def _marks(at: pd.DataFrame, name: str, y: Axis, t: Words) -> Iterator[str]:
    """Empty where there is no interval."""
    for row in at[at[name].notna()].to_dict("records"):
        said = t("quality.hover", n=t.number(row["n"]), wet=t.number(row["positives"]))
        told = f"{t.short_year(row['target_date'])}\n{t.number(row[name], 3)}\n{said}"
        colour = PAPER if pd.isna(row[f"{name}_low"]) else BLUE
        at_ = row["at"], 100 - y.at(row[name])
        yield strokes.symbol(at_, "circle", 9, colour, told, BLUE, 1.5)
