"""Asking the API: one observation by hand, or all stations at once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import streamlit as st

from raincast.app import reading, sentences
from raincast.app.client import Outcome
from raincast.app.here import Here, api, facts, heading, listing, nothing_yet, section
from raincast.app.pages.station import draw_reasons
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.errors import RaincastError
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS, SLOTS

_EXAMPLE = {"Rainfall": 2.4, "Humidity3pm": 78.0, "Pressure3pm": 1009.2, "Cloud3pm": 7.0}


def show(here: Here) -> None:
    """Two ways to ask."""
    heading(here, "ask")
    api(here).health()
    one, everyone = st.tabs([here.words("ask.one"), here.words("ask.all")])
    with one:
        _one(here)
    with everyone:
        _all(here)


def _one(here: Here) -> None:
    t = here.words
    section(t("ask.one_title"), t("ask.one_about"))
    newest = reading.newest_day(here.settings) or here.now.date()
    left, middle, right = st.columns([2, 2, 2], vertical_alignment="bottom")
    station = left.selectbox(t("ask.station"), in_force().locations, key="ask_station")
    day = middle.date_input(
        t("ask.day"),
        newest,
        min_value=date(2000, 1, 1),
        max_value=here.now.date(),
        key="ask_day",
        format=t.date_form,
    )
    if right.button(t("ask.fill"), width="stretch"):
        _fill(here, station, day)
    with st.form("observation", border=False):
        given = _fields(here)
        sent = st.form_submit_button(t("ask.send"), type="primary")
    if sent:
        body = {"Date": str(day), "Location": station} | {
            name: v for name, v in given.items() if v is not None
        }
        st.session_state["answer"] = body, api(here).predict(body), api(here).explain(body)
    if "answer" in st.session_state:
        _answer(here, *st.session_state["answer"])


def _fill(here: Here, station: str, day: date) -> None:
    """Puts the archive's values into the form."""
    rows = reading.day(here.settings, day)
    own = rows[rows["Location"] == station]
    if own.empty:
        st.info(here.words("ask.nothing_there", station=station, day=here.words.day(day)))
        return
    held = reading.observation(own.iloc[0], "complete")
    for name in OBSERVATIONS:
        value = held.get(name)
        st.session_state[f"ask_{name}"] = (
            float(value) if value is not None and name not in DIRECTIONS else value
        )


def _fields(here: Here) -> dict[str, Any]:
    t, given = here.words, {}
    for name, value in _EXAMPLE.items():
        st.session_state.setdefault(f"ask_{name}", value)
    for column, slot in zip(st.columns(len(SLOTS), gap="medium"), SLOTS, strict=True):
        column.markdown(f"**{t(f'slots.{slot}')}**")
        for name in (name for name in OBSERVATIONS if FIELDS[name].slot == slot):
            with column:
                given[name] = _field(name, t(f"fields.{name}"))
    return given


def _field(name: str, label: str) -> Any:
    field, key = FIELDS[name], f"ask_{name}"
    st.session_state.setdefault(key, None)
    if name in DIRECTIONS:
        return st.selectbox(label, COMPASS, key=key, placeholder="–")
    told = f"{label} ({field.unit})"
    return st.number_input(
        told, float(field.low), float(field.high), step=0.1, format="%.1f", key=key, placeholder="–"
    )


def _answer(here: Here, body: dict[str, Any], said: dict[str, Any], why: dict[str, Any]) -> None:
    t = here.words
    section(t("ask.answer", station=t.place(said["location"])))
    rain, threshold = said["rain_tomorrow"] == 1, t.percent(said["threshold"])
    facts(
        (
            (
                t("station.chance", day=t.day(date.fromisoformat(said["target_date"]))),
                t.percent(said["rain_probability"], 1),
                t("station.chance_note", threshold=threshold),
            ),
            (
                t("station.said"),
                t.said(rain),
                t("shared.event_short", amount=t.amount(in_force().event)),
            ),
            (t("stations.regime"), t.regime(said["regime"]), t(f"regimes.{said['regime']}")),
            (t("ask.missing"), str(len(said["missing"])), _some(t, said["missing"])),
        )
    )
    st.caption(sentences.window(_said(said), t))
    left, right = st.columns(2, gap="large")
    with left:
        _journal_row(here, said["forecast_id"])
    with right:
        st.markdown(f"**{t('station.why')}**")
        draw_reasons(here, why)
    with st.expander(t("ask.json")):
        st.json({"POST /predict": body, "200": said})


