"""A month lived again: starts the replay as a process of its own and shows each step as it is written."""

from datetime import date, timedelta

import streamlit as st

from raincast.app import charts, loop_files, replaying
from raincast.app.here import Here, facts, heading, section
from raincast.app.replaying import Replay

POLICIES = ("never", "specification", "interval", "every:30", "ladder")
REFRESH_SECONDS = 1.0


def show(here: Here) -> None:
    """What to replay, then how it goes."""
    t = here.words
    heading(here, "replay")
    with st.spinner(t("replay.looking")):
        there = replaying.is_there()
    if not there:
        st.info(t("replay.not_there"))
        return
    _controls(here)
    if "replay" in st.session_state:
        st.fragment(_progress, run_every=REFRESH_SECONDS)(here)


def _controls(here: Here) -> None:
    t = here.words
    last = loop_files.marks(here.settings)["history_end"] or here.now.date()
    with st.form("replay", border=True):
        left, middle, right = st.columns(3)
        start = left.date_input(
            t("replay.start"), last - timedelta(days=30), min_value=date(2008, 1, 1), max_value=last
        )
        end = middle.date_input(t("replay.end"), last, min_value=date(2008, 1, 1), max_value=here.now.date())
        policy = right.selectbox(t("replay.policy"), POLICIES, 1)
        go = st.form_submit_button(t("replay.go"), type="primary")
    if go and start > end:
        st.warning(t("replay.turned_round"))
    elif go:
        if "replay" in st.session_state:
            st.session_state["replay"].stop()
        st.session_state["replay"] = Replay(here.settings, start, end, policy)


def _progress(here: Here) -> None:
    t, replay = here.words, st.session_state["replay"]
    steps = replay.steps()
    section(t("replay.running" if replay.is_running() else "replay.over"))
    if replay.has_failed():
        st.warning(t("replay.failed", said=replay.said()))
    if steps.empty:
        st.caption(t("replay.waiting"))
        return
    now = steps.iloc[-1]
    facts((
        (t("replay.at"), t.moment(now["issued_at"]), str(now["policy"])),
        (t("replay.forecasts"), t.number(steps["forecasts"].sum()), t("replay.scored", n=t.number(now["scored_rows"]))),
        (t("figures.recall"), t.number(now["recall_live"], 3), t("figures.recall_note")),
        (t("figures.precision"), t.number(now["precision_live"], 3), t("figures.precision_note")),
        (t("decision.new_rows"), t.number(now["new_rows_for_retrain"]), str(now["model_version"])),
    ))  # fmt: skip
    figure = charts.replay(steps, here.settings.recall_threshold, t)
    st.plotly_chart(figure, theme=None, config=charts.QUIET, width="stretch", key="replay_chart")
