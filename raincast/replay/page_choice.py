"""Of the page on replays: which policy follows from what was seen."""

from collections.abc import Mapping
from typing import Any

from raincast.replay.markdown import prose
from raincast.replay.page_policies import noise, span_of

Account = Mapping[str, Any]


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
    told = (f"`{n}` acted {f['triggers']} times ({f['action_seconds']:.0f} s)" for n, f in found["policies"].items())
    return f"On the Bureau's files of {span_of(found)}: {'; '.join(told)}. {noise(found)}"
