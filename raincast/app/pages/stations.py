"""The map: what was forecast for every station, at any issue time of the journal."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from raincast.app import loop_files, playing, reading, sentences, views
from raincast.app.charts import blank, maps
from raincast.app.colours import DARK, LAND
from raincast.app.here import Here, facts, guarded, is_dark, nothing_yet, section, title
from raincast.app.pages import taking
from raincast.app.tables import table
from raincast.app.telling import above, said_of, view_about, view_said, why_none
from raincast.app.views import Material, View
from raincast.app.words import Words
from raincast.forecasts import basis
from raincast.observations.network import find, in_force
from raincast.verification import trend

FRAME_SECONDS = 1.0
"""How long an issue time stays while the map plays."""


def show(here: Here) -> None:
    """The map first, then all stations in a table."""
    title(here, "stations")
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
    material = _material(here, moment, rows)
    view = views.of(name, material)
    texts = dict(_texts(here, view, rows))
    figure = maps.draw(view, texts, t, place, state, DARK[LAND] if is_dark() else LAND)
    st.plotly_chart(
        blank.in_dark(figure) if is_dark() else figure,
        theme=None,
        alt=view_said(name, t),
        config=maps.ZOOMED,
        key="map",
        on_select=_clicked,
        selection_mode="points",
        width="stretch",
    )
    _sentence(here, rows, place, material)
    st.caption(view_about(name, t))
    _age(here)
    taking.draw(here, view, rows, moment, place)
    _facts(t, rows)
    section(t("stations.table"), t("stations.table_about"))
    st.html(_listed(rows, t))


def _clicked() -> None:
    """A click on a station chooses it; the list beside the map follows."""
    points = st.session_state["map"]["selection"]["points"]
    if points and (found := points[0].get("customdata")):
        st.session_state["place"] = found if isinstance(found, str) else found[0]


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
        lambda: trend.told(loop_files.told(here.settings)),
        metadata.climatology if metadata else None,
    )


def _texts(here: Here, view: View, rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """What is said of each station under the pointer."""
    t, metadata = here.words, reading.active(here.settings)
    marks = view.marks.set_index("location")
    for _, row in rows.iterrows():
        yield row["location"], _hover(t, view, row, marks.loc[row["location"]])
    trained = metadata.stations if metadata else None
    for name in sorted(set(in_force().locations) - set(rows["location"])):
        why = why_none(name, trained, t)
        yield name, t("stations.hover_none", name=t.place(name), why=why)


def _hover(t: Words, view: View, row: "pd.Series[Any]", mark: "pd.Series[Any]") -> str:
    said = t.said(row["predicted_rain"] == 1)
    issued = sentences.local(row["location"], row["issued"])
    lines = [
        f"<b>{t.place(row['location'])}</b>",
        f"{t.percent(row['rain_probability'])} · {said}",
        *_value(t, view, mark),
        f"{t.regime(row['regime'])} · {t.hour(issued)}",
    ]
    return "<br>".join(lines)


def _value(t: Words, view: View, mark: "pd.Series[Any]") -> list[str]:
    """What the view adds to the forecast itself."""
    value = mark["value"]
    if view.name in ("chance", "said"):
        return []
    if view.name in views.KINDS and value != value:
        return [t(f"map.{view.name}_{mark['kind']}")]
    if value != value:
        return [t("map.no_value")]
    if view.name in views.ABOVE:
        return [t("map.value_above", amount=above(view.name, t), chance=t.percent(value))]
    if view.name == "observed":
        shown = t.number(value, 1)
    else:
        shown = t.percent(value) if view.name == "accuracy" else t.signed(100 * value, 0)
    return [t(f"map.value_{view.name}", value=shown)]


def _sentence(here: Here, rows: pd.DataFrame, place: str | None, material: Material) -> None:
    t = here.words
    own = rows[rows["location"] == place]
    if own.empty:
        metadata = reading.active(here.settings)
        why = why_none(place, metadata.stations if metadata else None, t) if place else ""
        none = t("stations.hover_none", name=t.place(place), why=why)
        st.html(f'<p class="told">{none if place else t("map.choose")}</p>')
        return
    said = said_of(own.iloc[0], material.earlier(), material.told(), material.usual)
    line = sentences.of(said, t, here.now.date())
    st.html(f'<p class="told" role="status">{line}</p>')
    st.caption(sentences.window(said, t))
    st.session_state["station"] = place
    st.page_link(
        st.session_state["pages"]["station"],
        label=t("map.open", name=t.place(place)),
        icon=":material/arrow_forward:",
    )


def _facts(t: Words, rows: pd.DataFrame) -> None:
    wet = int((rows["predicted_rain"] == 1).sum())
    wettest = rows.iloc[int(rows["rain_probability"].to_numpy().argmax())]
    regimes = ", ".join(
        f"{name} ({n})" for name, n in rows["regime"].map(t.regime).value_counts().items()
    )
    facts(
        (
            (t("stations.target"), t.day(rows["target_date"].iloc[0]), t("stations.target_note")),
            (t("stations.issued"), t.moment(rows["issued"].max()), t("stations.issued_note")),
            (t("stations.regime"), regimes, t("stations.regime_note")),
            (
                t("stations.warned"),
                t("stations.of", part=wet, whole=len(rows)),
                t("stations.warned_note"),
            ),
            (
                t("stations.wettest"),
                t.percent(wettest["rain_probability"]),
                t.place(wettest["location"]),
            ),
        )
    )


def _age(here: Here) -> None:
    """Says so where the newest forecasts are not for tomorrow."""
    t, target = here.words, reading.newest(here.settings)["target_date"].iloc[0].date()
    if target < here.now.date():
        st.info(t("stations.old", target=t.day(target), today=t.day(here.now.date())))


_COLUMNS = ("station", "state", "chance", "said", "regime", "basis", "issued")


def _listed(rows: pd.DataFrame, t: Words) -> str:
    """The forecasts as a table, the likeliest rain first."""
    order = rows.sort_values("rain_probability", ascending=False)
    heads = [t(f"stations.col_{name}") for name in _COLUMNS]
    return table(
        "", heads, [_cells(row, t) for _, row in order.iterrows()], numbers=(2,), minor=(1, 4, 5, 6)
    )


def _cells(row: "pd.Series[Any]", t: Words) -> tuple[str, ...]:
    name, said = (
        t.place(row["location"]),
        t.said(row["predicted_rain"] == 1),
    )
    chance = t.percent(row["rain_probability"])
    rests_on = t(f"bases.{basis.name_of(row['basis'])}")
    return name, find(name).state, chance, said, t.regime(row["regime"]), rests_on, _issued(row, t)


def _issued(row: "pd.Series[Any]", t: Words) -> str:
    """When, by the station's clock, and how many of the window's hours were to come."""
    location, moment = row["location"], row["issued"].to_pydatetime()
    clock = sentences.local(location, moment)
    left = sentences.left(location, row["feature_date"].date(), moment)
    return t("stations.issued_left", when=t.hour(clock), left=t.number(left))
