"""Replay a span: starts the replay as a process of its own and shows each step as it is
written.
"""

from datetime import date, timedelta

import streamlit as st

from raincast.app import form, loop_files, paying, replaying, sheet
from raincast.app.charts import loop
from raincast.app.here import Here, facts, heading, note, section, told
from raincast.app.replaying import POLICIES, Replay

REFRESH_SECONDS = 1.0
_FIRST_DAY, _USUAL = date(2008, 1, 1), "specification"


def show(here: Here) -> None:
    """What to replay, then how it goes."""
    with sheet.sheet("known"):
        heading(here, "replay")
        _pays(here)
        section(here.words("replay.own"))
    _controls(here)
    if "replaying" in st.session_state:
        live = st.session_state["replaying"].is_running()
        st.fragment(_progress, run_every=REFRESH_SECONDS if live else None)(here, live)


def _pays(here: Here) -> None:
    """What is known already: policies side by side over real weather, and what follows."""
    t, found = here.words, paying.summary(here.settings)
    if found is None or not found.against_first:
        return
    first, last = (date.fromisoformat(day) for day in (found.span.first, found.span.last))
    about = t("replay.pays_about", first=t.day(first), last=t.day(last))
    section(t("replay.pays"), about)
    told(paying.conclusion(found, t))
    sheet.chart(loop.paying(found, t), "pays")


def _controls(here: Here) -> None:
    t, today = here.words, here.now.date()
    last = loop_files.marks(here.settings).history_end or today
    values = {"start": str(last - timedelta(days=30)), "end": str(last), "policy": _USUAL}
    pressed = form.show("what_to_replay", _form(here, last), values)
    if not pressed:
        return
    given = pressed.values
    start = form.as_day(given["start"], (_FIRST_DAY, last))
    end = form.as_day(given["end"], (_FIRST_DAY, today))
    if start is None or end is None:
        ends = t("shared.between", low=t.day(_FIRST_DAY), high=t.day(last))
        st.warning(t("replay.no_days", expected=ends))
    elif start > end:
        st.warning(t("replay.turned_round"))
    else:
        _begin(here, start, end, given["policy"])


def _form(here: Here, last: date) -> str:
    t = here.words
    fields = (
        form.day("start", t("replay.start"), (_FIRST_DAY, last), t.language),
        form.day("end", t("replay.end"), (_FIRST_DAY, here.now.date()), t.language),
        form.choice("policy", t("replay.policy"), ((n, t(key)) for n, key in POLICIES.items())),
    )
    with sheet.collected() as about:
        note(t("replay.policies_about"))
    go = form.button("go", t("replay.go"), kind="first")
    return form.form((form.row(fields), *about, go), name="framed")


def _begin(here: Here, start: date, end: date, policy: str) -> None:
    """Begins a replay; the visitor's earlier one is cleared away."""
    if "replaying" in st.session_state:
        st.session_state["replaying"].clear()
    model = replaying.model_before(loop_files.models(here.settings), start)
    st.session_state["replaying"] = Replay(here.settings, start, end, policy, model)


def _progress(here: Here, live: bool) -> None:
    t, replay = here.words, st.session_state["replaying"]
    if live and not replay.is_running():
        st.rerun()  # the last picture needs no timer
    steps = replay.steps()
    begins = t("replay.model", model=replay.model) if replay.model else t("replay.fitted")
    section(t(_state(replay, live)), begins)
    if live:
        if st.button(t("replay.cancel")):
            replay.cancel()
            st.rerun()
        step = t("replay.step", done=len(steps), whole=replay.whole)
        st.progress(min(1.0, len(steps) / replay.whole), step)
    if replay.has_failed():
        st.warning(t("replay.failed", said=replay.said()))
    if steps.empty:
        note(t("replay.waiting"))
        return
    now = steps.iloc[-1]
    facts(
        (
            (t("replay.at"), t.moment(now["issued_at"]), t(POLICIES[str(now["policy"])])),
            (
                t("replay.forecasts"),
                t.number(steps["forecasts"].sum()),
                t("replay.scored", n=t.number(now["scored_rows"])),
            ),
            (t("figures.recall"), t.number(now["recall_live"], 3), t("figures.recall_note")),
            (
                t("figures.precision"),
                t.number(now["precision_live"], 3),
                t("figures.precision_note"),
            ),
            (
                t("decision.new_rows"),
                t.number(now["new_rows_for_retrain"]),
                str(now["model_version"]),
            ),
        )
    )
    sheet.chart(loop.replay(steps, here.settings.recall_threshold, t), "replay_chart")


def _state(replay: Replay, live: bool) -> str:
    """The key of the words for how far it is."""
    if live:
        return "replay.running"
    if replay.cancelled:
        return "replay.cancelled"
    return "replay.stopped" if replay.has_failed() else "replay.over"
