"""Markdown of the page on replays: prose, tables that are CSV too, pictures, and figures with their
intervals.
"""

import csv
import io
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from raincast.store import files

WIDTH = 120


def prose(text: str) -> str:
    """A paragraph, wrapped anew however it was written."""
    return (
        textwrap.fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)
        + "\n"
    )


def commands(*lines: str) -> str:
    """Commands, one for each line."""
    return "\n".join(["```bash", *lines, "```"]) + "\n"


def three(value: float | None) -> str:
    """Three decimals; a dash where there is no figure."""
    return "-" if value is None else f"{value:.3f}"


def with_interval(found: Mapping[str, Any], name: str) -> str:
    """A figure and its 95 % interval."""
    low, high = found["intervals"][name] or (None, None)
    return f"{three(found[name])} ({three(low)} to {three(high)})"


def table(folder: Path, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the same as CSV beside the page."""
    lines = [list(map(str, row)) for row in rows]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *lines])
    files.write_text(folder / f"{name}.csv", text.getvalue())
    shown = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in shown) + "\n"


def picture(folder: Path, name: str, words: str) -> str:
    return f"![{words}]({folder.name}/{name}.png)\n"
