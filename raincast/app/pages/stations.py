"""The map: every station's chance of rain, and when and from what it was forecast."""

from typing import Any

import pandas as pd
import streamlit as st

from raincast.app import charts, reading
from raincast.app.here import Here, facts, heading, nothing_yet, section
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.forecasts import basis
from raincast.observations import event
from raincast.observations.network import find, in_force


def show(here: Here) -> None:
    """The newest target date of the journal, all stations."""
    t, rows = here.words, reading.newest(here.settings)
    heading(here, "stations")
    if rows.empty:
        nothing_yet(here, "stations.empty")
        return
    _facts(t, rows)
    _age(here, rows)
    _map(here, rows)
    section(t("stations.table"), t("stations.table_about"))
    st.html(_listed(rows, t))


def _facts(t: Words, rows: pd.DataFrame) -> None:
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
                t.percent(wettest["rain_probability"]),
                t.place(wettest["location"]),
            ),
        )
    )


def _age(here: Here, rows: pd.DataFrame) -> None:
    """Says so where the newest forecasts are not for tomorrow."""
    target = rows["target_date"].iloc[0].date()
    if target < here.now.date():
        st.info(
            here.words(
                "stations.old", target=here.words.day(target), today=here.words.day(here.now.date())
            )
        )


def _map(here: Here, rows: pd.DataFrame) -> None:
    metadata = reading.active(here.settings)
    figure = charts.chance_map(rows, here.words, metadata.stations if metadata else None)
    chosen = st.plotly_chart(
        figure,
        theme=None,
        config=charts.QUIET,
        key="map",
        on_select="rerun",
        selection_mode="points",
        width="stretch",
    )
    st.caption(
        here.words(
            "stations.map_about",
            absent=len(in_force().stations) - len(rows),
            threshold=here.words.number(event.THRESHOLD_MM, 1),
        )
    )
    points = chosen["selection"]["points"]
    if points and points[0].get("customdata"):
        name = points[0]["customdata"]
        st.session_state["station"] = name if isinstance(name, str) else name[0]
        st.switch_page(st.session_state["pages"]["station"])


_COLUMNS = ("station", "state", "chance", "said", "regime", "basis", "issued")


def _listed(rows: pd.DataFrame, t: Words) -> str:
    """The forecasts as a table, the likeliest rain first."""
    order = rows.sort_values("rain_probability", ascending=False)
    heads = [t(f"stations.col_{name}") for name in _COLUMNS]
    return table(
        "", heads, [_cells(row, t) for _, row in order.iterrows()], numbers=(2,), minor=(1, 4, 5, 6)
    )


def _cells(row: "pd.Series[Any]", t: Words) -> tuple[str, ...]:
    name, said = (
        t.place(row["location"]),
        t("shared.rain_said" if row["predicted_rain"] == 1 else "shared.dry_said"),
    )
    chance = t.percent(row["rain_probability"])
    rests_on = t(f"bases.{basis.name_of(row['basis'])}")
    issued = t.moment(row["issued"])
    return name, find(name).state, chance, said, t.regime(row["regime"]), rests_on, issued
