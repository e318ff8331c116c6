"""The map: what was forecast for every station, at any issue time of the journal."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from raincast.app import loop_files, playing, pointed, reading, sentences, sheet, views
from raincast.app.charts import maps
from raincast.app.here import (
    Here,
    guarded,
    is_dark,
    note,
    nothing_yet,
    notice,
    section,
    title,
    told,
)
from raincast.app.pages import all_stations, taking
from raincast.app.telling import said_of, view_about, view_said, why_none
from raincast.app.views import Material
from raincast.app.words import Words
from raincast.observations.network import in_force

FRAME_SECONDS = 1.0
"""How long an issue time stays while the map plays."""


def show(here: Here) -> None:
    """The map first, then all stations in a table."""
    title(here.words, here.words("stations.title"))
    if reading.newest(here.settings).empty:
        nothing_yet(here, "stations.empty")
        return
    moving = bool(st.session_state.get("playing"))
    draw = partial(_map, moving=moving)
    st.fragment(guarded, run_every=FRAME_SECONDS if moving else None)(draw, here)


def _map(here: Here, moving: bool) -> None:
    """Everything that follows from the issue time: drawn anew by itself while the map plays."""
    if bool(st.session_state.get("playing")) != moving:
        st.rerun()
    t = here.words
    name, place, state = _what(t, views.offered(reading.newest(here.settings)))
    moment = _when(here)
    rows = reading.as_of(here.settings, moment)
    model = reading.active(here.settings)
    material = _material(here, moment, rows)
    view = views.of(name, material)
    trained = model.stations if model else None
    texts = dict(pointed.texts(t, view, rows, trained))
    drawn = maps.draw(view, texts, t, view_said(name, t), place, state, is_dark())
    sheet.component()(
        data={"drawn": drawn, "part": state or "whole"}, key="map", on_chosen_change=_clicked
    )
    _sentence(here, rows, place, material)
    with sheet.sheet("about"):
        note(view_about(name, t))
        _age(here)
    taking.draw(here, view, rows, moment, place)
    with sheet.sheet("all"):
        all_stations.figures(t, rows)
        section(t("stations.table"), t("stations.table_about"))
        sheet.write(all_stations.listed(t, rows))


def _clicked() -> None:
    """A click on a station chooses it; the list beside the map follows."""
    found = st.session_state["map"]["chosen"]
    if found in in_force().index:
        st.session_state["place"] = found


def _what(t: Words, names: Sequence[str]) -> tuple[str, str | None, str | None]:
    """What is shown, which place is chosen, and which part of the country; the address keeps it."""
    with st.container(horizontal=True, gap="small", key="map_choices"):
        view = playing.kept("view", names, names[0])
        name = st.selectbox(t("map.view"), names, key=view, format_func=lambda v: view_said(v, t))
        place = st.selectbox(
            t("map.place"),
            in_force().locations,
            key=playing.kept("place", in_force().locations, None),
            format_func=t.place,
            placeholder=t("map.no_place"),
        )
        states = sorted({s.state for s in in_force().stations if s.state})
        state = st.selectbox(
            t("map.part"),
            states,
            key=playing.kept("part", states, None),
            placeholder=t("map.whole"),
        )
    playing.address(view=name if name != names[0] else None, place=place, part=state)
    return str(name), place, state


def _when(here: Here) -> datetime:
    """The issue time, on a slider over those of the journal that can play."""
    t, rounds = here.words, reading.rounds(here.settings)
    names = {f"{moment:%Y-%m-%dT%H}": moment for moment in rounds[-playing.MOST :]}
    if len(names) < 2:
        return rounds[-1]
    key = playing.kept("at", list(names), list(names)[-1])
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_times"):
        moving = bool(st.session_state.get("playing"))
        st.button(
            t("map.pause" if moving else "map.play"),
            icon=":material/pause:" if moving else ":material/play_arrow:",
            on_click=playing.toggle,
            args=(list(names),),
        )
        if moving:
            playing.step(list(names))
        chosen = st.select_slider(
            t("map.issue"), list(names), key=key, format_func=lambda n: t.moment(names[n])
        )
    playing.address(at=chosen if chosen != list(names)[-1] else None)
    return names[chosen]


def _material(here: Here, moment: datetime, rows: pd.DataFrame) -> Material:
    metadata = reading.active(here.settings)
    return Material(
        rows,
        lambda: reading.earlier(here.settings, moment),
        lambda: loop_files.told(here.settings),
        metadata.climatology if metadata else None,
    )


def _sentence(here: Here, rows: pd.DataFrame, place: str | None, material: Material) -> None:
    t = here.words
    own = rows[rows["location"] == place]
    if own.empty:
        metadata = reading.active(here.settings)
        why = why_none(place, metadata.stations if metadata else None, t) if place else ""
        none = t("stations.hover_none", name=t.place(place), why=why)
        told(none if place else t("map.choose"))
        return
    said = said_of(own.iloc[0], material.earlier(), material.told(), material.usual)
    told(sentences.of(said, t, here.now.date()))
    note(sentences.window(said, t))
    st.session_state["station"] = place
    st.page_link(
        st.session_state["pages"]["station"],
        label=t("map.open", name=t.place(place)),
        icon=":material/arrow_forward:",
    )


def _age(here: Here) -> None:
    """Says so where the newest forecasts are not for tomorrow."""
    t, target = here.words, reading.newest(here.settings)["target_date"].iloc[0].date()
    if target < here.now.date():
        notice(t("stations.old", target=t.day(target), today=t.day(here.now.date())))
