"""Of the page on replays: which policies differ from never retraining by more than chance."""

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

from raincast.replay.page.markdown import three

Account = Mapping[str, Any]
Difference = Sequence[float | None]
"""A mean and its interval; the bounds are None where the days are too few."""

_FITS = 1.96
"""Standard deviations between seeds in a 95 % interval; never retraining has a single fit."""


def verdict(found: Account, name: str) -> str:
    """Whether a policy's Brier score differs by more than days and fits explain: better, worse,
    noise, the same, or too
    few days."""
    mean, low, high = found["against_first"][name]["brier"]
    if low is None or (mean == low == high == 0):
        return "the same" if mean == 0 else "too few days"
    spread = _FITS * found["luck"]["brier_sd"] if found["luck"] else 0.0
    low, high = mean - hypot(mean - low, spread), mean + hypot(high - mean, spread)
    return "better" if high < 0 else "worse" if low > 0 else "noise"


def cells(found: Account, name: str) -> tuple[str, str, str]:
    """Of a table: the Brier score's difference × 1000, the recall's, and the verdict."""
    against = found["against_first"][name]
    return (
        _difference(_thousand(against["brier"])),
        _difference(against["recall"]),
        verdict(found, name),
    )


def against_never(found: Account) -> str:
    """In words, which policies differ from never retraining, in Brier score and in recall."""
    words = {name: verdict(found, name) for name in found["against_first"]}
    sure = ", ".join(
        f"`{name}` is {word}" for name, word in words.items() if word in ("better", "worse")
    )
    parts = (
        (
            f"By Brier score, beyond chance in days and seeds: {sure} than never retraining."
            if sure
            else ""
        ),
        _said(words, "noise", "What {} changed in the Brier score is noise."),
        _said(words, "the same", "{} gave the same chances as never retraining."),
        _recalls(found["against_first"]),
    )
    return " ".join(part for part in parts if part)


def seed_variation(found: Account) -> str:
    """In words, how much the scores of one fit vary with its seed."""
    if not found["luck"]:
        return ""
    return f"""These intervals reflect the sampling of days only. {found["luck"]["fits"]} fits of
    the first model that differ in their seed alone have Brier scores × 1000 with a standard
    deviation of {1000 * found["luck"]["brier_sd"]:.3f}; the last column also allows for this
    seed-to-seed variation."""


def _said(words: Mapping[str, str], which: str, sentence: str) -> str:
    names = ", ".join(f"`{name}`" for name, word in words.items() if word == which)
    return sentence.format(names) if names else ""


def _recalls(others: Account) -> str:
    moved = ", ".join(
        f"`{name}` by {_difference(f['recall'])}"
        for name, f in others.items()
        if _is_sure(f["recall"])
    )
    return (
        f"The recall moved beyond its interval: {moved}."
        if moved
        else "No recall moved beyond its interval."
    )


def _thousand(found: Difference) -> Difference:
    return [None if value is None else 1000 * value for value in found]


def _difference(found: Difference) -> str:
    mean, low, high = (three(value) if value is None else f"{value:+.3f}" for value in found)
    return f"{mean} ({low} to {high})"


def _is_sure(found: Difference) -> bool:
    _, low, high = found
    return low is not None and high is not None and (low > 0 or high < 0)
