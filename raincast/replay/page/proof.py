"""Of the page on replays: that live equals offline, and how good the forecasts of the real world
were.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from raincast.replay.page import plots
from raincast.replay.page.markdown import commands, picture, prose, table, three, with_interval
from raincast.replay.page.skill_plot import skill_over_time

Account = Mapping[str, Any]

_FEWEST = 100
"""Forecasts below which a pair of issue time and regime is left out of the table of what was
absent.
"""


def offline(found: Account, folder: Path) -> str:
    match = found["match"]
    head = (
        "regime",
        "direct n",
        "replayed n",
        "direct ROC AUC",
        "replayed ROC AUC",
        "difference",
        "only in the direct test set",
    )
    parts = (
        "## Live equals offline\n",
        prose(
            f"""The judged model (fitted before 2015) on {found["span"]["first"]} to
        {found["span"]["last"]}, issued at {" and ".join(found["issue_times_utc"])} UTC, with
        yesterday's completed row too. **{match["equal"]:,} of {match["rows"]:,} forecasts have the
        same probability, to the last bit, as the same rows computed at once from the completed
        file.**"""
        ),
        table(folder, "offline", head, _both(found["test_set"])),
        prose(
            """A station-day that is only in the direct test set has its truth from the file's own
        label; the reading itself is not in the file, so a live system would never have had it."""
        ),
        commands(
            "raincast replay --start 2016-01-01 --end 2017-06-26 --every 01:00,07:00 --yesterday"
            " --model JUDGED \\",
            "  --out build/offline",
            "raincast replay-summary build/offline --out metrics/replay/offline.json --test-set",
        ),
        "`JUDGED` is the id of the judged model (`raincast models list`).\n",
    )
    return "\n".join(parts)


def _both(test_set: Account) -> Iterator[tuple[object, ...]]:
    for regime, both in test_set.items():
        straight, replayed = both["direct"], both["replayed"]
        gap = abs(straight["roc_auc"] - replayed["roc_auc"])
        figures = (f"{straight['roc_auc']:.6f}", f"{replayed['roc_auc']:.6f}", f"{gap:.6f}")
        yield (
            regime,
            straight["n"],
            replayed["n"],
            *figures,
            "; ".join(both["only_direct"]) or "none",
        )


def real(found: Account, folder: Path) -> str:
    match, regimes = found["match"], found["by_regime"]
    skill_over_time(found["policies"], folder / "real_skill.png")
    plots.reliability(regimes, folder / "real_reliability.png")
    plots.station_map(found["by_station"], folder / "real_stations.png")
    plots.value(regimes, folder / "real_value.png")
    head = (
        "regime",
        "forecast",
        "n",
        "ROC AUC (95 %)",
        "Brier skill (95 %)",
        "recall",
        "precision",
    )
    parts = (
        "## The real world\n",
        prose(
            f"""Trained to 2017-06, replayed over {found["span"]["first"]} to
        {found["span"]["last"]} from the Bureau's own files, issued at
        {" and ".join(found["issue_times_utc"])} UTC. {match["equal"]:,} of {match["rows"]:,}
        forecasts equal those from today's archive to the last bit. The others saw a value that has
        been corrected since: {match["rebuilt"]:,} of {match["rows"] - match["equal"]:,} come out
        the same, to the last bit, from the archive as it was known at their issue time."""
        ),
        table(folder, "real", head, _beside(found)),
        picture(folder, "real_skill", "Brier skill by month with its interval"),
        picture(folder, "real_reliability", "reliability by regime"),
        picture(folder, "real_stations", "Brier skill by station on a map"),
        picture(folder, "real_value", "relative economic value by cost-loss ratio"),
        (
            "What each issue time had, as the share of its forecasts in which an observation was"
            " absent:\n"
        ),
        table(
            folder, "real_missing", ("issued, UTC", "regime", "n", "absent"), _had(found["missing"])
        ),
        commands(
            "raincast replay --start 2023-10-01 --end 2024-12-31 --data data/bom --out build/real",
            "raincast replay-summary build/real --out metrics/replay/real.json --baselines",
        ),
    )
    return "\n".join(parts)


def _beside(found: Account) -> Iterator[tuple[object, ...]]:
    for regime, f in found["by_regime"].items():
        shown = (with_interval(f, "roc_auc"), with_interval(f, "brier_skill"), three(f["recall"]))
        yield regime, "**raincast**", f["n"], *shown, three(f["precision"])
        for name, other in found["opponents"].get(regime, {}).items():
            figures = (
                three(other[key]) for key in ("roc_auc", "brier_skill", "recall", "precision")
            )
            yield regime, name, other["n"], *figures


def _had(missing: list[Account]) -> Iterator[tuple[object, ...]]:
    for row in missing:
        if row["n"] >= _FEWEST:
            absent = ", ".join(
                f"{name} {share:.0%}" for name, share in list(row["absent"].items())[:12]
            )
            yield row["issue_hour_utc"], row["regime"], row["n"], absent
