"""From the journal's rows to what is said of them, for the map and the station's page."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from raincast.app import views
from raincast.app.sentences import Said
from raincast.app.words import Words
from raincast.observations.network import in_force


def said_of(
    row: "pd.Series[Any]",
    before: pd.DataFrame,
    told: pd.DataFrame,
    usual: Mapping[str, Sequence[float]] | None,
) -> Said:
    """What there is to say of a row of the journal.

    Args:
        before: forecasts for the same target date that were issued before it (`overview.earlier`).
        told: scored rows with truth.
        usual: the model's climatology by location.
    """
    mine = before[before["location"] == row["location"]]
    return Said(
        location=row["location"],
        feature_date=row["feature_date"].date(),
        target_date=row["target_date"].date(),
        issued=row["issued"].to_pydatetime(),
        chance=float(row["rain_probability"]),
        rain=bool(row["predicted_rain"] == 1),
        threshold=float(row["threshold"]),
        usual=views.usual(usual, row),
        before=(float(mine["rain_probability"].iloc[0]), mine["issued"].iloc[0].to_pydatetime())
        if len(mine)
        else None,
        fell_mm=float(views.rainfall(row.to_frame().T, told).iloc[0]),
    )


def view_said(name: str, t: Words) -> str:
    """What a view of the map shows."""
    if name in views.ABOVE:
        return above(name, t).capitalize()
    return t(f"map.view_{name}")


def above(name: str, t: Words) -> str:
    """The amount of a view of larger ones, in words."""
    key = "shared.at_least" if in_force().event.at_least else "shared.more_than"
    return t(key, mm=t.plain(views.ABOVE[name][0]))


def view_about(name: str, t: Words) -> str:
    """How a view of the map is to be read."""
    return t("map.about_above" if name in views.ABOVE else f"map.about_{name}")


def why_none(location: str, trained: Collection[str] | None, t: Words) -> str:
    """Why a station has no forecast for the day that is shown.

    Args:
        trained: the stations of the model that serves; None where none does.
    """
    if trained is None:
        return t("stations.none_model")
    return t("stations.none_yet" if location in trained else "stations.none_trained")
