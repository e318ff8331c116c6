"""One station: tomorrow in words, what was observed and what was missing, why, and its past."""

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from raincast.app import loop_files, reading, sentences
from raincast.app.charts import reasons
from raincast.app.client import ApiAway, ApiRefused
from raincast.app.here import (
    Here,
    api,
    chart,
    facts,
    nothing_yet,
    section,
    trouble,
)
from raincast.app.pages import record, worth
from raincast.app.telling import said_of, why_none
from raincast.app.words import Words
from raincast.errors import MissingSetting
from raincast.forecasts import basis, overview
from raincast.observations import availability
from raincast.observations.network import find, in_force
from raincast.observations.schema import FIELDS, OBSERVATIONS
from raincast.verification import trend

STRONGEST = 9
SAME_CHANCE = 0.005
"""An explanation that sums to another chance than this near is of another forecast."""

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
    headed.title(t.place(chosen), anchor=False)
    st.session_state["station"] = st.query_params["station"] = chosen
    rows, metadata = reading.of_station(here.settings, chosen), reading.active(here.settings)
    usual = metadata.climatology if metadata else None
    if rows.empty:
        nothing_yet(here, "station.empty")
        st.caption(why_none(chosen, metadata.stations if metadata else None, t))
    else:
        _forecast(here, rows, usual)
        record.amounts(here, rows.iloc[0], metadata)
        record.timeline(here, rows)
        worth.draw(here, chosen, float(rows.iloc[0]["rain_probability"]))
        left, right = st.columns(2, gap="large")
        with left:
            _observed(here, rows.iloc[0])
        with right:
            _why(here, rows.iloc[0])
        record.year(t, chosen, usual, int(rows.iloc[0]["feature_date"].month))
    record.record(here, chosen)
    if len(rows):
        record.served(t, rows)
    record.health(here, chosen)
    record.passport(t, find(chosen))


def _label(t: Words, location: str) -> str:
    own, bureaus = t.place(location), find(location).bureau_name
    return own if own == bureaus else f"{own} · {bureaus}"


def _forecast(here: Here, rows: pd.DataFrame, usual: Usual) -> None:
    """Tomorrow in words, then the figures behind them."""
    t, row = here.words, rows.iloc[0]
    told = trend.told(loop_files.told(here.settings))
    before = overview.earlier(rows, rows.head(1))
    said = said_of(row, before, told, usual)
    st.html(f'<p class="told">{html.escape(sentences.of(said, t, here.now.date()))}</p>')
    st.caption(sentences.window(said, t))
    left = t.number(sentences.left(said.location, said.feature_date, said.issued))
    facts(
        (
            (
                t("station.chance", day=t.day(row["target_date"])),
                t.percent(row["rain_probability"]),
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


def _observed(here: Here, row: "pd.Series[Any]") -> None:
    t, issued = here.words, row["issued"].to_pydatetime()
    section(
        t("station.observed"),
        t("station.observed_about" if row["use_latest"] else "station.observed_others"),
    )
    held = reading.day(here.settings, row["feature_date"].date(), issued)
    own = held[held["Location"] == row["location"]]
    lines = "".join(_line(name, own, row, issued, t) for name in OBSERVATIONS)
    head = "".join(f"<th>{t(f'station.col_{name}')}</th>" for name in ("field", "value", "state"))
    st.html(
        '<table class="plain'
        f' observed"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
    )


def _line(name: str, own: pd.DataFrame, row: "pd.Series[Any]", issued: datetime, t: Words) -> str:
    due = availability.known(row["feature_date"].date(), availability.instant(issued))
    is_due = bool(due[in_force().index[row["location"]], OBSERVATIONS.index(name)])
    value = own[name].iloc[0] if len(own) else None
    state = "not_due" if not is_due else "missing" if value is None or value != value else "seen"
    shown = (
        "–"
        if state != "seen"
        else f"{value:g} {FIELDS[name].unit}"
        if isinstance(value, float)
        else str(value)
    )
    told = t(f"station.state_{state}", slot=t(f"slots.{FIELDS[name].slot}"))
    cells = (t(f"fields.{name}"), shown if t.language == "en" else shown.replace(".", ","), told)
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def _why(here: Here, row: "pd.Series[Any]") -> None:
    """Why that forecast is what it is; nothing else is explained in its place."""
    t = here.words
    section(t("station.why"))
    if not row["use_latest"]:
        st.caption(t("station.why_caller"))
        return
    try:
        found = api(here).explain_archived(
            row["location"], row["feature_date"].date(), row["issued"].to_pydatetime()
        )
    except (ApiAway, ApiRefused, MissingSetting) as error:
        trouble(here, error)
        return
    if found["model_version"] != row["model_version"]:
        st.caption(
            t("station.why_other_model", made=row["model_version"], now=found["model_version"])
        )
    elif abs(_total(found) - row["rain_probability"]) > SAME_CHANCE:
        st.caption(t("station.why_other", total=t.percent(_total(found))))
    else:
        draw_reasons(here, found)


def _total(found: Mapping[str, Any]) -> float:
    """The chance that all parts add up to."""
    whole = found["base"] + found["perceptrons"] + sum(p["log_odds"] for p in found["parts"])
    return float(1 / (1 + np.exp(-whole)))


def draw_reasons(here: Here, found: Mapping[str, Any]) -> None:
    """The strongest parts of a forecast, the others together, and what they add up to."""
    t, parts = here.words, found["parts"]
    st.html(f'<p class="told">{html.escape(sentences.reasons(parts, t))}</p>')
    bars = [(_part(t, part), part["log_odds"]) for part in parts[:STRONGEST]]
    bars.append((t("station.why_others"), sum(p["log_odds"] for p in parts[STRONGEST:])))
    if found["perceptrons"]:
        bars.append((t("station.why_nets"), found["perceptrons"]))
    labels, values = zip(*bars, strict=True)
    chart(reasons.reasons(labels, values, t), t("station.why"))
    base = float(1 / (1 + np.exp(-found["base"])))
    st.caption(t("station.why_sum", base=t.percent(base), total=t.percent(_total(found), 1)))
    st.caption(t("station.why_about"))


def _part(t: Words, part: Mapping[str, Any]) -> str:
    return f"{t('quantities.' + part['quantity'])}, {t('scopes.' + part['scope'])}"
