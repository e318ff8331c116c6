"""Asking the API: one observation by hand, or all stations at once."""

import streamlit as st

from raincast.app.here import Here, api, heading
from raincast.app.pages import everyone, trial


def show(here: Here) -> None:
    """Two ways to ask."""
    heading(here, "ask")
    api(here).health()
    names = [here.words("ask.one"), here.words("ask.all")]
    one, all_stations = st.tabs(names, on_change="rerun", key="ask_tab")
    with one:  # always: what was typed is lost with its fields
        trial.draw(here)
    if all_stations.open:
        with all_stations:
            everyone.draw(here)
