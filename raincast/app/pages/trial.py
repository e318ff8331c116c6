"""One observation by hand: a trial that writes nothing, then, if the visitor wants it, a forecast
in the journal.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import streamlit as st

from raincast.app import form, reading, sheet, typed
from raincast.app.here import Here, api, notice, section
from raincast.app.pages import answered
from raincast.app.words import Words
from raincast.observations.network import in_force
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS, SLOTS

_EXAMPLE = {"Rainfall": 2.4, "Humidity3pm": 78.0, "Pressure3pm": 1009.2, "Cloud3pm": 7.0}
_FIRST_DAY = date(2000, 1, 1)
TRIAL, KEPT = "trial", "kept"
"""Where a session has what was tried, with its reasons, and what was then written down."""
TYPED, FILLED = "typed", "filled"
"""Where it has what the form held when it was last sent, and how often the archive filled it."""


def draw(here: Here) -> None:
    """The form, then the answer."""
    t, filled = here.words, st.session_state.get(FILLED, 0)
    with sheet.collected() as parts:
        section(t("ask.one_title"), t("ask.one_about"))
        sheet.write(_form(here))
    values = _beginning(here) | st.session_state.get(TYPED, {})
    pressed = form.show("observation", sheet.stacked(parts), values, filled)
    if pressed:
        st.session_state[TYPED] = pressed.values
        _pressed(here, pressed)
    if TRIAL in st.session_state:
        body, found = st.session_state[TRIAL]
        answered.trial(here, body, found)
        _keep(here, body)


def _form(here: Here) -> str:
    t = here.words
    places = ((name, t.place(name)) for name in in_force().locations)
    about = (
        form.choice("Location", t("ask.station"), places),
        form.day("Date", t("ask.day"), (_FIRST_DAY, here.now.date()), t.language),
        form.button("fill", t("ask.fill"), kind="apart"),
    )
    slots = (form.group(t(f"slots.{slot}"), _fields(slot, t)) for slot in SLOTS)
    tried = form.button("try", t("ask.try"), kind="first")
    return form.form((form.row(about), form.row(slots), tried), name="observation")


def _fields(slot: str, t: Words) -> Iterator[str]:
    """A number is typed as text: a browser that expects a point makes 75 of « 7,5 »."""
    for name in (name for name in OBSERVATIONS if FIELDS[name].slot == slot):
        label = t(f"fields.{name}")
        if name in DIRECTIONS:
            yield form.choice(name, label, [("", "–"), *((point, point) for point in COMPASS)])
        else:
            yield form.text(name, f"{label} ({FIELDS[name].unit})", placeholder="–")


def _beginning(here: Here) -> dict[str, str]:
    """What stands in the form at first."""
    day = reading.newest_day(here.settings) or here.now.date()
    about = {"Location": in_force().locations[0], "Date": str(day)}
    return about | {name: _typed(_EXAMPLE.get(name), here.words) for name in OBSERVATIONS}


def _typed(value: Any, t: Words) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else t.plain(float(value))


def _pressed(here: Here, pressed: form.Pressed) -> None:
    """No earlier answer stays where another is asked for."""
    t, given, ends = here.words, pressed.values, (_FIRST_DAY, here.now.date())
    day = form.as_day(given["Date"], ends)
    if pressed.button == "try":
        for name in (TRIAL, KEPT):
            st.session_state.pop(name, None)
    if day is None:
        low, high = map(t.day, ends)
        expected = t("shared.between", low=low, high=high)
        st.warning(t("ask.wrong_day", found=given["Date"], expected=expected))
    elif pressed.button == "fill":
        _fill(here, given, day)
    else:
        _try(here, given, day)


def _fill(here: Here, given: dict[str, str], day: date) -> None:
    """Puts the archive's values into the form."""
    t, rows, station = here.words, reading.day(here.settings, day), given["Location"]
    own = rows[rows["Location"] == station]
    if own.empty:
        notice(t("ask.nothing_there", station=t.place(station), day=t.day(day)))
        return
    held = reading.observation(own.iloc[0], "complete")
    found = {name: _typed(held.get(name), t) for name in OBSERVATIONS}
    st.session_state[TYPED] = given | found
    st.session_state[FILLED] = st.session_state.get(FILLED, 0) + 1
    st.rerun()


def _try(here: Here, given: dict[str, str], day: date) -> None:
    """Asks for the reasons, which writes nothing."""
    values, wrong = _read(given, here.words)
    if wrong:
        st.warning("\n".join(f"- {line}" for line in wrong))
        return
    body = {"Date": str(day), "Location": given["Location"]} | values
    st.session_state[TRIAL] = body, api(here).explain(body)


def _read(given: dict[str, str], t: Words) -> tuple[dict[str, Any], list[str]]:
    """The values that were given, and what is wrong with the others."""
    values: dict[str, Any] = {}
    wrong = []
    for name in OBSERVATIONS:
        field, text = FIELDS[name], given[name]
        try:
            value = text if name in DIRECTIONS else typed.number(text, field.low, field.high)
        except typed.NotANumber:
            ends = t.between((field.low, field.high), 0)
            wrong.append(t("ask.wrong", field=t(f"fields.{name}"), found=text, expected=ends))
            continue
        if value not in (None, ""):
            values[name] = value
    return values, wrong


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
