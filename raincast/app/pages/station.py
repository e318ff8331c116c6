"""One station: its newest forecast, what was observed and what was missing, why, its record, its
passport.
"""

import html
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from raincast.app import loop_files, reading
from raincast.app.charts import reasons, verified
from raincast.app.client import ApiAway, ApiRefused
from raincast.app.here import (
    Here,
    api,
    chart,
    facts,
    heading,
    listing,
    nothing_yet,
    section,
    trouble,
)
from raincast.app.pages.stations import why_none
from raincast.app.words import Words
from raincast.errors import MissingSetting
from raincast.forecasts import basis
from raincast.observations import availability
from raincast.observations.network import find, in_force
from raincast.observations.schema import FIELDS, OBSERVATIONS
from raincast.observations.stations import Station

STRONGEST = 9


def show(here: Here) -> None:
    """The station that was chosen, or the first."""
    t = here.words
    heading(here, "station")
    asked = st.session_state.get("station") or st.query_params.get("station")
    if asked and asked not in in_force().index:
        st.warning(t("station.unknown", name=asked))
    chosen = st.selectbox(
        t("station.choose"),
        in_force().locations,
        index=in_force().index.get(asked or "", 0),
        format_func=lambda location: _label(t, location),
    )
    st.session_state["station"] = st.query_params["station"] = chosen
    rows = reading.of_station(here.settings, chosen)
    if rows.empty:
        nothing_yet(here, "station.empty")
        metadata = reading.active(here.settings)
        st.caption(why_none(chosen, metadata.stations if metadata else None, t))
    else:
        _forecast(here, rows.iloc[0])
        left, right = st.columns(2, gap="large")
        with left:
            _observed(here, rows.iloc[0])
        with right:
            _why(here, rows.iloc[0])
    _record(here, chosen)
    _passport(t, find(chosen))


def _label(t: Words, location: str) -> str:
    own, bureaus = t.place(location), find(location).bureau_name
    return own if own == bureaus else f"{own} · {bureaus}"


def _forecast(here: Here, row: "pd.Series[Any]") -> None:
    t, rain = here.words, row["predicted_rain"] == 1
    threshold = t.percent(row["threshold"])
    facts(
        (
            (
                t("station.chance", day=t.day(row["target_date"])),
                t.percent(row["rain_probability"]),
                t("station.chance_note", threshold=threshold),
            ),
            (
                t("station.said"),
                t("shared.rain_said" if rain else "shared.dry_said"),
                t("shared.event_short"),
            ),
            (
                t("stations.issued"),
                t.moment(row["issued"]),
                t("station.from_day", day=t.day(row["feature_date"])),
            ),
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
    t = here.words
    section(t("station.why"), t("station.why_about"))
    if not row["use_latest"]:
        st.caption(t("station.why_archive"))
    try:
        found = api(here).explain_archived(
            row["location"], row["feature_date"].date(), row["issued"].to_pydatetime()
        )
    except (ApiAway, ApiRefused, MissingSetting) as error:
        trouble(here, error)
        return
    draw_reasons(here, found)
    if found["model_version"] != row["model_version"]:
        st.caption(
            t("station.why_other_model", made=row["model_version"], now=found["model_version"])
        )


def draw_reasons(here: Here, found: Mapping[str, Any]) -> None:
    """The strongest parts of a forecast, the others together, and what they add up to."""
    t, parts = here.words, found["parts"]
    bars = [(_part(t, part), part["log_odds"]) for part in parts[:STRONGEST]]
    bars.append((t("station.why_others"), sum(p["log_odds"] for p in parts[STRONGEST:])))
    if found["perceptrons"]:
        bars.append((t("station.why_nets"), found["perceptrons"]))
    labels, values = zip(*bars, strict=True)
    chart(reasons.reasons(labels, values, t), t("station.why"))
    total = found["base"] + found["perceptrons"] + sum(p["log_odds"] for p in parts)
    chances = [float(1 / (1 + np.exp(-value))) for value in (found["base"], total)]
    st.caption(t("station.why_sum", base=t.percent(chances[0]), total=t.percent(chances[1], 1)))


def _part(t: Words, part: Mapping[str, Any]) -> str:
    return f"{t('quantities.' + part['quantity'])}, {t('scopes.' + part['scope'])}"


def _record(here: Here, location: str) -> None:
    t, found = here.words, loop_files.record(here.settings, location)
    section(t("station.record"), t("station.record_about"))
    if not found.n:
        nothing_yet(here, "station.record_empty")
        return
    table = found.table
    facts(
        (
            (t("figures.hits"), t.number(table.hits), t("figures.hits_note")),
            (t("figures.misses"), t.number(table.misses), t("figures.misses_note")),
            (
                t("figures.false_alarms"),
                t.number(table.false_alarms),
                t("figures.false_alarms_note"),
            ),
            (
                t("figures.correct_negatives"),
                t.number(table.correct_negatives),
                t("figures.correct_negatives_note"),
            ),
            (
                t("figures.recall"),
                t.percent(found.recall),
                t("station.of_n", n=t.number(found.positives)),
            ),
        )
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        chart(verified.reliability(found.reliability, t), t("station.record"))
    right.caption(t("station.reliability_about", n=t.number(found.n)))


def _passport(t: Words, s: Station) -> None:
    section(t("station.passport"))
    listing(
        (
            (t("passport.bureau_name"), s.bureau_name),
            (
                t("passport.position"),
                f"{t.number(-s.latitude, 3)}° S, {t.number(s.longitude, 3)}° E",
            ),
            (t("passport.time_zone"), s.time_zone),
            (t("passport.product"), s.product),
            (t("passport.gauges"), ", ".join(s.gauges)),
            (t("passport.learned_gauge"), s.learned_gauge),
            (t("passport.site_changes"), s.site_changes or t("passport.none")),
            (t("passport.nearest"), ", ".join(_nearest(s))),
        )
    )


def _nearest(s: Station) -> list[str]:
    km = in_force().distances_km[in_force().index[s.location]]
    return [f"{in_force().stations[i].location} ({km[i]:.0f} km)" for i in np.argsort(km)[1:4]]
