"""Writes the README's tables of figures from `metrics/`: `python scripts/readme_figures.py`."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"(<!-- figures: (?P<file>\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
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


def filled(text: str, root: Path = ROOT) -> str:
    """The text with every marked table written from its file."""

    def block(match: re.Match[str]) -> str:
        return match[1] + table(json.loads((root / match["file"]).read_text("utf-8"))) + match[3]

    return _BLOCK.sub(block, text)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(filled(readme.read_text("utf-8")), "utf-8")
