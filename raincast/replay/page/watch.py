"""Of the page on replays: the watch beside the two rules, and the curve of each."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from raincast.replay.page import plots
from raincast.replay.page.climates import delay, rates
from raincast.replay.page.markdown import commands, picture, prose, table
from raincast.replay.page.plots import Point

Account = Mapping[str, Any]

_HEAD = (
    "climate",
    "rule",
    "replays",
    "triggers a year (± standard error)",
    "in the days after",
    "share of replays that trigger after",
    "within 14 days",
    "median days to the first",
)
_CURVE = ("rule", "at", "replays", "false alarms a year", "changes noticed", "within 14 days")
RULES = ("specification", "interval", "watch")


def part(found: Account, folder: Path) -> str:
    worlds = found["worlds"]
    plots.alarms(_curves(worlds), folder / "alarms.png")
    parts = (
        "## The watch beside the two rules\n",
        prose(
            f"""The same climates of {found["days"]} days with a change after
        {found["change_after"]} or none, a sixth in which nothing but the thresholds changes, and a
        model of today's features, so these figures stand by themselves. `watch` triggers where
        `raincast watch` raises an alarm ([What has changed](watch.md)). The rules on recall take
        ten times as long and were replayed less often, too seldom to place their curves by more
        than a rough look; the figures above have more of them."""
        ),
        table(folder, "watch", _HEAD, _rows(worlds)),
        prose(
            """The curve: each rule at several limits. `specification` and `interval` move the
        recall below which they trigger, `watch` the days to a false alarm. Noticed is a change with
        a trigger in the 60 days after it, over the climates that change, each counting alike."""
        ),
        table(folder, "alarms", _CURVE, _points(worlds)),
        picture(folder, "alarms", "false alarms a year against the share of changes noticed"),
        prose(_bars(worlds) + _years(found)),
        commands(_command(found)),
    )
    return "\n".join(parts)


def _command(found: Account) -> str:
    worlds, years = found["worlds"], found.get("years", {}).get("replays", 0)
    counts = [
        [rules[rule]["replays"] for rules in worlds.values()] for rule in ("watch", "specification")
    ]
    (replays, *changed), (recall, *recall_changed) = counts
    return (
        f"raincast replay-climates --replays {replays} --changed {min(changed)}"
        f" --recall-replays {recall} --recall-changed {min(recall_changed)} --years {years}"
    )


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
                f"{f['seen_share_14']:.0%}",
                delay(f),
            )


def _noticed(moving: Sequence[Account], name: str) -> tuple[float, float]:
    """The share of changes that a rule noticed within 60 and within 14 days, each climate alike."""
    seen, soon = (
        sum(rules[name][key] for rules in moving) / len(moving)
        for key in ("seen_share", "seen_share_14")
    )
    return seen, soon


def _curves(worlds: Account) -> dict[str, list[Point]]:
    """By rule its points, from few false alarms to many."""
    still, *moving = worlds.values()
    found: dict[str, list[Point]] = {rule: [] for rule in RULES}
    for name, f in still.items():
        rule, _, at = name.partition("@")
        seen, soon = _noticed(moving, name)
        found[rule].append(Point(at, f["replays"], f["triggers_per_year"], seen, soon))
    return {rule: sorted(points, key=lambda p: p.false_alarms) for rule, points in found.items()}


def _points(worlds: Account) -> Iterator[tuple[object, ...]]:
    for rule, points in _curves(worlds).items():
        for p in points:
            yield (
                rule,
                p.at or "default",
                p.replays,
                f"{p.false_alarms:.2f}",
                f"{p.noticed:.0%}",
                f"{p.soon:.0%}",
            )


def _bars(worlds: Account) -> str:
    """What was asked of the watch, and what came of it."""
    still, *moving = worlds.values()
    rate = still["watch"]["triggers_per_year"]
    error = still["watch"]["triggers_per_year_error"]
    late = [
        f"{name} ({rules['watch']['median_delay_days']:.0f} days)"
        for name, rules in list(worlds.items())[1:]
        if rules["watch"]["seen_share_14"] < 1 / 2
    ]
    seen, soon = _noticed(moving, "watch")
    slower = f" Slower than that in the median: {', '.join(late)}." if late else ""
    return f"""Asked of `watch`: at most one false alarm a year, nine of ten changes noticed within
    60 days, half of them within 14. It came to {rate:.2f} ± {error:.2f} false alarms a year, and
    noticed {seen:.0%} within 60 days and {soon:.0%} within 14.{slower} The delays after a change
    include triggers by chance, at the rate of the stationary climate."""


def _years(found: Account) -> str:
    """How often it alarmed where all seasons went by and nothing changed."""
    if "years" not in found:
        return ""
    rate, error = (found["years"][f"triggers_per_year{end}"] for end in ("", "_error"))
    return f""" Over {found["years"]["replays"]} whole years of the stationary climate, so over all
    seasons, it came to {rate:.2f} ± {error:.2f} a year."""
