"""One station: tomorrow in words, what was observed and what was missing, why, and its past."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from raincast.app import form, loop_files, reading, sentences, sheet
from raincast.app.here import Here, facts, note, nothing_yet, title, told, trouble
from raincast.app.pages import record, worth
from raincast.app.pages.observed import observed
from raincast.app.pages.why import Explained, explained, why
from raincast.app.telling import said_of, why_none
from raincast.app.words import Words
from raincast.errors import RaincastError
from raincast.forecasts import basis, overview
from raincast.learning.metadata import ModelMetadata
from raincast.observations import availability
from raincast.observations.network import find, in_force

Usual = Mapping[str, Sequence[float]] | None


def show(here: Here) -> None:
    """The station that was chosen, or the first."""
    t, chosen = here.words, _chosen(here.words)
    rows, metadata = reading.of_station(here.settings, chosen), reading.active(here.settings)
    usual = metadata.climatology if metadata else None
    if rows.empty:
        nothing_yet(here, "station.empty")
        note(why_none(chosen, metadata.stations if metadata else None, t))
    else:
        _newest(here, rows, metadata)
    with sheet.sheet("past"):
        if len(rows):
            record.year(t, chosen, usual, int(rows.iloc[0]["feature_date"].month))
        record.record(here, chosen)
        if len(rows):
            record.served(t, rows)
        record.health(here, chosen)
        record.passport(t, find(chosen))


def _chosen(t: Words) -> str:
    """The station that was just chosen, else the address's, else the visit's; below its name, the
    list.
    """
    before = st.query_params.get("station") or st.session_state.get("station") or ""
    moved = form.sent("choose", {"station": before})
    asked = moved.values["station"] if moved else before
    if asked and asked not in in_force().index:
        st.warning(t("station.unknown", name=asked))
    chosen = asked if asked in in_force().index else in_force().locations[0]
    with sheet.collected() as parts:
        title(t, t.place(chosen))
        places = ((name, _label(t, name)) for name in in_force().locations)
        fields = [form.choice("station", t("station.choose"), places)]
        sheet.write(form.form(fields, live=True))
    form.show("choose", sheet.stacked(parts), {"station": chosen})
    st.session_state["station"] = st.query_params["station"] = chosen
    return chosen


def _newest(here: Here, rows: pd.DataFrame, metadata: ModelMetadata | None) -> None:
    """The newest forecast, what it is worth, and what it rests on."""
    row = rows.iloc[0]
    with sheet.sheet("newest"):
        _forecast(here, rows, metadata.climatology if metadata else None)
        record.amounts(here, row, metadata)
        record.timeline(here, rows)
        worth.title(here.words)
    worth.draw(here, row["location"], float(row["rain_probability"]))
    found = explained(here, row)
    with sheet.sheet("basis"):
        _basis(here, row, found)
    if isinstance(found, RaincastError):
        trouble(here, found)


def _basis(here: Here, row: "pd.Series[Any]", found: Explained) -> None:
    """What was observed, and why the forecast is what it is: beside it where there is more than a
    sentence.
    """
    with sheet.collected() as left:
        observed(here, row)
    with sheet.collected() as right:
        why(here, found)
    if isinstance(found, Mapping):
        sheet.beside(left, right)
    else:
        sheet.write(sheet.stacked(left + right))


def _label(t: Words, location: str) -> str:
    own, bureaus = t.place(location), find(location).bureau_name
    return own if own == bureaus else f"{own} · {bureaus}"


def _forecast(here: Here, rows: pd.DataFrame, usual: Usual) -> None:
    """Tomorrow in words, then the figures behind them."""
    t, row = here.words, rows.iloc[0]
    before = overview.earlier(rows, rows.head(1))
    said = said_of(row, before, loop_files.told_of(here.settings, row["location"]), usual)
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
