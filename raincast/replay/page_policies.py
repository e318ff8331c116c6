"""Of the page on replays: whether retraining pays, policy by policy, and which policy to take."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from raincast.replay.markdown import commands, picture, prose, table, three, with_interval
from raincast.replay.skill_plot import skill_over_time

Account = Mapping[str, Any]

POLICIES = ("never", "specification", "interval", "every:90", "ladder")
_ASKED = " ".join(f"--policy {name}" for name in POLICIES)
PARAMS = (
    '{"n_estimators": 30, "learning_rate": 0.3, "max_depth": 4, "colsample_bytree": 0.2, "perceptrons": 0, "n_jobs": 1}'
)
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
    words = f"""Over {_span(found)}, on the Bureau's own files. {_MODEL.format(since="2015-01-01", before="2017-06")}"""
    asked = ("2023-10-01", found["span"]["last"], "2015-01-01", "--data data/bom ")
    return "\n".join(
        ("## Does retraining pay?\n", prose(_QUESTION), "### 2023-24\n", *_part(found, folder, "real", words, asked))
    )


def past(found: Account, folder: Path) -> str:
    """The policies on the historical file."""
    words = f"""Over {_span(found)}, on the historical file. {_MODEL.format(since="2010-01-01", before="2012")}"""
    asked = ("2013-01-01", found["span"]["last"], "2010-01-01", "")
    return "\n".join(("### From 2013 on\n", *_part(found, folder, "past", words, asked)))


_QUESTION = """Five policies side by side, each from the same model and on the same forecasts. `never` leaves the model
alone; `specification` retrains where recall over the newest 200 rows is below 0.59 and 60 new rows have come;
`interval` only where the whole interval of the recall is below it; `every:90` every 90 days; `ladder` follows the
interval's rule but tries new thresholds, then a recalibration, before it retrains."""

_MODEL = """The model is a small one (trees only, fitted to the rows from {since} to {before}), so that every retraining can be
afforded: compare the policies with each other, not with the model above. No search precedes a retraining."""


def _span(found: Account) -> str:
    return f"{found['span']['first']} to {found['span']['last']}"


def _part(found: Account, folder: Path, which: str, words: str, asked: Sequence[str]) -> Iterator[str]:
    first, last, since, data = asked
    skill_over_time(found["policies"], folder / f"pays_{which}_skill.png")
    yield prose(words)
    yield table(folder, f"pays_{which}", _HEAD, _scores(found))
    yield prose(_noise(found))
    yield table(folder, f"pays_{which}_actions", _DONE, _actions(found))
    yield picture(folder, f"pays_{which}_skill", "Brier skill by month for each policy, and the moments of its actions")
    yield commands(
        f"raincast replay --start {first} --end {last} {data}--fit --since {since} \\",
        f"  {_ASKED} \\",
        f"  --params '{PARAMS}' \\",
        f"  --out build/pays_{which}",
        f"raincast replay-account build/pays_{which} {_ASKED} \\",
        f"  --out metrics/replay/pays_{which}.json",
    )


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


def _noise(found: Account) -> str:
    said = {name: _verdict(against) for name, against in found["against_first"].items()}
    sure = [f"`{name}` is {verdict}" for name, verdict in said.items() if verdict in ("better", "worse")]
    noise = [f"`{name}`" for name, verdict in said.items() if verdict == "noise"]
    same = [f"`{name}`" for name, verdict in said.items() if verdict == "the same"]
    parts = [f"By Brier score, beyond its interval, {' and '.join(sure)} than never retraining." if sure else ""]
    parts.append(f"What {', '.join(noise)} gained or lost is noise: the interval holds zero." if noise else "")
    parts.append(f"{', '.join(same)} did nothing here, and so forecast the same." if same else "")
    return " ".join(parts)


def _actions(found: Account) -> Iterator[tuple[object, ...]]:
    for name, f in found["policies"].items():
        done = (f["actions"].get(outcome, 0) for outcome in _OUTCOMES)
        yield name, f["triggers"], f["searches"], *done, f"{f['action_seconds']:.0f}"


def recommendation(climates: Account, found: Account) -> str:
    """What follows for the default: figures of the stationary climate, and of the policies on the real files."""
    spec, interval = (climates["worlds"]["stationary"][rule] for rule in ("specification", "interval"))
    seen = {rule: _seen(climates["worlds"], rule) for rule in ("specification", "interval")}
    parts = (
        "## Which policy\n",
        prose(f"""**Recommended: `DECISION_RULE=interval`.** Where nothing had changed, the specification's rule
        triggered {spec["triggers_per_year"]:.0f} times a year and the interval's {interval["triggers_per_year"]:.1f}
        times ({spec["replays"]} replays). A change moves the first rule's rate little: its triggers come within days,
        with or without a change, so a trigger says next to nothing about whether there was one. Of the changes that
        were simulated the interval's rule saw, within {climates["days"] - climates["change_after"]} days, {seen["interval"]}
        of the replays: it is quiet, and it is blind to what does not lower the recall to below 0.59. Watch the
        report's Brier skill and its inputs for those; neither rule does."""),
        prose(_on_files(found)),
        prose("""The specification's rule stays the documented default of the DAG: what it costs is time and not skill,
        for a challenger serves only if its Brier score is no worse. Both verdicts stand beside each other in every
        decision. See `docs/decisions/0005-decision-rule.md`."""),
    )
    return "\n".join(parts)


def _seen(worlds: Account, rule: str) -> str:
    shares = [rules[rule]["seen_share"] for name, rules in worlds.items() if name != "stationary"]
    return f"{min(shares):.0%} to {max(shares):.0%}"


def _on_files(found: Account) -> str:
    told = found["policies"]
    spent = {name: told[name]["action_seconds"] for name in ("specification", "interval", "ladder")}
    return f"""On the Bureau's files of {_span(found)} the specification's rule acted {told["specification"]["triggers"]}
    times ({spent["specification"]:.0f} s), the interval's {told["interval"]["triggers"]} times ({spent["interval"]:.0f} s)
    and the ladder {told["ladder"]["triggers"]} times ({spent["ladder"]:.0f} s). {_noise(found)}"""
