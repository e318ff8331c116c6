"""Chances of more than an amount, from the journal's column and the model's climatology. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from raincast.learning import climatology
from raincast.learning.metadata import ModelMetadata
from raincast.observations.network import in_force


class Chance(NamedTuple):
    """Of more than `mm`, as forecast and as usual in the month; NaN where the latter is unknown."""

    mm: float
    forecast: float
    usual: float


def chances(text: object) -> dict[float, float]:
    """By amount (mm), from a cell such as `1:0.25 5:0.1`; none where the row speaks of none."""
    pairs = (pair.split(":") for pair in text.split()) if isinstance(text, str) else ()
    return {float(mm): float(chance) for mm, chance in pairs}


def of_rows(rows: pd.DataFrame, mm: float) -> "pd.Series[float]":
    """The chance of more than an amount in each row; NaN where it speaks of none."""
    return rows["exceedance"].map(lambda text: chances(text).get(mm, float("nan"))).astype(float)


def beside_usual(
    text: object, metadata: ModelMetadata | None, location: str, day: date
) -> list[Chance]:
    """The chances of a row, the smallest amount first, beside those of the station's month.

    Args:
        day: the feature date.
    """
    usual = _tables(metadata)
    return [
        Chance(mm, chance, _usual(usual.get(mm), location, day))
        for mm, chance in sorted(chances(text).items())
    ]


Table = Mapping[str, Sequence[float]]


def _tables(metadata: ModelMetadata | None) -> dict[float, Table]:
    """The model's climatology by amount; of the event's amount it is kept by itself."""
    if metadata is None or metadata.climatology is None:
        return {}
    amounts: Mapping[str, Table] = metadata.amounts or {}
    tables = {float(mm): table for mm, table in amounts.items()}
    return {**tables, in_force().event.threshold_mm: metadata.climatology}


def _usual(table: Table | None, location: str, day: date) -> float:
    return climatology.of_day(table, location, day) if table else float("nan")
