"""Of the page on replays: which policies differ from never retraining by more than chance."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from raincast.replay.markdown import three

Account = Mapping[str, Any]
Difference = Sequence[float | None]
"""A mean and its interval; the bounds are None where the days are too few."""


def verdict(against: Account) -> str:
    """Whether the Brier score differs beyond its interval: better, worse, noise, the same, or too few days."""
    mean, low, high = against["brier"]
    if low is None or (mean == low == high == 0):
        return "the same" if mean == 0 else "too few days"
    return "better" if high < 0 else "worse" if low > 0 else "noise"


def cells(against: Account) -> tuple[str, str, str]:
    """Of a table: the Brier score's difference × 1000, the recall's, and the verdict."""
    return _difference(_thousand(against["brier"])), _difference(against["recall"]), verdict(against)


def against_never(found: Account) -> str:
    """In words, which policies differ from never retraining, in Brier score and in recall."""
    others = found["against_first"]
    sure = _listed(others, lambda f: verdict(f) in ("better", "worse"), lambda f: f" is {verdict(f)}")
    parts = (
        f"By Brier score, beyond its interval: {sure} than never retraining." if sure else "",
        _said(others, "noise", "What {} changed in the Brier score is noise: its interval holds zero."),
        _said(others, "the same", "{} did nothing here, and so forecast the same."),
        _recalls(others),
    )
    return " ".join(parts)


def _said(others: Account, which: str, sentence: str) -> str:
    names = _listed(others, lambda f: verdict(f) == which, lambda _: "")
    return sentence.format(names) if names else ""


def _recalls(others: Account) -> str:
    moved = _listed(others, lambda f: _is_sure(f["recall"]), lambda f: f" by {_difference(f['recall'])}")
    return f"The recall moved beyond its interval: {moved}." if moved else "No recall moved beyond its interval."


def _listed(others: Account, chosen: Callable[[Account], bool], told: Callable[[Account], str]) -> str:
    return ", ".join(f"`{name}`{told(f)}" for name, f in others.items() if chosen(f))


def _thousand(found: Difference) -> Difference:
    return [None if value is None else 1000 * value for value in found]


def _difference(found: Difference) -> str:
    mean, low, high = (three(value) if value is None else f"{value:+.3f}" for value in found)
    return f"{mean} ({low} to {high})"


def _is_sure(found: Difference) -> bool:
    _, low, high = found
    return low is not None and high is not None and (low > 0 or high < 0)
