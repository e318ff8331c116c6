"""Of the page on replays: what the first alarm after a change asks for, beside what is right."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from raincast.replay.page.climates import delay, rates
from raincast.replay.page.markdown import commands, prose, table
from raincast.verification.watch.records import (
    NO_ACTION,
    RECALIBRATION,
    REPAIR,
    RETRAINING,
    THRESHOLD,
)

Account = Mapping[str, Any]

_WORDS = {
    NO_ACTION: "nothing",
    REPAIR: "repair data",
    THRESHOLD: "choose thresholds",
    RECALIBRATION: "recalibrate",
    RETRAINING: "retrain",
}
_HEAD = (
    "climate",
    "right",
    "replays",
    "with an alarm after",
    "median days to it",
    "the first alarm asked for",
    "`remedy` did",
    "asked for the right one",
    "did the right one",
)


def part(found: Account, folder: Path) -> str:
    """Of replays of the rule `watch`, more of them than beside the other rules."""
    worlds, told = found["worlds"], found["remedies"]
    return "\n".join(
        (
            "### The remedy that was asked for\n",
            prose(
                f"""What the first alarm after the change asks for, and what the policy `remedy`
            does then: it waits where data are to be repaired, else it tries the thresholds and the
            recalibration on the journal to that day and takes the first that helps; where none
            does, it would retrain. Right is what mends the change: repair where an instrument or a
            site has changed, other thresholds where only these are wrong, other chances where the
            climate is another. The shares are of all replays, also of those without an alarm.
            {_false_alarms(worlds)}"""
            ),
            table(folder, "remedies", _HEAD, _rows(told, worlds)),
            prose(_verdict(told)),
            commands(_command(worlds)),
        )
    )


def _false_alarms(worlds: Account) -> str:
    still = next(iter(worlds.values()))["watch"]
    return f"""In these {still["replays"]} replays of the stationary climate the watch triggered
    {rates(still)} times a year."""


def _command(worlds: Account) -> str:
    replays, *changed = (rules["watch"]["replays"] for rules in worlds.values())
    recall, *recall_changed = (rules["interval"]["replays"] for rules in worlds.values())
    return (
        f"raincast replay-climates --replays {replays} --changed {min(changed)}"
        f" --recall-replays {recall} --recall-changed {min(recall_changed)} \\\n"
        "  --out metrics/replay/remedies.json"
    )


def _rows(found: Account, worlds: Account) -> Iterator[tuple[object, ...]]:
    for world, f in found.items():
        yield (
            world,
            " or ".join(_WORDS[name] for name in f["right"]) or "-",
            f["replays"],
            f["alarmed"],
            delay(worlds[world]["watch"]),
            _counts(f["asked"]),
            _counts(f["applied"]),
            *(_share(f[name]) for name in ("right_asked", "right_applied")),
        )


def _counts(told: Mapping[str, int]) -> str:
    most = sorted(told.items(), key=lambda one: -one[1])
    return ", ".join(f"{_WORDS[name]} {n}" for name, n in most) or "-"


def _share(of: float | None) -> str:
    return "-" if of is None else f"{of:.0%}"


def _verdict(found: Account) -> str:
    """Whether the right remedy comes more often than not."""
    changed = {world: f for world, f in found.items() if f["right"]}
    mean = sum(f["right_applied"] for f in changed.values()) / len(changed)
    missed = [
        f"{world} ({_share(f['right_applied'])})"
        for world, f in changed.items()
        if f["right_applied"] <= 1 / 2
    ]
    but = f""" Not so: {", ".join(missed)}; see [what it cannot tell
    apart](watch.md#what-it-does-not-do)."""
    return f"""Asked was that the right remedy is applied more often than not. Over the climates
    that change, each counting alike, `remedy` did the right one in {mean:.0%} of the
    replays.{but if missed else ""}"""
