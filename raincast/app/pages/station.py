"""One station: tomorrow in words, what was observed and what was missing, why, and its past."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from raincast.app import loop_files, reading, sentences
from raincast.app.here import Here, facts, note, nothing_yet, title, told
from raincast.app.pages import record, worth
from raincast.app.pages.observed import observed
from raincast.app.pages.why import explained, why
from raincast.app.telling import said_of, why_none
from raincast.app.words import Words
from raincast.forecasts import basis, overview
from raincast.observations import availability
from raincast.observations.network import find, in_force
from raincast.verification import trend

Usual = Mapping[str, Sequence[float]] | None


def show(here: Here) -> None:
    """The station that was chosen, or the first."""
    t = here.words
    asked = st.session_state.get("station") or st.query_params.get("station")
    if asked and asked not in in_force().index:
        st.warning(t("station.unknown", name=asked))
    at = in_force().index.get(asked or "", 0)
    headed = st.container()
    chosen = st.selectbox(
        t("station.choose"),
        in_force().locations,
        index=at,
        format_func=lambda location: _label(t, location),
    )
    with headed:
        title(t.place(chosen))
    st.session_state["station"] = st.query_params["station"] = chosen
    rows, metadata = reading.of_station(here.settings, chosen), reading.active(here.settings)
    usual = metadata.climatology if metadata else None
    if rows.empty:
        nothing_yet(here, "station.empty")
        note(why_none(chosen, metadata.stations if metadata else None, t))
    else:
        _forecast(here, rows, usual)
        record.amounts(here, rows.iloc[0], metadata)
        record.timeline(here, rows)
        worth.draw(here, chosen, float(rows.iloc[0]["rain_probability"]))
        _basis(here, rows.iloc[0])
        record.year(t, chosen, usual, int(rows.iloc[0]["feature_date"].month))
    record.record(here, chosen)
    if len(rows):
        record.served(t, rows)
    record.health(here, chosen)
    record.passport(t, find(chosen))


def _basis(here: Here, row: "pd.Series[Any]") -> None:
    """What was observed, and why the forecast is what it is: beside it where there is more than a
    sentence.
    """
    found = explained(here, row)
    parts = st.columns(2, gap="large") if isinstance(found, Mapping) else (st.container(),) * 2
    with parts[0]:
        observed(here, row)
    with parts[1]:
        why(here, found)


def _label(t: Words, location: str) -> str:
    own, bureaus = t.place(location), find(location).bureau_name
    return own if own == bureaus else f"{own} · {bureaus}"


def _forecast(here: Here, rows: pd.DataFrame, usual: Usual) -> None:
    """Tomorrow in words, then the figures behind them."""
    t, row = here.words, rows.iloc[0]
    before = overview.earlier(rows, rows.head(1))
    said = said_of(row, before, trend.told(loop_files.told(here.settings)), usual)
    told(sentences.of(said, t, here.now.date()))
    note(sentences.window(said, t))
    left = t.number(sentences.left(said.location, said.feature_date, said.issued))
    facts(
        (
            (
                t("stations.col_chance"),
                t.chance(row["rain_probability"]),
                t("station.chance_note", threshold=t.percent(row["threshold"])),
            ),
            (
                t("station.said"),
                t.said(said.rain),
                t("shared.event_short", amount=t.amount(in_force().event)),
            ),
            (
                t("stations.issued"),
                t.moment(row["issued"]),
                t("station.from_day", day=t.day(row["feature_date"])),
            ),
            (t("ask.left"), f"{left}\u00a0h", t("ask.left_note")),
            (t("stations.regime"), t.regime(row["regime"]), t(_regime_key(row["regime"]))),
            (
                t("stations.col_basis"),
                t(f"bases.{basis.name_of(row['basis'])}"),
                t("stations.basis_note"),
            ),
        )
    )


def _regime_key(regime: object) -> str:
    return f"regimes.{regime}" if regime in availability.REGIMES else "regimes.unknown"