def _said(answer: dict[str, Any]) -> sentences.Said:
    return sentences.Said(
        location=answer["location"],
        feature_date=date.fromisoformat(answer["feature_date"]),
        target_date=date.fromisoformat(answer["target_date"]),
        issued=datetime.fromisoformat(answer["issued_at_utc"]),
        chance=answer["rain_probability"],
        rain=answer["rain_tomorrow"] == 1,
        threshold=answer["threshold"],
        usual=float("nan"),
    )


def _some(t: Words, fields: list[str]) -> str:
    """The first few names; that there are more is seen."""
    return ", ".join(t(f"fields.{name}") for name in fields[:5]) + " …" * (len(fields) > 5)


def _journal_row(here: Here, forecast_id: str) -> None:
    t, row = here.words, reading.row_of(here.settings, forecast_id)
    st.markdown(f"**{t('ask.row')}**")
    if row.empty:
        nothing_yet(here, "ask.row_elsewhere")
        return
    st.caption(t("ask.row_about", id=forecast_id))
    listing(
        [
            (str(name), "" if value is None or value != value else str(value))
            for name, value in row.iloc[0].items()
        ]
    )


def _all(here: Here) -> None:
    t, newest = here.words, reading.newest_day(here.settings)
    section(t("ask.all_title"), t("ask.all_about"))
    sources = ["archive", "bureau"] if newest else ["bureau"]
    source = st.radio(
        t("ask.source"),
        sources,
        format_func=lambda name: t(f"ask.from_{name}", day=t.day(newest)),
        key="source",
    )
    regime = "3pm"
    if source == "archive":
        regime = st.selectbox(
            t("ask.regime"),
            REGIMES,
            1,
            format_func=lambda name: f"{t.regime(name)} – {t(f'regimes.{name}')}",
            key="regime",
        )
    if st.button(t("ask.start"), type="primary"):
        st.session_state["outcomes"] = _run(here, source, regime, newest)
    if "outcomes" in st.session_state:
        _outcomes(here, st.session_state["outcomes"])


def _run(here: Here, source: str, regime: str, newest: date | None) -> list[Outcome]:
    """All stations, a few at a time, the bar after each few."""
    asking, asked = api(here), list(in_force().locations)
    bodies = (
        reading.observations(here.settings, newest, regime)
        if source == "archive" and newest
        else []
    )
    parts = asking.batch(bodies) if bodies else asking.batch_of_newest(asked)
    whole, found = len(bodies) or len(asked), []
    bar = st.progress(0.0, here.words("ask.progress", done=0, whole=whole))
    try:
        for part in parts:
            found += part
            bar.progress(
                min(1.0, len(found) / whole),
                here.words("ask.progress", done=len(found), whole=whole),
            )
    except RaincastError:
        if not found:
            raise
        st.warning(here.words("ask.broken_off", done=len(found), whole=whole))
    return found


def _outcomes(here: Here, found: list[Outcome]) -> None:
    t = here.words
    made = [o.forecast for o in found if o.forecast]
    wet = sum(f["rain_tomorrow"] for f in made)
    st.success(t("ask.done", made=len(made), whole=len(found), wet=wet))
    if made:
        heads = [t(f"ask.col_{name}") for name in _COLUMNS]
        made = sorted(made, key=lambda f: -f["rain_probability"])
        st.html(table("", heads, [_cells(t, f) for f in made], numbers=(1,), minor=(3, 4, 5)))
    refused = [o for o in found if not o.forecast]
    if refused:
        st.warning(
            t(
                "ask.without",
                n=len(refused),
                names=", ".join(o.station for o in refused[:8]),
                why=refused[0].detail,
            )
        )


_COLUMNS = ("station", "chance", "said", "regime", "target", "id")


def _cells(t: Words, f: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        t.place(f["location"]),
        t.percent(f["rain_probability"], 1),
        t.said(bool(f["rain_tomorrow"])),
        t.regime(f["regime"]),
        t.iso(f["target_date"]),
        f["forecast_id"],
    )
