"""A decision in words: what was seen of the recall or by the watch."""

from raincast.decisions.asked import Limits
from raincast.verification.records import Interval, LiveQuality, SpanScores
from raincast.verification.watch.records import REPAIR, WatchReport
from raincast.verification.watch.words import days


def band(interval: Interval | None, threshold: float) -> str:
    """Where the interval lies: "below", "around" or "above" the threshold, or "unknown"."""
    if interval is None:
        return "unknown"
    low, high = interval
    return "below" if high < threshold else "above" if low >= threshold else "around"


def of_repair(watch: WatchReport) -> str:
    """What data are to be repaired; its first finding that asks for it."""
    return next(one.sentence for one in watch.findings if one.action == REPAIR)


def of_watch(watch: WatchReport | None) -> str:
    """What the watch says."""
    if watch is None:
        return "the watch has no report; `raincast watch` makes one"
    level = f"{days(watch.level_days)} days of the {days(watch.run_length_days)}"
    if not watch.alarm:
        return f"the watch, to {watch.last_day}, is at a level of {level}"
    first = f": {watch.findings[0].sentence}" if watch.findings else ""
    return f"the watch raises an alarm at a level of {level}{first}"


def of_recall(live: LiveQuality | None, limits: Limits) -> str:
    """What the live recall says, or by the interval's rule its interval."""
    if live is None or live.recall_live is None:
        rows, wet = (live.scored_rows, live.positives_true) if live else (0, 0)
        return f"the live recall is not known ({rows} scored rows, {wet} of them wet)"
    if limits.rule == "interval":
        return _of_interval(live.evidence, limits)
    side = "below" if live.recall_live < limits.recall else "not below"
    return (
        f"the live recall of {live.recall_live:.3f} over {live.scored_rows} rows is {side}"
        f" {limits.recall:g}"
    )


def _of_interval(basis: SpanScores, limits: Limits) -> str:
    interval = basis.intervals.recall
    wet = f"{basis.wet_station_days} wet station-days of the {limits.wet_days} that are needed"
    over = f"over {basis.days} days with {wet}"
    if interval is None:
        return f"the live recall has no interval {over}"
    sentence = f"the live recall's interval, {interval[0]:.3f} to {interval[1]:.3f} {over}"
    return f"{sentence}, lies {band(interval, limits.recall)} {limits.recall:g}"
