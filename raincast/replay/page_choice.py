"""Of the page on replays: which policy follows from what was seen."""

from collections.abc import Mapping
from typing import Any

from raincast.replay.markdown import prose
from raincast.replay.page_policies import noise, span_of

Account = Mapping[str, Any]

_WANTED = 200
"""Replays of the stationary climate that `raincast replay-climates` makes unless told otherwise."""


def recommendation(climates: Account, found: Account) -> str:
    """What follows for the default: figures of the stationary climate, and of the policies on the real files."""
    worlds, days = climates["worlds"], climates["days"] - climates["change_after"]
    spec, interval = (worlds["stationary"][rule] for rule in ("specification", "interval"))
    parts = (
        "## Which policy\n",
        prose(f"""**Recommended: `DECISION_RULE=interval`.** Where nothing had changed, the specification's rule triggered
        {_rate(spec)} times a year and the interval's {_rate(interval)} times ({spec["replays"]} replays, ± standard
        error). The first rule triggers within days whether something has changed or not, if more often after some
        changes, so one trigger of it says little about a change. The interval's rule triggered within {days} days in
        {interval["seen_share"]:.0%} of the replays where
        nothing had changed, and after a change in {_seen(worlds)}: a share near
        that of the climate without a change is chance, and a change that leaves the recall above the limit does not concern
        the rule."""),
        prose(_on_files(found)),
        prose("""So no retraining has been shown to pay by Brier score; of two rules that watch the quality, the one
        that acts seldom costs less. The
        ladder's higher recall goes with a lower precision; it can be replayed, and is no rule of the DAG. The
        specification's rule stays the documented default of the DAG: its retrainings were not replayed on real files, so
        nothing here shows that they do harm, and a challenger serves only if its Brier score is no worse. Both verdicts
        stand beside each other in every decision. See `docs/decisions/0005-decision-rule.md`."""),
        _missing(found, spec["replays"]),
    )
    return "\n".join(parts)


def _missing(found: Account, stationary: int) -> str:
    fewer = f"{_WANTED - stationary} of the {_WANTED} stationary climates; " if stationary < _WANTED else ""
    if "specification" in found["policies"]:
        return prose(f"**Not yet replayed:** {fewer}a search before the retrainings.")
    return prose(f"""**Not yet replayed:** {fewer}the specification's rule with its retrainings; the years 2013 to 2017;
    any policy with a search before its retrainings.""")


def _rate(f: Account) -> str:
    return f"{f['triggers_per_year']:.1f} ± {f['triggers_per_year_error']:.1f}"


def _seen(worlds: Account) -> str:
    changed = {name: rules["interval"] for name, rules in worlds.items() if name != "stationary"}
    return "; ".join(f"{f['seen_share']:.0%} ({name})" for name, f in changed.items())


def _on_files(found: Account) -> str:
    told = (f"`{n}` acted {f['triggers']} times ({f['action_seconds']:.0f} s)" for n, f in found["policies"].items())
    return f"On the Bureau's files of {span_of(found)}: {'; '.join(told)}. {noise(found)}"
