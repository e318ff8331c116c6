"""Writes the tables of scores in README and docs from `metrics/`; run as a script."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"(<!-- figures: (?P<file>\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
_HEADLINE = re.compile(r"(<!-- headline: (?P<file>\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
_BESIDE = re.compile(r"(<!-- beside: (?P<file>\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
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


def filled(text: str, root: Path = ROOT) -> str:
    """The text with every marked table written from its file."""

    def read(match: re.Match[str]) -> Any:
        return json.loads((root / match["file"]).read_text("utf-8"))

    text = _BLOCK.sub(lambda match: match[1] + table(read(match)) + match[3], text)
    text = _BESIDE.sub(lambda match: match[1] + beside(read(match)) + match[3], text)
    return _HEADLINE.sub(lambda match: match[1] + headline(read(match)) + match[3], text)


if __name__ == "__main__":
    for page in PAGES:
        (ROOT / page).write_text(filled((ROOT / page).read_text("utf-8")), "utf-8")
