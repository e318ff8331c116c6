"""The page on replays, with its plots and tables, from the committed accounts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raincast.replay.page import choice, climates, proof, remedies, watch
from raincast.replay.page import policies as page_policies
from raincast.replay.page.markdown import prose
from raincast.store import files

_INTRODUCTION = """
A replay walks a span of days issue time by issue time through the product's own code: files as they
stood, parser, archive, features, forecasts, journal, truth, decision, and, where a policy says so,
search, retraining, promotion. Only the clock and the source of the files are handed in. This page
is made by `raincast replay-page` from `metrics/replay/`; each part says how to make its figures
again. The observations are not part of this repository. Intervals (95 %) are clustered by day:
whole days are drawn, because the stations of one day share its weather.
"""

_PROOFS = {"offline": proof.offline, "real": proof.real}
_POLICIES = (page_policies.REAL, page_policies.PAST, page_policies.SEARCH, page_policies.WATCH)


def write(found: Mapping[str, Mapping[str, Any]], out: Path) -> None:
    """Writes the page, and its plots and tables into a folder of its name.

    Args:
        found: the accounts by name; a part whose account is not there is left out.
    """
    folder = out.with_suffix("")
    made = [part(found[name], folder) for name, part in _PROOFS.items() if name in found]
    policies = [asked for asked in _POLICIES if asked.name in found]
    made += [page_policies.question()] if policies else []
    made += [page_policies.part(asked, found[asked.name], folder) for asked in policies]
    if "climates" in found:
        made.append(climates.climates(found["climates"], folder))
    if "watch" in found:
        made.append(watch.part(found["watch"], folder))
    if "remedies" in found:
        made.append(remedies.part(found["remedies"], folder))
    if "climates" in found and policies:
        made.append(
            choice.recommendation(found["climates"], {a.title: found[a.name] for a in policies})
        )
    files.write_text(out, "\n".join(["# Replay\n", prose(_INTRODUCTION), *made]))
