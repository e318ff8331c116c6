"""The slides of the defence: shown, walked by keyboard, and exported as a PDF."""

from datetime import datetime
from importlib.resources import files
from typing import Any

import streamlit as st

from raincast.app import defence, form, sheet
from raincast.app.here import Here, heading, note, section
from raincast.app.remembered import of_files
from raincast.app.words import Words
from raincast.settings import Settings

_LABELS = ("previous", "next", "notes", "full", "deck")


def show(here: Here) -> None:
    """The deck, then the PDF."""
    t, hour = here.words, here.now.replace(minute=0, second=0, microsecond=0)
    heading(here, "slides")
    drawn = {
        "slides": _drawn(here.settings, t.language, hour),
        "words": {name: t(f"slides.{name}") for name in _LABELS},
    }
    _component()(data=drawn, key=f"deck_{t.language}")
    _pdf(here, hour)


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    code, style = (
        files("raincast.app.defence").joinpath(f"deck.{kind}").read_text("utf-8")
        for kind in ("js", "css")
    )
    return st.components.v2.component(
        "raincast_deck", html='<div class="home"></div>', css=style, js=code
    )


def _watched(s: Settings) -> list[Any]:
    return [
        s.live_eval,
        s.watermark,
        s.models / "model_metadata.json",
        s.best_params,
        s.metrics / "eval.json",
    ]


@of_files(_watched, "journal", "scored")
def _drawn(settings: Settings, language: str, hour: datetime) -> list[dict[str, str]]:
    return [
        {
            "title": s.title,
            "message": s.message,
            "notes": s.notes,
            "source": s.source,
            "number": s.number,
            "unit": s.unit,
            "svg": defence.svg(s),
            "narrow": defence.svg(s, defence.NARROW),
        }
        for s in defence.slides(settings, Words(language), hour)
    ]


def _pdf(here: Here, hour: datetime) -> None:
    t = here.words
    pressed = form.show("pdf", _form(t), {"with_notes": ""})
    if pressed:
        notes = bool(pressed.values["with_notes"])
        made = defence.pdf(defence.slides(here.settings, t, hour), notes)
        st.session_state["made pdf"] = (t.language, hour), notes, made
    made_for, notes, content = st.session_state.get("made pdf", (None, False, b""))
    if made_for == (t.language, hour):  # its name says what is in it, whatever was ticked since
        label = t("slides.pdf_take_notes" if notes else "slides.pdf_take")
        name = f"raincast-{t.language}{'-notes' if notes else ''}.pdf"
        st.download_button(label, content, name, "application/pdf", type="primary")


def _form(t: Words) -> str:
    with sheet.collected() as parts:
        note(t("slides.keys"))
        section(t("slides.pdf"))
        wanted = form.check("with_notes", t("slides.pdf_with"))
        sheet.write(form.form((wanted, form.button("make", t("slides.pdf_make")))))
    return sheet.stacked(parts)
