"""Verdicts that follow each other and say the same are one row."""

from datetime import UTC, datetime, timedelta

from raincast.app.spells import spells
from raincast.loop.verdicts import KeptVerdict

BEGIN = datetime(2017, 6, 1, 6, tzinfo=UTC)


def verdict(slot: int, case: str, recall: float | None = None) -> KeptVerdict:
    return KeptVerdict(
        slot=BEGIN + timedelta(hours=12 * slot),
        decision="trigger_optuna" if case == "C" else "skip_optuna",
        case=case,
        reason="why",
        rule="specification",
        recall_live=recall,
        new_rows=10 * slot,
    )


def test_a_spell_ends_where_the_case_changes_and_comes_back_as_another():
    kept = [verdict(n, case, 0.5 + n / 100) for n, case in enumerate("AACAA")]
    newest, search, oldest = spells(kept[::-1])
    assert [found.n for found in (newest, search, oldest)] == [2, 1, 2]
    assert (oldest.first, oldest.last) == (BEGIN, BEGIN + timedelta(hours=12))
    assert oldest.recalls == (0.5, 0.51)
    assert newest.newest.new_rows == 40


def test_an_unknown_recall_does_not_hide_the_known_ones():
    assert spells([verdict(1, "A"), verdict(0, "A", 0.4)])[0].recalls == (0.4, 0.4)
    assert spells([verdict(0, "unknown")])[0].recalls is None
    assert spells([]) == []
