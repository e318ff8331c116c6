"""What the map says of a station under the pointer. Pure."""

from collections.abc import Collection, Iterator
from typing import Any

import pandas as pd

from raincast.app import sentences, views
from raincast.app.telling import above, why_none
from raincast.app.views import View
from raincast.app.words import Words
from raincast.observations.network import in_force


def texts(
    t: Words, view: View, rows: pd.DataFrame, trained: Collection[str] | None
) -> Iterator[tuple[str, str]]:
    """What is said of each station under the pointer.

    Args:
        trained: the stations of the model that serves; None where none does.
    """
    marks = view.marks.set_index("location")
    for _, row in rows.iterrows():
        yield row["location"], _hover(t, view, row, marks.loc[row["location"]])
    for name in sorted(set(in_force().locations) - set(rows["location"])):
        why = why_none(name, trained, t)
        yield name, t("stations.hover_none", name=t.place(name), why=why)


def _hover(t: Words, view: View, row: "pd.Series[Any]", mark: "pd.Series[Any]") -> str:
    said = t.said(row["predicted_rain"] == 1)
    issued = sentences.local(row["location"], row["issued"])
    lines = [
        t.place(row["location"]),
        f"{t.chance(row['rain_probability'])} · {said}",
        *_value(t, view, mark),
        f"{t.regime(row['regime'])} · {t.hour(issued)}",
    ]
    return "\n".join(lines)


def _value(t: Words, view: View, mark: "pd.Series[Any]") -> list[str]:
    """What the view adds to the forecast itself."""
    value = mark["value"]
    if view.name in ("chance", "said"):
        return []
    if view.name in views.KINDS and value != value:
        return [t(f"map.{view.name}_{mark['kind']}")]
    if value != value:
        return [t("map.no_value")]
    if view.name in views.ABOVE:
        return [t("map.value_above", amount=above(view.name, t), chance=t.chance(value))]
    if view.name == "observed":
        shown = t.number(value, 1)
    else:
        shown = t.percent(value) if view.name == "accuracy" else t.signed(100 * value, 0)
    return [t(f"map.value_{view.name}", value=shown)]
