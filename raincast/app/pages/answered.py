"""What the API answered: to a trial, and to what was written into the journal."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from raincast.app import reading, sentences
from raincast.app.here import Here, facts, listing, note, nothing_yet, section
from raincast.app.pages.why import draw_reasons, total
from raincast.app.words import Words
from raincast.observations.network import in_force
from raincast.observations.schema import OBSERVATIONS


def trial(here: Here, body: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """The chance that the reasons add up to, and the reasons."""
    t, said = here.words, _said(here, found)
    section(t("ask.answer", station=t.place(said.location)), t("ask.trial_about"))
    missing = [name for name in OBSERVATIONS if name not in body]
    facts(
        (
            (
                t("station.chance", day=t.day(said.target_date)),
                t.percent(said.chance, 1),
                t("station.chance_note", threshold=t.percent(said.threshold)),
            ),
            (
                t("station.said"),
                t.said(said.rain),
                t("shared.event_short", amount=t.amount(in_force().event)),
            ),
            (t("stations.regime"), t.regime(found["regime"]), t(f"regimes.{found['regime']}")),
            (t("ask.missing"), str(len(missing)), _some(t, missing)),
        )
    )
    note(sentences.window(said, t))
    draw_reasons(here, found)


def _said(here: Here, found: Mapping[str, Any]) -> sentences.Said:
    chance, day = total(found), date.fromisoformat(found["feature_date"])
    model = reading.active(here.settings)
    of_regime = (model.thresholds or {}).get(found["regime"], model.threshold) if model else 1.0
    return sentences.Said(
        location=found["location"],
        feature_date=day,
        target_date=day + timedelta(days=1),
        issued=datetime.fromisoformat(found["issued_at_utc"]),
        chance=chance,
        rain=chance >= of_regime,
        threshold=of_regime,
        usual=float("nan"),
    )


def _some(t: Words, fields: list[str]) -> str:
    """The first few names; that there are more is seen."""
    named = (t(f"fields.{name}") for name in fields[:5])
    return t("sentence.between").join(named) + " …" * (len(fields) > 5)


def kept(here: Here, body: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """The forecast's row in the journal, and what went to and fro."""
    t, row = here.words, reading.row_of(here.settings, said["forecast_id"])
    if row.empty:
        nothing_yet(here, "ask.row_elsewhere")
    else:
        note(t("ask.row_about", id=said["forecast_id"]))
        listing(
            [
                (str(name), "" if value is None or value != value else str(value))
                for name, value in row.iloc[0].items()
            ]
        )
    with st.expander(t("ask.json")):
        st.json({"POST /predict": body, "200": said})
