"""The page on replays, with its plots and tables, from the committed accounts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raincast.replay import page_choice, page_climates, page_policies, page_proof
from raincast.replay.markdown import prose
from raincast.store import files

_INTRODUCTION = """
A replay walks a span of days issue time by issue time through the product's own code: files as they stood, parser,
archive, features, forecasts, journal, truth, decision, and, where a policy says so, search, retraining, promotion.
Only the clock and the source of the files are handed in. This page is made by `raincast replay-page` from
`metrics/replay/`; each part says how to make its figures again. The observations are not part of this repository.
Intervals (95 %) are clustered by day: whole days are drawn, because the stations of one day share its weather.
"""

_PARTS = {
    "offline": page_proof.offline,
    "real": page_proof.real,
    "pays_real": page_policies.real,
    "pays_past": page_policies.past,
    "climates": page_climates.climates,
}


def write(found: Mapping[str, Mapping[str, Any]], out: Path) -> None:
    """Writes the page, and its plots and tables into a folder of its name.

    Args:
        found: the accounts by name, those of `_PARTS`; a part whose account is not there is left out.
    """
    folder = out.with_suffix("")
    made = [part(found[name], folder) for name, part in _PARTS.items() if name in found]
    if "climates" in found and "pays_real" in found:
        made.append(page_choice.recommendation(found["climates"], found["pays_real"]))
    files.write_text(out, "\n".join(["# Replay\n", prose(_INTRODUCTION), *made]))
