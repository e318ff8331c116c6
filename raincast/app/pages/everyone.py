"""All stations at once, through `/predict/batch`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from raincast.app import reading
from raincast.app.client import Outcome
from raincast.app.here import Here, api, section
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.errors import RaincastError
from raincast.forecasts import basis
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force

SHOWN = 8
"""Names of stations without a forecast that are said one by one."""


def draw(here: Here) -> None:
    """What to ask with, then the outcome of every station."""
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
    """The forecasts that were made, then the stations without one."""
    t = here.words
    made = [o.forecast for o in found if o.forecast]
    if made:
        _made(t, made, len(found))
        heads = [t(f"ask.col_{name}") for name in _COLUMNS]
        made = sorted(made, key=lambda f: -f["rain_probability"])
        st.html(table("", heads, [_cells(t, f) for f in made], numbers=(1,), minor=(3, 4, 5, 6)))
    refused = [o for o in found if not o.forecast]
    if refused:
        st.warning(
            t(
                "ask.without" if made else "ask.none_made",
                n=len(refused),
                names=", ".join(t.place(o.station) for o in refused[:SHOWN])
                + " …" * (len(refused) > SHOWN),
                why=refused[0].detail,
            )
        )


def _made(t: Words, made: Sequence[Mapping[str, Any]], whole: int) -> None:
    """Green only where a forecast rests on the day's readings."""
    wet = sum(f["rain_tomorrow"] for f in made)
    if any(basis.has_own_row(f["basis"]) for f in made):
        st.success(t("ask.done", made=len(made), whole=whole, wet=wet))
    else:
        st.warning(t("ask.done_old", made=len(made), whole=whole))


_COLUMNS = ("station", "chance", "said", "regime", "target", "basis", "id")


def _cells(t: Words, f: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        t.place(f["location"]),
        t.percent(f["rain_probability"], 1),
        t.said(bool(f["rain_tomorrow"])),
        t.regime(f["regime"]),
        t.iso(f["target_date"]),
        t(f"bases.{basis.name_of(f['basis'])}"),
        f["forecast_id"],
    )
