"""What was decided so far, and why no search came of it."""

from datetime import UTC

from raincast.app import loop_files, sheet
from raincast.app.here import Here, nothing_yet, section
from raincast.app.spells import Spell, spells
from raincast.app.tables import table
from raincast.app.words import Words
from raincast.decisions.decided import TRIGGER

MOST = 20
"""Rows that are shown."""
_HEADS = ("when", "verdict", "why", "recall", "new_rows")


def draw(here: Here) -> None:
    """One row for each spell in which the verdict stayed the same, the newest first."""
    t, kept = here.words, loop_files.verdicts_so_far(here.settings)
    section(t("verdicts.title"), t("verdicts.about", most=MOST))
    if not kept:
        nothing_yet(here, "verdicts.empty")
        return
    found = spells(kept)[:MOST]
    searches = [i for i, one in enumerate(found) if one.newest.decision == TRIGGER]
    heads = [t(f"verdicts.col_{name}") for name in _HEADS]
    sheet.write(table("cards", heads, [_row(t, s) for s in found], numbers=(3, 4), chosen=searches))


def _row(t: Words, spell: Spell) -> tuple[str, ...]:
    newest = spell.newest
    why = "why_watch" if newest.rule == "watch" else "why"
    return (
        _when(t, spell),
        t("decision.go" if newest.decision == TRIGGER else "decision.skip"),
        t(f"decision.{why}_{newest.case}"),
        _recall(t, spell),
        t.number(newest.new_rows),
    )


def _when(t: Words, spell: Spell) -> str:
    first, last = (t.moment(at.astimezone(UTC)) for at in (spell.first, spell.last))
    if spell.n == 1:
        return last
    return t("verdicts.span", first=first, last=last, n=t.number(spell.n))


def _recall(t: Words, spell: Spell) -> str:
    if spell.recalls is None or spell.recalls[0] < spell.recalls[1]:
        return t.between(spell.recalls, 3)
    return t.number(spell.recalls[0], 3)
