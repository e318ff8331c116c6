"""What a visitor has chosen on the map: kept in the address, and moved on while the map plays."""

from collections.abc import Sequence

import streamlit as st

MOST = 400
"""Issue times on the slider: half a year of two a day and some more."""


def kept(name: str, choices: Sequence[str], default: str | None) -> str:
    """Makes sure that a widget's key holds one of its choices: what was chosen, or else what the
    address asks for, or else the default. Returns the key.
    """
    asked = st.session_state.get(name) or st.query_params.get(name)
    st.session_state[name] = asked if asked in choices else default
    return name


def address(**chosen: str | None) -> None:
    """Writes choices into the address; None takes one away."""
    for name, value in chosen.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value


def toggle(names: Sequence[str]) -> None:
    """Starts or stops; at the end it starts from the beginning."""
    moving = not st.session_state.get("playing")
    if moving and st.session_state.get("at") == names[-1]:
        st.session_state["at"] = names[0]
    st.session_state["playing"] = moving
    st.session_state["first frame"] = moving


def after(now: str | None, names: Sequence[str]) -> str | None:
    """The issue time that follows; None at the end."""
    at = list(names).index(now) if now and now in names else -1
    return names[at + 1] if at + 1 < len(names) else None


def step(names: Sequence[str]) -> None:
    """Moves on by one issue time; stops at the end."""
    if st.session_state.pop("first frame", False):
        return
    following = after(st.session_state.get("at"), names)
    if following:
        st.session_state["at"] = following
    else:
        st.session_state["playing"] = False
