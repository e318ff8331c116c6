"""Cost and loss by a slider: when to protect oneself, and what the forecasts have been worth."""

import streamlit as st

from raincast.app import loop_files, playing, sheet, worth
from raincast.app.here import Here, facts, note, section, told
from raincast.app.words import Words
from raincast.verification import trend
from raincast.verification.value import UserValue


def draw(here: Here, location: str | None = None, chance: float | None = None) -> None:
    """The slider, what follows from it for a forecast, and the value over the rows with truth.

    Args:
        location: of one station; of all without.
        chance: of the station's newest forecast.
    """
    t = here.words
    ratio = _ratio(t)
    with sheet.sheet("worth"):
        _follows(here, ratio, location, chance)


def title(t: Words) -> None:
    """What stands above the slider."""
    section(t("worth.title"), t("worth.about"))


def _follows(here: Here, ratio: str, location: str | None, chance: float | None) -> None:
    t = here.words
    if chance is not None:
        act = "protect" if chance >= float(ratio) else "leave"
        shown = {"chance": t.percent(chance), "threshold": t.percent(float(ratio))}
        told(t(f"worth.{act}", **shown))
    if trend.told(loop_files.told(here.settings)).empty:
        note(t("worth.empty"))
        return
    found = worth.of_user(here.settings, location, ratio)
    told(worth.conclusion(found, t))
    _facts(t, found)
    note(t("worth.scale"))


def _ratio(t: Words) -> str:
    """Cost over loss; the address keeps it."""
    asked = worth.ratio_of(st.query_params.get("cost_loss"))
    if "cost_loss" not in st.session_state:
        st.session_state["cost_loss"] = asked or st.session_state.get("ratio", worth.USUAL)
    chosen = st.select_slider(
        t("worth.ratio"), worth.RATIOS, key="cost_loss", format_func=lambda r: t.number(float(r), 2)
    )
    playing.address(cost_loss=chosen if chosen != worth.USUAL else None)
    st.session_state["ratio"] = chosen  # the slider's own is lost with its page
    return str(chosen)


def _facts(t: Words, found: UserValue) -> None:
    rows = t("worth.rows", days=t.number(found.days))
    facts(
        (
            (t("worth.threshold"), t.percent(found.threshold), t("worth.threshold_note")),
            (t("worth.own"), _share(t, found.value), _sure(t, found.interval)),
            (t("worth.served"), _share(t, found.as_served), _sure(t, found.as_served_interval)),
            (t("figures.n"), t.number(found.n), rows),
        )
    )


def _share(t: Words, share: float | None) -> str:
    return t.percent(share).replace("-", "−")


def _sure(t: Words, interval: tuple[float, float] | None) -> str:
    return t("worth.interval", ends=worth.ends(interval, t)) if interval else t("worth.no_interval")
