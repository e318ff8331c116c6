"""The verdicts so far, as spells in which nothing changed. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from raincast.loop.verdicts import KeptVerdict


class Spell(NamedTuple):
    """Verdicts that follow each other and say the same, for the same reason.

    Attributes:
        first, last: the slots of the oldest and the newest.
        n: how many there are.
        newest: the last of them.
        recalls: the lowest and the highest live recall; None where none is known.
    """

    first: datetime
    last: datetime
    n: int
    newest: KeptVerdict
    recalls: tuple[float, float] | None


def spells(kept: Sequence[KeptVerdict]) -> list[Spell]:
    """The spells of verdicts that come the newest first, in their order."""
    grouped = groupby(kept, lambda one: (one.decision, one.case, one.rule))
    return [_spell(list(same)) for _, same in grouped]


def _spell(same: Sequence[KeptVerdict]) -> Spell:
    known = [one.recall_live for one in same if one.recall_live is not None]
    recalls = (min(known), max(known)) if known else None
    return Spell(same[-1].slot, same[0].slot, len(same), same[0], recalls)
