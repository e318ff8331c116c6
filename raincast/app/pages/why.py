"""Why a forecast is what it is: the parts that it is made of."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from raincast.app import sentences, sheet
from raincast.app.charts import reasons
from raincast.app.client import Api, ApiAway, ApiRefused
from raincast.app.here import Here, api, note, section, told
from raincast.app.words import Words
from raincast.errors import MissingSetting, RaincastError

STRONGEST = 9
SAME_CHANCE = 0.005
"""An explanation that sums to another chance than this near is of another forecast."""


Explained = Mapping[str, Any] | str | RaincastError


def explained(here: Here, row: "pd.Series[Any]") -> Explained:
    """The parts of that forecast; or why there are none, in a sentence or as the API's error:
    nothing else is explained in its place.
    """
    t = here.words
    if not row["use_latest"]:
        return t("station.why_caller")
    try:
        found = _explained(api(here), row["location"], row["feature_date"].date(), row["issued"])
    except (ApiAway, ApiRefused, MissingSetting) as error:
        return error
    if found["model_version"] != row["model_version"]:
        return t("station.why_other_model", made=row["model_version"], now=found["model_version"])
    if abs(total(found) - row["rain_probability"]) > SAME_CHANCE:
        return t("station.why_other", total=t.percent(total(found)))
    return found


def why(here: Here, found: Explained) -> None:
    """What `explained` found; an error is the page's to tell."""
    section(here.words("station.why"))
    if isinstance(found, str):
        note(found)
    elif not isinstance(found, RaincastError):
        draw_reasons(here, found)


@st.cache_data(ttl=60, max_entries=256, show_spinner=False)
def _explained(_api: Api, location: str, day: date, issued: pd.Timestamp) -> dict[str, Any]:
    """Every visitor of a station asks for the same; the model that explains may change."""
    return _api.explain_archived(location, day, issued.to_pydatetime())


def total(found: Mapping[str, Any]) -> float:
    """The chance that all parts add up to."""
    whole = found["base"] + found["perceptrons"] + sum(p["log_odds"] for p in found["parts"])
    return float(1 / (1 + np.exp(-whole)))


def draw_reasons(here: Here, found: Mapping[str, Any]) -> None:
    """The strongest parts of a forecast, the others together, and what they add up to."""
    t, parts = here.words, found["parts"]
    told(sentences.reasons(parts, t))
    bars = [(_part(t, part), part["log_odds"]) for part in parts[:STRONGEST]]
    bars.append((t("station.why_others"), sum(p["log_odds"] for p in parts[STRONGEST:])))
    if found["perceptrons"]:
        bars.append((t("station.why_nets"), found["perceptrons"]))
    labels, values = zip(*bars, strict=True)
    sheet.chart(reasons.reasons(labels, values, t), "reasons")
    base = float(1 / (1 + np.exp(-found["base"])))
    note(t("station.why_sum", base=t.percent(base), total=t.percent(total(found), 1)))
    note(t("station.why_about"))


def _part(t: Words, part: Mapping[str, Any]) -> str:
    return f"{t('quantities.' + part['quantity'])}, {t('scopes.' + part['scope'])}"
