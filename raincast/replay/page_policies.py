"""Of the page on replays: whether retraining pays, policy by policy."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from raincast.replay.markdown import commands, picture, prose, table, three, with_interval
from raincast.replay.skill_plot import skill_over_time

Account = Mapping[str, Any]

_HEAD = (
    "policy", "n", "Brier skill (95 %)", "Brier score less that of never, × 1000 (95 %)", "recall",
    "recall less that of never (95 %)", "precision", "against never",
)  # fmt: skip
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


def real(found: Account, folder: Path) -> str:
    """The policies on the Bureau's own files."""
    parts = _part(found, folder, "real", "on the Bureau's own files", "--data data/bom ")
    return "\n".join(("## Does retraining pay?\n", prose(_QUESTION), "### 2023-24\n", *parts))


def past(found: Account, folder: Path) -> str:
    """The policies on the historical file."""
    return "\n".join(("### From 2013 on\n", *_part(found, folder, "past", "on the historical file", "")))


_QUESTION = """Policies side by side, each from the same model and on the same forecasts. `never` leaves the model alone;
`specification` retrains where the recall over the newest 200 rows is below 0.59 and 60 new rows have come; `interval`
only where the whole interval of the recall is below it; `every:N` every N days; `ladder` follows the interval's rule but
tries new thresholds, then a recalibration, before it retrains."""


def span_of(found: Account) -> str:
    """First and last day of a replay."""
    return f"{found['span']['first']} to {found['span']['last']}"


def _part(found: Account, folder: Path, which: str, source: str, data: str) -> Iterator[str]:
    rows, span, names = found["model"]["rows"], found["span"], found["policies"]
    asked = " ".join(f"--policy {name}" for name in names)
    skill_over_time(found["policies"], folder / f"pays_{which}_skill.png")
    searched = sum(f["searches"] for f in names.values())
    yield prose(f"""Over {span_of(found)}, {source}. The model is a small one, of trees only, fitted to {rows["first"]} to
    {rows["last"]}, so that every retraining can be afforded: compare the policies with each other, not with the model
    above. {"Searches went before the retrainings." if searched else "No search went before a retraining."}
    {_absent(names)}""")
    yield table(folder, f"pays_{which}", _HEAD, _scores(found))
    yield prose(noise(found))
    yield "What each did, and the seconds that it took beside the forecasting (on a busy machine):\n"
    yield table(folder, f"pays_{which}_actions", _DONE, _actions(found))
    yield picture(folder, f"pays_{which}_skill", "Brier skill by month for each policy, and the moments of its actions")
    yield commands(
        f"raincast replay --start {span['first']} --end {span['last']} {data}--fit --since {rows['first']} \\",
        f"  {asked} --out build/pays_{which} \\",
        f"  --params '{json.dumps(found['model']['params'])}'",
        f"raincast replay-account build/pays_{which} {asked} \\",
        f"  --out metrics/replay/pays_{which}.json",
    )


def _absent(policies: Account) -> str:
    if "specification" in policies:
        return ""
    return f"""`specification` is not among them: what its retrainings do was not replayed on these files. Its condition, a
    poor recall and enough new rows, held at {policies["never"]["poor_share"]:.0%} of the issue times under `never`."""


def _scores(found: Account) -> Iterator[tuple[object, ...]]:
    for name, f in found["policies"].items():
        against = found["against_first"].get(name)
        brier = _difference([1000 * x if x is not None else None for x in against["brier"]]) if against else "-"
        recall = _difference(against["recall"]) if against else "-"
        verdict = _verdict(against) if against else "-"
        shown = (with_interval(f, "brier_skill"), brier, three(f["recall"]), recall, three(f["precision"]))
        yield name, f["n"], *shown, verdict


def _difference(found: Sequence[float | None]) -> str:
    mean, low, high = (three(value) if value is None else f"{value:+.3f}" for value in found)
    return f"{mean} ({low} to {high})"


def _verdict(against: Account) -> str:
    """Whether the Brier score differs beyond its interval."""
    mean, low, high = against["brier"]
    if low is None or (mean == low == high == 0):
        return "the same" if mean == 0 else "too few days"
    return "better" if high < 0 else "worse" if low > 0 else "noise"


def noise(found: Account) -> str:
    """In words, which policies differ from never retraining by more than chance."""
    said = {name: _verdict(against) for name, against in found["against_first"].items()}
    sure = [f"`{name}` is {verdict}" for name, verdict in said.items() if verdict in ("better", "worse")]
    chance = [f"`{name}`" for name, verdict in said.items() if verdict == "noise"]
    same = [f"`{name}`" for name, verdict in said.items() if verdict == "the same"]
    parts = [f"By Brier score, beyond its interval, {' and '.join(sure)} than never retraining." if sure else ""]
    parts.append(
        f"What {', '.join(chance)} changed in the Brier score is noise: its interval holds zero." if chance else ""
    )
    parts.append(f"{', '.join(same)} did nothing here, and so forecast the same." if same else "")
    return " ".join((*parts, _recalls(found["against_first"])))


def _recalls(against: Account) -> str:
    moved = [f"`{n}` by {_difference(a['recall'])}" for n, a in against.items() if _is_sure(a["recall"])]
    return (
        f"The recall moved beyond its interval under {', '.join(moved)}."
        if moved
        else "No recall moved beyond its interval."
    )


def _is_sure(found: Sequence[float | None]) -> bool:
    _, low, high = found
    return low is not None and high is not None and (low > 0 or high < 0)


def _actions(found: Account) -> Iterator[tuple[object, ...]]:
    for name, f in found["policies"].items():
        done = (f["actions"].get(outcome, 0) for outcome in _OUTCOMES)
        yield name, f["triggers"], f["searches"], *done, f"{f['action_seconds']:.0f}"
