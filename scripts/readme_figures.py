"""Writes the tables of scores in README and docs from `metrics/`; run as a script."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(
    r"(<!-- (?P<kind>figures|headline|beside|amounts): (?P<file>\S+) -->\n).*?(<!-- end -->)",
    re.DOTALL,
)
PAGES = ("README.md", "docs/scores.md", "docs/readers/data-scientist.md")
_HEAD = (
    "| regime | forecast | n | ROC AUC (95 %) | Brier skill | Brier | recall | precision | recall"
    " at precision 0.72 |\n"
)


def _line(regime: str, who: str, f: dict[str, Any]) -> str:
    low, high = f["intervals"]["roc_auc"]
    area = f"{f['roc_auc']:.3f} ({low:.3f} to {high:.3f})"
    others = (
        f["brier_skill"],
        f["brier"],
        f["recall"],
        f["precision"],
        f["recall_at_precision_0.72"],
    )
    shown = " | ".join("-" if value is None else f"{value:.3f}" for value in others)
    return f"| {regime} | {who} | {f['n']} | {area} | {shown} |\n"


def table(found: dict[str, Any]) -> str:
    """A judgement as a Markdown table."""
    rows = [
        _line(regime, who, f)
        for regime, figures in found["regimes"].items()
        for who, f in {"**raincast**": figures, **figures["opponents"]}.items()
    ]
    return _HEAD + "|---|---|---|---|---|---|---|---|---|\n" + "".join(rows)


def headline(found: dict[str, Any]) -> str:
    """The model's scores by regime, and the logistic regression beside it."""
    lines = []
    for regime, f in found["regimes"].items():
        beside = f["opponents"]["logistic_regression"]["roc_auc"]
        shown = (f["roc_auc"], beside, f["brier_skill"], f["recall"], f["precision"])
        lines.append(f"| {regime} | " + " | ".join(f"{value:.3f}" for value in shown) + " |\n")
    head = "| regime | ROC AUC | logistic regression | Brier skill | recall | precision |\n"
    return head + "|---|---|---|---|---|---|\n" + "".join(lines)


def _with(value: float, interval: list[float] | None, digits: int) -> str:
    shown = [f"{round(v, digits) + 0.0:.{digits}f}" for v in (value, *(interval or ()))]
    return shown[0] if interval is None else f"{shown[0]} ({shown[1]} to {shown[2]})"


def _beside(regime: str, who: str, f: dict[str, Any]) -> str:
    gap = f["brier_difference_interval"]
    shown = (
        _with(f["roc_auc"], f["intervals"]["roc_auc"], 3),
        f"{f['brier']:.4f}",
        _with(f["brier_skill"], f["intervals"]["brier_skill"], 3),
        _with(1000 * f["brier_difference"], gap and [1000 * end for end in gap], 1),
    )
    return f"| {regime} | {who} | {f['n']} | " + " | ".join(shown) + " |\n"


def beside(found: dict[str, Any]) -> str:
    """Models side by side as a Markdown table."""
    rows = [
        _beside(regime, who, f) for regime, models in found["regimes"].items()
        for who, f in models.items()
    ]  # fmt: skip
    head = "| regime | forecast | n | ROC AUC (95 %) | Brier | Brier skill (95 %) |"
    return head + " more Brier × 1000 (95 %) |\n" + "|---" * 7 + "|\n" + "".join(rows)


def _scored(ours: float, theirs: float, skill: float, gap: list[float] | None, digits: int) -> str:
    less = "-" if gap is None else "{:.1f} to {:.1f}".format(*(1000 * end for end in gap))
    return f"{ours:.{digits}f} | {theirs:.{digits}f} | {skill:.3f} | {less}"


def _amounts(regime: str, found: dict[str, Any]) -> list[str]:
    lines = []
    for amount, f in found["amounts"].items():
        often = f"{f['positives']} | {f['mean_forecast']:.3f} | {f['observed']:.3f}"
        scores = (f["brier"], f["brier_climatology"], f["brier_skill"])
        shown = _scored(*scores, f["brier_difference_interval"], 4)
        lines.append(f"| {regime} | {amount} mm | {often} | {shown} |\n")
    scores = (found["crps"], found["crps_climatology"], found["crps_skill"])
    shown = _scored(*scores, found["crps_difference_interval"], 3)
    return [*lines, f"| {regime} | CRPS, mm | {found['n']} | | | {shown} |\n"]


def amounts(found: dict[str, Any]) -> str:
    """The chances of amounts beside the climatology's, and their CRPS in mm."""
    lines = [line for name, f in found["regimes"].items() for line in _amounts(name, f["amounts"])]
    head = "| regime | more than | days | mean forecast | observed | Brier | climatology | skill |"
    return head + " difference × 1000 (95 %) |\n" + "|---" * 9 + "|\n" + "".join(lines)


TABLES = {"figures": table, "headline": headline, "beside": beside, "amounts": amounts}


def filled(text: str, root: Path = ROOT) -> str:
    """The text with every marked table written from its file."""

    def written(match: re.Match[str]) -> str:
        found = json.loads((root / match["file"]).read_text("utf-8"))
        return match[1] + TABLES[match["kind"]](found) + match[4]

    return _BLOCK.sub(written, text)


if __name__ == "__main__":
    for page in PAGES:
        (ROOT / page).write_text(filled((ROOT / page).read_text("utf-8")), "utf-8")
