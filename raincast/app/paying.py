"""Does retraining pay? What the replays over real weather say, which come with the program."""

from collections.abc import Sequence
from pathlib import Path

from raincast.app.remembered import of_files
from raincast.app.replaying import POLICIES
from raincast.app.words import Words
from raincast.errors import BadFile
from raincast.replay.summary.records import AgainstFirst, ReplaySummary
from raincast.settings import REPOSITORY, Settings
from raincast.store import files

NAME = "replay/pays_real.json"


def _paths(settings: Settings) -> Sequence[Path]:
    return [settings.metrics / NAME, REPOSITORY / "metrics" / NAME]


@of_files(_paths)
def summary(settings: Settings) -> ReplaySummary | None:
    """This folder's own, else the one that comes with the program; None where there is neither."""
    for path in _paths(settings):
        try:
            return ReplaySummary.from_json(files.read_json(path), str(path))
        except BadFile:
            continue
    return None


def label(policy: str, t: Words) -> str:
    """A policy in words; one that the page does not offer keeps its name."""
    if policy in POLICIES:
        return t(POLICIES[policy])
    name, _, days = policy.partition(":")
    return t("replay.policy_days", days=days) if name == "every" and days else policy


def better(against: AgainstFirst) -> bool:
    """Whether the whole interval of the difference in Brier score lies below none."""
    high = against.brier[2]
    return high is not None and high < 0


def conclusion(found: ReplaySummary, t: Words) -> str:
    """Which policies did surely better than the first, in a sentence."""
    first = label(next(iter(found.policies)), t)
    sure = [label(name, t) for name, against in found.against_first.items() if better(against)]
    if not sure:
        return t("replay.pays_none", n=t.number(len(found.against_first)), first=first)
    return t("replay.pays_some", sure=", ".join(sure), first=first)
