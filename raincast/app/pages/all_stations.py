"""All stations at once, under the map: figures, and a table."""

from typing import Any

import pandas as pd

from raincast.app import sentences
from raincast.app.here import facts
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.forecasts import basis
from raincast.observations.network import find

_COLUMNS = ("station", "state", "chance", "said", "regime", "basis", "issued")


def figures(t: Words, rows: pd.DataFrame) -> None:
    """What they are of, and the most that they say."""
    wet = int((rows["predicted_rain"] == 1).sum())
    wettest = rows.iloc[int(rows["rain_probability"].to_numpy().argmax())]
    regimes = ", ".join(
        f"{name} ({n})" for name, n in rows["regime"].map(t.regime).value_counts().items()
    )
    facts(
        (
            (t("stations.target"), t.day(rows["target_date"].iloc[0]), t("stations.target_note")),
            (t("stations.issued"), t.moment(rows["issued"].max()), t("stations.issued_note")),
            (t("stations.regime"), regimes, t("stations.regime_note")),
            (
                t("stations.warned"),
                t("stations.of", part=wet, whole=len(rows)),
                t("stations.warned_note"),
            ),
            (
                t("stations.wettest"),
                t.chance(wettest["rain_probability"]),
                t.place(wettest["location"]),
            ),
        )
    )


def listed(t: Words, rows: pd.DataFrame) -> str:
    """The forecasts as a table, the likeliest rain first."""
    order = rows.sort_values("rain_probability", ascending=False)
    heads = [t(f"stations.col_{name}") for name in _COLUMNS]
    return table(
        "", heads, [_cells(row, t) for _, row in order.iterrows()], numbers=(2,), minor=(1, 4, 5, 6)
    )


def _cells(row: "pd.Series[Any]", t: Words) -> tuple[str, ...]:
    name, said = (
        t.place(row["location"]),
        t.said(row["predicted_rain"] == 1),
    )
    chance = t.chance(row["rain_probability"])
    rests_on = t(f"bases.{basis.name_of(row['basis'])}")
    return name, find(name).state, chance, said, t.regime(row["regime"]), rests_on, _issued(row, t)


def _issued(row: "pd.Series[Any]", t: Words) -> str:
    """When, by the station's clock, and how many of the window's hours were to come."""
    location, moment = row["location"], row["issued"].to_pydatetime()
    clock = sentences.local(location, moment)
    left = sentences.left(location, row["feature_date"].date(), moment)
    return t("stations.issued_left", when=t.hour(clock), left=t.number(left))
