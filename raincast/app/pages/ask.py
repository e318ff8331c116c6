"""Asking the API: one observation by hand, or all stations at once."""

import streamlit as st

from raincast.app.here import Here, api, heading
from raincast.app.pages import everyone, trial


def show(here: Here) -> None:
    """Two ways to ask."""
    heading(here, "ask")
    api(here).health()
    one, all_stations = st.tabs([here.words("ask.one"), here.words("ask.all")])
    with one:
        trial.draw(here)
    with all_stations:
        everyone.draw(here)
