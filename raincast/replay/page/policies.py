"""Of the page on replays: whether retraining pays, policy by policy."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from raincast.replay.page import verdict as page_verdict
from raincast.replay.page.markdown import commands, picture, prose, table, three, with_interval
from raincast.replay.page.skill_plot import skill_over_time

Account = Mapping[str, Any]

_HEAD = (
    "policy",
    "n",
    "Brier skill (95 %)",
    "Brier score less that of never, × 1000 (95 %)",
    "recall",
    "recall less that of never (95 %)",
    "precision",
    "against never",
)
_DONE = (
    "policy",
    "triggers",
    "searches",
    "promoted",
    "refused",
    "thresholds",
    "recalibrated",
    "too few rows",
    "seconds",
)
_OUTCOMES = ("promote", "refuse", "threshold", "recalibration", "not enough data")

_QUESTION = """Policies side by side, each from the same model and on the same forecasts. `never`
leaves the model alone; `specification` retrains where the recall over the newest 200 rows is below
0.59 and 60 new rows have come; `interval` only where the whole interval of the recall is below it;
`every:N` every N days; `ladder` follows the interval's rule but tries new thresholds, then a
recalibration, before it retrains; `watch` retrains where the watch raises an alarm, and `remedy`
tries what its surest finding asks for, and waits where that is a repair of the data. With `+search`
a search for parameters goes before each retraining."""


class Asked(NamedTuple):
    """What one of the parts is about.

    Attributes:
        name: of its account and its folder.
        title: its heading.
        source: whose files.
        data: the option that names them.
        budget: what a search is given, as the environment has it.
    """

    name: str
    title: str
    source: str
    data: str
    budget: str


_BOM = ("on the Bureau's own files", "--data data/bom ")
REAL = Asked("pays_real", "2023-24", *_BOM, "")
PAST = Asked("pays_past", "2013 to 2017", "on the historical file", "", "")
SEARCH = Asked(
    "pays_search", "2023-24, with searches", *_BOM, "TUNE_TRIALS=10 TUNE_SECONDS=100000 "
)

WATCH = Asked("pays_watch", "2023-24, by the watch", *_BOM, "")


def question() -> str:
    """What all parts are about."""
    return "## Does retraining pay?\n\n" + prose(_QUESTION)


def part(asked: Asked, found: Account, folder: Path) -> str:
    """The policies over one span."""
    return "\n".join((f"### {asked.title}\n", *_part(asked, found, folder)))


def span_of(found: Account) -> str:
    """First and last day of a replay."""
    return f"{found['span']['first']} to {found['span']['last']}"


def _part(asked: Asked, found: Account, folder: Path) -> Iterator[str]:
    policies, picture_name = found["policies"], f"{asked.name}_skill"
    skill_over_time(policies, folder / f"{picture_name}.png")
    yield prose(
        f"Over {span_of(found)}, {asked.source}. {_model(found['model'])} {_searches(policies)}"
    )
    yield table(folder, asked.name, _HEAD, _scores(found))
    yield prose(f"{page_verdict.seed_variation(found)} {page_verdict.against_never(found)}")
    yield (
        "What each did, and the seconds that it took beside the forecasting, on one core of a"
        " machine with other work:\n"
    )
    yield table(folder, f"{asked.name}_actions", _DONE, _actions(found))
    yield picture(
        folder, picture_name, "Brier skill by month for each policy, and the moments of its actions"
    )
    yield commands(*_commands(asked, found))


def _model(model: Account) -> str:
    rows, params = model["rows"], model["params"]
    drawn = f", always to {params['fit_rows']:,} drawn rows" if "fit_rows" in params else ""
    return f"""The model begins with {params["n_estimators"]} trees and no perceptrons, fitted to
    {rows["first"]} to {rows["last"]}{drawn}: less than the model above, so that every retraining
    can be afforded. Compare the policies with each other."""


def _searches(policies: Account) -> str:
    trials = sum(f["trials"] for f in policies.values())
    searches = sum(f["searches"] for f in policies.values())
    return (
        f"The {searches} searches judged {trials} sets of parameters."
        if searches
        else "No search was made."
    )


def _commands(asked: Asked, found: Account) -> Iterator[str]:
    # Figures of before there were networks name none; today's defaults would add some.
    span, params = found["span"], json.dumps({"networks": 0} | found["model"]["params"])
    names = " ".join(f"--policy {name}" for name in found["policies"])
    since = found["model"]["rows"]["first"]
    yield (
        f"{asked.budget}raincast replay --start {span['first']} --end {span['last']}"
        f" {asked.data}--fit --since {since} \\"
    )
    yield f"  {names} \\"
    yield f"  --out build/{asked.name} --params '{params}'"
    yield f"raincast replay-summary build/{asked.name} {names} \\"
    fits = f"--fits {found['luck']['fits']} " if found["luck"] else ""
    yield f"  {fits}--out metrics/replay/{asked.name}.json"


def _scores(found: Account) -> Iterator[tuple[object, ...]]:
    for name, f in found["policies"].items():
        brier, recall, verdict = (
            page_verdict.cells(found, name) if name in found["against_first"] else ("-", "-", "-")
        )
        skill = with_interval(f, "brier_skill")
        yield name, f["n"], skill, brier, three(f["recall"]), recall, three(f["precision"]), verdict


def _actions(found: Account) -> Iterator[tuple[object, ...]]:
    for name, f in found["policies"].items():
        done = (f["actions"].get(outcome, 0) for outcome in _OUTCOMES)
        yield name, f["triggers"], f["searches"], *done, f"{f['action_seconds']:.0f}"
