"""Of the page on replays: which policy follows from what was seen."""

from collections.abc import Iterator, Mapping
from typing import Any

from raincast.replay.page.markdown import prose
from raincast.replay.page.policies import span_of
from raincast.replay.page.verdict import verdict

Account = Mapping[str, Any]


def recommendation(climates: Account, spans: Mapping[str, Account]) -> str:
    """What follows for the default: figures of the simulated climates, and of the policies on
    files.

    Args:
        spans: the accounts of policies, by the heading of their part.
    """
    told = [prose(_over(title, found)) for title, found in spans.items()]
    parts = (
        "## Which policy\n",
        prose(_rules(climates)),
        *told,
        prose(_follows(spans)),
        prose(_DEFAULT),
    )
    return "\n".join(parts)


_DEFAULT = """The specification's rule stays the documented default of the DAG, and
`DECISION_RULE=interval` chooses the other. Both verdicts stand beside each other in every decision,
and under either a challenger serves only if its Brier score is no worse.
`docs/decisions/0005-decision-rule.md` weighs it."""


def _rules(climates: Account) -> str:
    worlds, days = climates["worlds"], climates["days"] - climates["change_after"]
    spec, interval = (worlds["stationary"][rule] for rule in ("specification", "interval"))
    return f"""**Recommended: `DECISION_RULE=interval`.** Where nothing had changed, the
    specification's rule triggered {_rate(spec)} times a year and the interval's {_rate(interval)}
    times ({spec["replays"]} replays, ± standard error). The first rule triggers within days whether
    something has changed or not, if more often after some changes, so one trigger of it says little
    about a change. The interval's rule triggered within {days} days in {interval["seen_share"]:.0%}
    of the replays where nothing had changed, and after a change in {_seen(worlds)}: a share near
    that of the climate without a change is chance, and a change that leaves the recall above the
    limit does not concern the rule."""


def _rate(f: Account) -> str:
    return f"{f['triggers_per_year']:.1f} ± {f['triggers_per_year_error']:.1f}"


def _seen(worlds: Account) -> str:
    changed = {name: rules["interval"] for name, rules in worlds.items() if name != "stationary"}
    return "; ".join(f"{f['seen_share']:.0%} ({name})" for name, f in changed.items())


def _over(title: str, found: Account) -> str:
    told = (
        f"`{name}` {verdict(found, name)} ({_done(found['policies'][name])})"
        for name in found["against_first"]
    )
    return f"**{title}**, {span_of(found)}, by Brier score against `never`: {', '.join(told)}."


def _done(f: Account) -> str:
    return f"{f['triggers']} triggers, {f['action_seconds']:.0f} s"


def _follows(spans: Mapping[str, Account]) -> str:
    better, worse = (sorted(set(_where(spans, word))) for word in ("better", "worse"))
    gained = (
        f"Retraining paid by Brier score under {', '.join(better)}"
        if better
        else "No retraining has paid by Brier score"
    )
    lost = f"; it did harm under {', '.join(worse)}" if worse else ""
    return f"{gained}{lost}. {_costs(spans)}"


def _where(spans: Mapping[str, Account], word: str) -> Iterator[str]:
    for title, found in spans.items():
        yield from (
            f"`{name}` ({title})" for name in found["against_first"] if verdict(found, name) == word
        )


def _costs(spans: Mapping[str, Account]) -> str:
    both = [found["policies"] for found in spans.values() if "specification" in found["policies"]]
    often, seldom = (
        sum(f[rule]["triggers"] for f in both) for rule in ("specification", "interval")
    )
    return f"""Of the two rules that watch the quality, the specification's triggered {often} times
    on these files and the interval's {seldom} times."""
