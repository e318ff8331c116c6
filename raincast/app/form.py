"""Forms of HTML's own fields, each sent to the browser as one element: a field of Streamlit's takes
it about as long as a page of prose.
"""

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any, NamedTuple

import streamlit as st

Values = Mapping[str, str]
_SPOKEN = {"fr": "fr", "en": "en-AU"}
"""The language in which a browser writes a day."""


class Pressed(NamedTuple):
    """The button that was pressed (empty where a live form changed), and what stood in the form."""

    button: str
    values: dict[str, str]


def show(key: str, drawn: str, values: Values, filled: int = 0) -> Pressed | None:
    """Draws a form; what was sent of it, in the run that follows.

    Args:
        drawn: HTML with one form, from `form`.
        values: what stands in its fields at first, by their names.
        filled: how often Python has filled it: what a visitor typed stays until this changes.
    """
    data = {"key": key, "drawn": drawn, "values": dict(values), "filled": filled}
    return received(_component()(data=data, key=key, on_pressed_change=_nothing).pressed, values)


def sent(key: str, known: Values) -> Pressed | None:
    """What was sent of a form that is drawn later in this run."""
    state = st.session_state.get(key)
    return received(state.get("pressed") if state else None, known)


def _nothing() -> None:
    """Streamlit sends what happens only where somebody listens."""


def received(sent: Mapping[str, Any] | None, known: Values) -> Pressed | None:
    """What a browser sent, if it did: text alone, and of no field that the form has not."""
    if not sent:
        return None
    given = {name: str(value) for name, value in sent["values"].items() if name in known}
    return Pressed(str(sent["button"]), {**known, **given})


def form(parts: Iterable[str], live: bool = False, name: str = "") -> str:
    """The form of those parts; a live one is sent at each change.

    Args:
        name: a class, for the sheet.
    """
    is_live = " data-live" if live else ""
    return f'<form class="form {name}"{is_live}>{"".join(parts)}</form>'


def group(legend: str, parts: Iterable[str]) -> str:
    """Fields that belong together, with what they have in common."""
    return f"<fieldset><legend>{html.escape(legend)}</legend>{''.join(parts)}</fieldset>"


def row(parts: Iterable[str]) -> str:
    """Fields beside each other where there is room."""
    return f'<div class="row">{"".join(parts)}</div>'


def text(name: str, label: str, **attributes: str) -> str:
    """A line of text; further attributes are HTML's."""
    given = {"type": "text", "autocomplete": "off"} | attributes
    said = " ".join(f'{key}="{html.escape(value)}"' for key, value in given.items())
    return _labelled(name, label, f'<input id="field-{name}" name="{name}" {said}>')


def day(name: str, label: str, ends: tuple[date, date], language: str) -> str:
    """A day from the first to the last; its value is YYYY-MM-DD. The browser shows it in its own
    way, which need not be the page's: beside the label it stands in words.
    """
    first, last = ends
    given = f'type="date" min="{first}" max="{last}" required data-language="{_SPOKEN[language]}"'
    field = f'<input id="field-{name}" name="{name}" {given}>'
    return _labelled(name, label, field, "<output></output>")


def choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    """One of several, each with its value and its name."""
    offered = "".join(
        f'<option value="{html.escape(value)}">{html.escape(said)}</option>'
        for value, said in options
    )
    disabled = "" if offered else " disabled"
    return _labelled(
        name, label, f'<select id="field-{name}" name="{name}"{disabled}>{offered}</select>'
    )


def check(name: str, label: str) -> str:
    """Yes or no; its value is empty for no."""
    box = f'<input id="field-{name}" name="{name}" type="checkbox" value="yes">'
    return f'<label class="check">{box}{html.escape(label)}</label>'


def slider(name: str, label: str, steps: Sequence[str]) -> str:
    """A step of several in their order, by its number from 0; what each is called."""
    said = html.escape(json.dumps(list(steps)))
    field = f'<input id="field-{name}" name="{name}" type="range" min="0" max="{len(steps) - 1}"'
    return _labelled(
        name, label, f'<span class="slide">{field} data-said="{said}"><output></output></span>'
    )


def button(name: str, label: str, kind: str = "", disabled: bool = False) -> str:
    """A button that sends the form; `first` is what Enter means and stands out, `apart` is never
    what Enter means.
    """
    type_ = "button" if kind == "apart" else "submit"
    given = f'id="press-{name}" type="{type_}" name="{name}" class="{kind}"'
    return f"<button {given}{' disabled' if disabled else ''}>{html.escape(label)}</button>"


def _labelled(name: str, label: str, field: str, beside: str = "") -> str:
    said = f'<label for="field-{name}">{html.escape(label)}</label>{beside}'
    return f'<div class="field"><div class="named">{said}</div>{field}</div>'


def as_day(given: str, ends: tuple[date, date]) -> date | None:
    """The day that was typed; None where it is none from the first to the last."""
    first, last = ends
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if first <= found <= last else None


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    code = files("raincast.app").joinpath("form.js").read_text("utf-8")
    home = '<div class="home"></div>'
    return st.components.v2.component("raincast_form", html=home, js=code, isolate_styles=False)
