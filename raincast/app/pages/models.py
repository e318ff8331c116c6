"""Which model serves, which served before, and the way back for whoever holds the token."""

import hmac
from collections.abc import Collection
from typing import Any

import streamlit as st

from raincast.app import form, loop_files, reading, sheet
from raincast.app.here import Here, facts, heading, nothing_yet, notice, section
from raincast.app.pages import beside, history
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.learning.metadata import FittedRows, KeptVersion
from raincast.settings import secret
from raincast.store import stores


def show(here: Here) -> None:
    """The active model, all versions, the history, and the two changes."""
    t, kept = here.words, loop_files.models(here.settings)
    decisions = loop_files.history(here.settings)
    refused = {e.version for e in decisions if e.action == "refuse"}
    with sheet.sheet("models"):
        heading(here, "models")
        if not kept:
            nothing_yet(here, "models.empty")
            return
        _active(here)
        section(t("models.versions"), t("models.versions_about"))
        sheet.write(_versions(t, kept, refused))
        beside.draw(here)
        section(t("models.history"), t("models.history_about"))
        sheet.write(history.listed(t, decisions))
        section(t("models.change"), t("models.change_about"))
    others = [v.version for v in kept[::-1] if not v.active]
    _change(here, sorted(others, key=refused.__contains__), refused)


def _active(here: Here) -> None:
    t, active = here.words, reading.active(here.settings)
    if active is None:
        notice(t("models.none_active"))
        return
    facts(
        (
            (
                t("models.active"),
                active.version,
                t("models.created", when=history.moment(t, active.created_at_utc)),
            ),
            (t("models.rows"), t.number(_count(active.rows)), _span(t, active.rows)),
            (t("models.threshold"), t.percent(active.threshold), t("models.threshold_note")),
            ("SHA-256", active.sha256[:12], t("models.sha_note")),
        )
    )


def _count(rows: FittedRows | None) -> int | None:
    return rows.count if rows else None


def _span(t: Words, rows: FittedRows | None) -> str:
    low, high = (rows.first, rows.last) if rows else (None, None)
    return t("shared.between", low=t.day(low), high=t.day(high))


def _versions(t: Words, kept: list[KeptVersion], refused: Collection[str]) -> str:
    heads = [
        t(f"models.col_{name}") for name in ("version", "rows", "last", "auc", "recall", "state")
    ]
    newest = kept[::-1]
    active = [i for i, v in enumerate(newest) if v.active]
    rows = [_version(t, v, v.version in refused) for v in newest]
    return table("cards", heads, rows, numbers=(1, 3, 4), chosen=active)


def _version(t: Words, v: KeptVersion, was_refused: bool) -> tuple[str, ...]:
    afternoon: Any = (v.figures or {}).get("3pm") or {}
    last = t.day(v.rows.last if v.rows else None)
    figures = (t.number(afternoon.get("roc_auc"), 3), t.number(afternoon.get("recall"), 3))
    state = t("models.serves") if v.active else t("models.did_refuse") if was_refused else "–"
    return v.version, t.number(_count(v.rows)), last, *figures, state


def _change(here: Here, others: list[str], refused: Collection[str]) -> None:
    """The form; the versions that were refused come last, and are marked."""
    t = here.words
    if said := st.session_state.pop("models changed", None):
        st.success(t("models.changed", version=said))
    values = {
        "token": "",
        "version": others[0] if others else "",
        "reason": t("models.why_default"),
    }
    pressed = form.show("change", _form(t, others, refused), values)
    if not pressed:
        return
    if not allowed(pressed.values["token"]):
        st.warning(t("models.not_allowed"))
        return
    chosen = pressed.values["version"] if pressed.button == "promote" else None
    _apply(here, chosen, pressed.values["reason"])


def _form(t: Words, others: list[str], refused: Collection[str]) -> str:
    offered = ((v, t("models.refused", version=v) if v in refused else v) for v in others)
    fields = (
        form.text("token", t("models.token"), type="password"),
        form.choice("version", t("models.which"), offered),
        form.text("reason", t("models.why")),
    )
    promote = form.button("promote", t("models.promote"), disabled=not others)
    back = form.button("rollback", t("models.rollback"))
    return form.form((*fields, form.row((promote, back))), name="framed")


def _apply(here: Here, chosen: str | None, reason: str) -> None:
    """Promotes the version, or brings back the one before if none is given; the page is drawn
    again, so that all of it says what serves now.
    """
    registry = stores.of(here.settings).registry()
    if chosen is not None:
        registry.promote(chosen, here.now, reason)
    elif registry.before() is None:
        st.warning(here.words("models.no_way_back"))
        return
    else:
        chosen = registry.rollback(here.now, reason)
    st.session_state["models changed"] = chosen
    st.rerun()


def allowed(token: str) -> bool:
    """Whether this is the API's token.

    Raises:
        MissingSetting: there is none to compare with.
    """
    return hmac.compare_digest(token.encode(), secret("API_KEY").encode())
