"""The verdict: whether the live quality is poor enough, and the news large enough, to search and
retrain.

The specification's rule is: recall below its threshold, and enough new rows. The interval rule is
stricter on noise: the whole 95 % interval of the recall, clustered by day, must lie below the
threshold, over enough wet station-days, and the last retraining must be long enough ago. Its
interval is a dead band: while it holds the threshold, nothing is done. The watch's rule looks at no
recall: it wants an alarm of the watch (`verification.watch`), and the same rest. Any rule decides;
the verdict states all.
"""

from raincast.decisions import ladder, reasons
from raincast.decisions.asked import RULES, Limits, News
from raincast.decisions.decided import SKIP, TRIGGER, Evidence, RecallInterval, Verdict, WatchLevel
from raincast.decisions.reasons import band
from raincast.verification.records import LiveQuality
from raincast.verification.watch.records import REPAIR, WatchReport


def decide(
    live: LiveQuality | None, news: News, limits: Limits, watch: WatchReport | None = None
) -> Verdict:
    """The verdict on a live report and, for the watch's rule, on the watch's; without the report
    that its rule looks at, or without a recall in it, nothing is triggered.
    """
    poor, enough = _poor(live, limits, watch), news.new_rows >= limits.new_rows
    known = live is not None and live.recall_live is not None
    if limits.rule == "watch":
        known = watch is not None
    case = _CASE[poor[limits.rule], enough] if known else "unknown"
    broken = _broken(limits, watch)
    go = {
        rule: poor[rule] and enough and _free(rule, news, limits) and not broken for rule in RULES
    }
    rules = {rule: TRIGGER if go[rule] else SKIP for rule in RULES}
    return Verdict(
        decision=rules[limits.rule],
        case=case,
        reason=_reason(live, news, limits, case, watch),
        evidence=_evidence(live, news, limits, rules, watch),
    )


_CASE = {(True, False): "A", (False, True): "B", (True, True): "C", (False, False): "healthy"}


def _free(rule: str, news: News, limits: Limits) -> bool:
    """Whether the rule's budget allows a retraining now."""
    if news.in_the_shadow:
        return False
    rest = news.days_since_retraining
    return rule == "specification" or rest is None or rest >= limits.rest_days


def _broken(limits: Limits, watch: WatchReport | None) -> bool:
    """Whether the watch asks for a repair of the data, from which no model should learn."""
    return limits.cheapest_first and ladder.asked(watch) == REPAIR


def _poor(live: LiveQuality | None, limits: Limits, watch: WatchReport | None) -> dict[str, bool]:
    """Whether the recall is too low, or something has changed, by each rule."""
    changed = {"watch": watch is not None and watch.alarm}
    if live is None or live.recall_live is None:
        return dict.fromkeys(RULES, False) | changed
    # More days than the window where that has too few.
    basis = live.evidence
    sure = band(basis.intervals.recall, limits.recall) == "below"
    wet_enough = basis.wet_station_days >= limits.wet_days
    return {
        "specification": live.recall_live < limits.recall,
        "interval": sure and wet_enough,
    } | changed


def _reason(
    live: LiveQuality | None, news: News, limits: Limits, case: str, watch: WatchReport | None
) -> str:
    since = f" after {news.cutoff}" if news.cutoff else ""
    rows = f"{news.new_rows} new rows{since} of the {limits.new_rows} that are needed"
    then = {"A": "wait for more rows", "C": "search and retrain"}.get(case, "the model stays")
    if case == "C" and news.in_the_shadow:
        then = "wait, a challenger serves in the shadow"
    elif case == "C" and not _free(limits.rule, news, limits):
        then = (
            f"wait, the last retraining was {news.days_since_retraining:.1f} days ago and not"
            f" {limits.rest_days:g}"
        )
    elif case == "C" and watch and _broken(limits, watch):
        then = f"repair the data before any retraining ({reasons.of_repair(watch)})"
    seen = reasons.of_watch(watch) if limits.rule == "watch" else reasons.of_recall(live, limits)
    return f"{seen}; {rows}: {then}"


def _evidence(
    live: LiveQuality | None,
    news: News,
    limits: Limits,
    rules: dict[str, str],
    watch: WatchReport | None,
) -> Evidence:
    basis = live.evidence if live else None
    interval = basis.intervals.recall if basis else None
    return Evidence(
        recall_live=live.recall_live if live else None,
        scored_rows=live.scored_rows if live else None,
        positives_true=live.positives_true if live else None,
        recall_interval=RecallInterval(
            interval=interval,
            band=band(interval, limits.recall),
            recall=basis.recall if basis else None,
            n=basis.n if basis else None,
            days=basis.days if basis else None,
            wet_station_days=basis.wet_station_days if basis else None,
        ),
        new_rows=news.new_rows,
        late_rows=news.late_rows,
        cutoff=news.cutoff,
        days_since_retraining=news.days_since_retraining,
        limits=limits,
        rules=rules,
        watch=watch and _level(watch),
    )


def _level(watch: WatchReport) -> WatchLevel:
    return WatchLevel(
        alarm=watch.alarm,
        level_days=watch.level_days,
        run_length_days=watch.run_length_days,
        last_day=watch.last_day,
        finding=watch.findings[0].sentence if watch.findings else None,
    )
