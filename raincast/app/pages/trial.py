"""One observation by hand: a trial that writes nothing, then, if the visitor wants it, a forecast
in the journal.
"""

import html
from datetime import date
from typing import Any

import streamlit as st

from raincast.app import reading, typed
from raincast.app.here import Here, api, notice, section
from raincast.app.pages import answered
from raincast.app.words import Words
from raincast.observations.network import in_force
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS, SLOTS

_EXAMPLE = {"Rainfall": 2.4, "Humidity3pm": 78.0, "Pressure3pm": 1009.2, "Cloud3pm": 7.0}
TRIAL, KEPT = "trial", "kept"
"""Where a session has what was tried, with its reasons, and what was then written down."""


def draw(here: Here) -> None:
    """The form, then the answer."""
    t = here.words
    section(t("ask.one_title"), t("ask.one_about"))
    station, day = _station_day(here)
    with st.form("observation", border=False):
        fields = _fields(t)
        tried = st.form_submit_button(t("ask.try"), type="primary")
    if tried:
        _try(here, {"Date": str(day), "Location": station}, fields)
    if TRIAL in st.session_state:
        body, found = st.session_state[TRIAL]
        answered.trial(here, body, found)
        _keep(here, body)


def _station_day(here: Here) -> tuple[str, date]:
    """What the observation is of; the archive's values on a button."""
    t = here.words
    left, middle, right = st.columns([2, 2, 2], vertical_alignment="bottom")
    station = left.selectbox(
        t("ask.station"), in_force().locations, key="ask_station", format_func=t.place
    )
    day = middle.date_input(
        t("ask.day"),
        reading.newest_day(here.settings) or here.now.date(),
        min_value=date(2000, 1, 1),
        max_value=here.now.date(),
        key="ask_day",
        format=t.date_form,
    )
    if right.button(t("ask.fill"), width="stretch"):
        _fill(here, station, day)
    return station, day


def _fill(here: Here, station: str, day: date) -> None:
    """Puts the archive's values into the form."""
    t, rows = here.words, reading.day(here.settings, day)
    own = rows[rows["Location"] == station]
    if own.empty:
        notice(t("ask.nothing_there", station=t.place(station), day=t.day(day)))
        return
    held = reading.observation(own.iloc[0], "complete")
    for name in OBSERVATIONS:
        value = held.get(name)
        st.session_state[f"ask_{name}"] = value if name in DIRECTIONS else _typed(value, t)


def _typed(value: float | None, t: Words) -> str:
    return "" if value is None else t.plain(float(value))


def _fields(t: Words) -> dict[str, str | None]:
    """What stands in the form: numbers as they are typed, directions as they are chosen."""
    for name, value in _EXAMPLE.items():
        st.session_state.setdefault(f"ask_{name}", _typed(value, t))
    given = {}
    for column, slot in zip(st.columns(len(SLOTS), gap="medium"), SLOTS, strict=True):
        column.html(f'<p class="slot">{html.escape(t(f"slots.{slot}"))}</p>')
        for name in (name for name in OBSERVATIONS if FIELDS[name].slot == slot):
            with column:
                given[name] = _field(name, t(f"fields.{name}"))
    return given


def _field(name: str, label: str) -> str | None:
    """A number is typed as text: a browser that expects a point makes 75 of « 7,5 »."""
    key = f"ask_{name}"
    if name in DIRECTIONS:
        st.session_state.setdefault(key, None)
        return st.selectbox(label, COMPASS, key=key, placeholder="–")
    return st.text_input(f"{label} ({FIELDS[name].unit})", key=key, placeholder="–")


def _try(here: Here, about: dict[str, Any], fields: dict[str, str | None]) -> None:
    """Asks for the reasons, which writes nothing; no earlier answer stays."""
    for name in (TRIAL, KEPT):
        st.session_state.pop(name, None)
    given, wrong = _read(fields, here.words)
    if wrong:
        st.warning("\n".join(f"- {line}" for line in wrong))
        return
    body = about | given
    st.session_state[TRIAL] = body, api(here).explain(body)


def _read(fields: dict[str, str | None], t: Words) -> tuple[dict[str, Any], list[str]]:
    """The values that were given, and what is wrong with the others."""
    given: dict[str, Any] = {}
    wrong = []
    for name, text in fields.items():
        field = FIELDS[name]
        try:
            value = text if name in DIRECTIONS else typed.number(text, field.low, field.high)
        except typed.NotANumber:
            ends = t.between((field.low, field.high), 0)
            wrong.append(t("ask.wrong", field=t(f"fields.{name}"), found=text, expected=ends))
            continue
        if value is not None:
            given[name] = value
    return given, wrong


def _keep(here: Here, body: dict[str, Any]) -> None:
    """The second step: the same to `/predict`, which writes it into the journal."""
    t = here.words
    section(t("ask.keep_title"), t("ask.keep_about"))
    if KEPT not in st.session_state:
        if not st.button(t("ask.keep")):
            return
        st.session_state[KEPT] = api(here).predict(body)
        st.rerun()
    answered.kept(here, body, st.session_state[KEPT])
