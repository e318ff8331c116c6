"""A report of the watch in lines. Pure."""

from collections.abc import Iterator, Sequence

from raincast.verification.watch.records import Finding, WatchReport

MOST_TOLD = 1e9
"""Beyond so many days a level says no more to anybody."""


MOST_NAMED = 8


def days(level: float) -> str:
    """A level in words: three digits of it, in thousands."""
    rounded = float(f"{min(level, MOST_TOLD):.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"


def lines(report: WatchReport) -> Iterator[str]:
    """The state, what is looked past and what is not watched, then each remedy once and beneath it
    the findings that ask for it.
    """
    state = "ALARM" if report.alarm else "no alarm"
    level = f"level {days(report.level_days)} days of {days(report.run_length_days)}"
    yield f"{state}: {level}, {report.first_day} to {report.last_day}"
    for change in report.known_changes:
        yield f"  looked past, for good: {change}"
    if report.uncharted:
        names = _first(report.uncharted)
        yield f"  values not compared, for want of about three years of them: {names}"
    for remedy in dict.fromkeys(one.remedy for one in report.findings):
        yield remedy
        for one in report.findings:
            if one.remedy == remedy:
                yield f"  since {one.since}: {one.sentence} ({_sure(one)})"


def _first(names: Sequence[str]) -> str:
    told, more = names[:MOST_NAMED], len(names) - MOST_NAMED
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _sure(one: Finding) -> str:
    return "seen" if one.level_days is None else f"by chance once in {days(one.level_days)} days"
