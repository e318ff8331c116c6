"""Cost and loss by a slider: when to protect oneself, and what the forecasts have been worth."""

import streamlit as st

from raincast.app import form, loop_files, playing, sheet, worth
from raincast.app.here import Here, facts, note, section, told
from raincast.app.words import Words
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
    if loop_files.told(here.settings).empty:
        note(t("worth.empty"))
        return
    found = worth.of_user(here.settings, location, ratio)
    told(worth.conclusion(found, t))
    _facts(t, found)
    note(t("worth.scale"))


def _ratio(t: Words) -> str:
    """Cost over loss; the address keeps it, and so does the visit."""
    asked = worth.ratio_of(st.query_params.get("cost_loss"))
    before = asked or st.session_state.get("ratio", worth.USUAL)
    steps = [t.number(float(ratio), 2) for ratio in worth.RATIOS]
    drawn = form.form([form.slider("cost_loss", t("worth.ratio"), steps)], live=True)
    moved = form.show("cost_loss", drawn, {"cost_loss": str(worth.RATIOS.index(before))})
    chosen = worth.RATIOS[int(moved.values["cost_loss"])] if moved else before
    playing.address(cost_loss=chosen if chosen != worth.USUAL else None)
    st.session_state["ratio"] = chosen
    return chosen


def _facts(t: Words, found: UserValue) -> None:
    rows = t("worth.rows", days=t.number(found.days))
    facts(
        (
            (t("worth.threshold"), t.percent(found.threshold), t("worth.threshold_note")),
            (t("worth.own"), t.percent(found.value), _sure(t, found.interval)),
            (t("worth.served"), t.percent(found.as_served), _sure(t, found.as_served_interval)),
            (t("figures.n"), t.number(found.n), rows),
        )
    )


def _sure(t: Words, interval: tuple[float, float] | None) -> str:
    return t("worth.interval", ends=worth.ends(interval, t)) if interval else t("worth.no_interval")
