"""The page on replays, with its plots and tables, from the committed accounts."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from raincast.replay import plots
from raincast.store import files

Account = Mapping[str, Any]

_HEAD = """# Replay

A replay walks a span of days issue time by issue time through the product's own code: files as they stood, parser,
archive,
features, forecasts, journal, truth, decision, and, where a policy says so, search, retraining, promotion. Only the
clock and the
source of the files are handed in. This page is made by `raincast replay-page` from `metrics/replay/`; each part
says how to make
its figures again. The observations are not part of this repository.
"""


def write(found: Mapping[str, Account], out: Path) -> None:
    """Writes the page, and its plots and tables into a folder of its name.

        Args:
            found: the accounts by name: `offline`, `real`, `pays`, `climates`; a part whose account is not there is
    left out.
    """
    folder = out.with_suffix("")
    parts = {"offline": _offline, "real": _real, "pays": _pays, "climates": _climates}
    made = [part(found[name], folder) for name, part in parts.items() if name in found]
    files.write_text(out, "\n".join([_HEAD, *made]))


def _three(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(folder: Path, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the same as CSV beside the page."""
    lines = [list(map(str, row)) for row in rows]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *lines])
    files.write_text(folder / f"{name}.csv", text.getvalue())
    shown = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in shown) + "\n"


def _picture(folder: Path, name: str, words: str) -> str:
    return f"![{words}]({folder.name}/{name}.png)\n"


def _interval(found: Account, name: str) -> str:
    low, high = found["intervals"][name] or (None, None)
    return f"{_three(found[name])} ({_three(low)} to {_three(high)})"


def _offline(found: Account, folder: Path) -> str:
    match, rows = found["match"], []
    for regime, both in found["test_set"].items():
        straight, replayed = both["direct"], both["replayed"]
        gap = abs(straight["roc_auc"] - replayed["roc_auc"])
        figures = (f"{straight['roc_auc']:.6f}", f"{replayed['roc_auc']:.6f}", f"{gap:.6f}")
        rows.append((regime, straight["n"], replayed["n"], *figures, "; ".join(both["only_direct"]) or "none"))
    head = (
        "regime",
        "direct n",
        "replayed n",
        "direct ROC AUC",
        "replayed ROC AUC",
        "difference",
        "only in the direct test set",
    )
    return f"""## Live equals offline

The judged model (fitted before 2015) on {found["span"]["first"]} to {found["span"]["last"]}, issued at \
{" and ".join(found["issue_times_utc"])} UTC, with yesterday's completed row too.
**{match["equal"]:,} of {match["rows"]:,} forecasts have the same probability, to the last bit, as the same rows
computed at once from the completed file.**

{_table(folder, "offline", head, rows)}
A station-day that is only in the direct test set has its truth from the file's own label; the reading itself is not
in the file, so a live system would never have had it.

```bash
raincast replay --start 2016-01-01 --end 2017-06-26 --every 01:00,07:00 --yesterday --model JUDGED --out build/offline
raincast replay-account build/offline --out metrics/replay/offline.json --test-set
```

`JUDGED` is the id of the judged model (`raincast models list`).
"""


def _real(found: Account, folder: Path) -> str:
    match, regimes = found["match"], found["by_regime"]
    plots.skill_over_time(found["policies"], folder / "real_skill.png")
    plots.reliability(regimes, folder / "real_reliability.png")
    plots.station_map(found["by_station"], folder / "real_stations.png")
    plots.value(regimes, folder / "real_value.png")
    rows = []
    for regime, f in regimes.items():
        shown = (_interval(f, "roc_auc"), _interval(f, "brier_skill"), _three(f["recall"]), _three(f["precision"]))
        rows.append((regime, "**raincast**", f["n"], *shown))
        for name, other in found["opponents"].get(regime, {}).items():
            figures = (_three(other[key]) for key in ("roc_auc", "brier_skill", "recall", "precision"))
            rows.append((regime, name, other["n"], *figures))
    head = ("regime", "forecast", "n", "ROC AUC (95 %)", "Brier skill (95 %)", "recall", "precision")
    had = [
        (row["issue_hour_utc"], row["regime"], row["n"], _absent(row["absent"]))
        for row in found["missing"]
        if row["n"] >= _FEWEST
    ]
    return f"""## The real world

Trained to 2017-06, replayed over {found["span"]["first"]} to {found["span"]["last"]} from the Bureau's own files,
issued at \
{" and ".join(found["issue_times_utc"])} UTC. {match["equal"]:,} of {
        match["rows"]:,} forecasts equal those from today's archive to the
last bit. The others saw a value that has been corrected since: {match["rebuilt"]:,} of {
        match["rows"] - match["equal"]:,} come out the
same, to the last bit, from the archive as it was known at their issue time.

{_table(folder, "real", head, rows)}
{_picture(folder, "real_skill", "Brier skill by month with its interval")}
{_picture(folder, "real_reliability", "reliability by regime")}
{_picture(folder, "real_stations", "Brier skill by station on a map")}
{_picture(folder, "real_value", "relative economic value by cost-loss ratio")}
What each issue time had, as the share of its forecasts in which an observation was absent:

{_table(folder, "real_missing", ("issued, UTC", "regime", "n", "absent"), had)}
```bash
raincast replay --start 2023-10-01 --end 2024-12-31 --data data/bom --out build/real
raincast replay-account build/real --out metrics/replay/real.json --opponents
```
"""


