"""Of the page on replays: how often the rules trigger for nothing,
and how soon they see a change.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from raincast.replay.page import plots
from raincast.replay.page.markdown import commands, picture, prose, table

Account = Mapping[str, Any]

RULES = ("specification", "interval")

_HEAD = (
    "climate",
    "rule",
    "replays",
    "triggers a year (± standard error)",
    "in the days after",
    "share of replays that trigger after",
    "median days to the first",
)


def climates(found: Account, folder: Path) -> str:
    plots.delays(found["worlds"], folder / "climates.png")
    parts = (
        "## False alarms, and the time until a change is seen\n",
        prose(
            f"""Simulated climates of {found["days"]} days, in which something changes after
        {found["change_after"]} days or nothing does. In the stationary one every trigger is a false
        alarm; "in the days after" and the delay count from the day of the change, there as in the
        others, so that the stationary climate says what a rule does by chance: a delay that is no
        shorter than there tells nothing. A trigger consumes its rows; nothing is retrained. The
        model is a small one, fitted to the same climate before. `ladder` triggers by the interval's
        rule; `every:N` and `never` do not look."""
        ),
        table(folder, "climates", _HEAD, _rows(found["worlds"])),
        picture(folder, "climates", "triggers a year by rule and climate"),
        commands(
            f"raincast replay-climates --recall-replays {_replays(found, max)} --recall-changed"
            f" {_replays(found, min)} \\",
            "  --replays 1 --changed 1 --out metrics/replay/climates.json",
        ),
    )
    return "\n".join(parts)


def _replays(found: Account, of: Callable[[Iterator[int]], int]) -> int:
    return of(rules[RULES[0]]["replays"] for rules in found["worlds"].values())


def rates(f: Account) -> str:
    """Triggers a year with their standard error."""
    return f"{f['triggers_per_year']:.1f} ± {f['triggers_per_year_error']:.1f}"


def delay(f: Account) -> str:
    """The median of the days to the first trigger; a dash where there was none."""
    return "-" if f["median_delay_days"] is None else f"{f['median_delay_days']:.0f}"


def _rows(worlds: Account) -> Iterator[tuple[object, ...]]:
    for world, rules in worlds.items():
        for rule in RULES:
            f = rules[rule]
            yield (
                world,
                rule,
                f["replays"],
                rates(f),
                f"{f['triggers_per_year_after']:.1f}",
                f"{f['seen_share']:.0%}",
                delay(f),
            )