_FEWEST = 100
"""Forecasts below which a pair of issue time and regime is left out of the table of what was absent."""


def _absent(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in list(shares.items())[:12])


def _pays(found: Account, folder: Path) -> str:
    plots.skill_over_time(found["policies"], folder / "pays_skill.png")
    rows = []
    for name, f in found["policies"].items():
        did = ", ".join(f"{action} {n}" for action, n in f["actions"].items()) or "nothing"
        figures = (_interval(f, "brier_skill"), _three(f["recall"]), _three(f["precision"]))
        rows.append((name, f["n"], *figures, f["triggers"], did, f"{f['action_seconds']:.0f}"))
    head = ("policy", "n", "Brier skill (95 %)", "recall", "precision", "triggers", "what came of them", "seconds")
    return f"""## Does retraining pay?

A small model (trees only, so that every policy can be afforded) fitted to the history before
{found["span"]["first"]}, replayed to
{found["span"]["last"]} on the Bureau's own files; no search before a retraining. Compare the policies with each
other, not with the
model above.

{_table(folder, "pays", head, rows)}
{_picture(folder, "pays_skill", "Brier skill by month for each policy, with the moments of its actions")}
```bash
raincast replay --start 2023-10-01 --end 2024-12-31 --data data/bom --fit --policy never --policy interval --policy every:90 \\
  --policy ladder --params '{{"n_estimators": 100, "learning_rate": 0.15, "max_depth": 6, "perceptrons": 0}}' --out
build/pays
raincast replay-account build/pays --policy never --policy interval --policy every:90 --policy ladder \\
  --out metrics/replay/pays.json
```
"""


def _climates(found: Account, folder: Path) -> str:
    plots.delays(found["worlds"], folder / "climates.png")
    rows = []
    for world, rules in found["worlds"].items():
        for rule, f in rules.items():
            delay = "-" if f["median_delay_days"] is None else f"{f['median_delay_days']:.0f}"
            rates = (f"{f['triggers_per_year']:.1f}", f"{f['triggers_per_year_after']:.1f}")
            rows.append((world, rule, f["replays"], *rates, f"{f['seen_share']:.0%}", delay))
    head = (
        "climate",
        "rule",
        "replays",
        "triggers a year",
        "in the days after",
        "share that triggers",
        "median days to the first",
    )
    return f"""## False alarms, and the time until a change is seen

Simulated climates of {found["days"]} days, in which something changes after {found["change_after"]} days or nothing
does. In the stationary one
every trigger is a false alarm; "in the days after" and the delay count from the day of the change, there as in the
others, so that the
stationary climate says what a rule does by chance. A trigger consumes its rows; nothing is retrained.

{_table(folder, "climates", head, rows)}
{_picture(folder, "climates", "triggers a year by rule and climate")}
```bash
raincast replay-climates
```

## Which policy

The specification's rule looks at a few days' rows, whose recall moves more from week to week than any change moves
it. In a climate in which
nothing has changed it triggers about as often as in one that has, so a trigger says little. The interval rule is
silent unless the whole
interval lies below the threshold. **Recommended: `DECISION_RULE=interval`.** The specification's rule stays the
default, as documented,
and its verdict stands beside the other in every decision.
"""
