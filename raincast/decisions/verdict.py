"""The verdict: whether the live quality is poor enough, and the news large enough, to search and
retrain.

The specification's rule is: recall below its threshold, and enough new rows. The interval rule is
stricter on noise: the whole 95 % interval of the recall, clustered by day, must lie below the
threshold, over enough wet station-days, and the last retraining must be long enough ago. Its
interval is a dead band: while it holds the threshold, nothing is done. The watch's rule looks at no
recall: it wants an alarm of the watch (`verification.watch`), and the same rest. Any rule decides;
the verdict states all.
"""

from dataclasses import dataclass
from datetime import date

from raincast.decisions import ladder
from raincast.documents import Document
from raincast.errors import BadInput
from raincast.verification.records import Interval, LiveQuality, SpanScores
from raincast.verification.watch.records import REPAIR, WatchReport
from raincast.verification.watch.words import days

TRIGGER, SKIP = "trigger_optuna", "skip_optuna"
RULES = ("specification", "interval", "watch")


@dataclass(frozen=True)
class Limits:
    """What is asked for before a search is started.

    Attributes:
        recall: the live recall below which the model is poor, 0 to 1.
        new_rows: fewest new station-days with truth.
        rule: which of `RULES` decides.
        wet_days: fewest wet station-days behind the recall's interval.
        rest_days: fewest days between two retrainings under the other two rules.
        run_length: days between two false alarms of the watch, at the least and on average.
        cheapest_first: whether the watch's finding chooses the remedy; data that are to be repaired
            then hold up every retraining.
    """

    recall: float
    new_rows: int
    rule: str
    wet_days: int
    rest_days: float
    run_length: float = 730.0
    cheapest_first: bool = False

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise BadInput(
                f"setting DECISION_RULE: found {self.rule!r}, expected {', '.join(RULES[:-1])} or"
                f" {RULES[-1]}"
            )


@dataclass(frozen=True)
class News:
    """What has come since the last retraining.

    Attributes:
        new_rows: station-days with truth after the cutoff.
        late_rows: station-days whose truth came after their date had been consumed, and which are
            not in `new_rows`; None when that cannot be told.
        cutoff: the last feature date that is history or consumed; None when there is neither.
        days_since_retraining: None when there was none.
        in_the_shadow: whether a challenger is; there is one at a time.
    """

    new_rows: int
    late_rows: int | None
    cutoff: date | None
    days_since_retraining: float | None
    in_the_shadow: bool = False


class RecallInterval(Document):
    """What the interval rule looks at: the recall over enough days, and where its interval lies."""

    interval: Interval | None
    band: str
    recall: float | None
    n: int | None
    days: int | None
    wet_station_days: int | None


class WatchLevel(Document):
    """What the watch's rule looks at."""

    alarm: bool
    level_days: float
    run_length_days: float
    last_day: str
    finding: str | None


class Evidence(Document):
    """Every figure that a decision rests on, or could have; None where there is no live report.

    Attributes:
        rules: what each rule would decide.
    """

    recall_live: float | None
    scored_rows: int | None
    positives_true: int | None
    recall_interval: RecallInterval
    new_rows: int
    late_rows: int | None
    cutoff: date | None
    days_since_retraining: float | None
    limits: Limits
    rules: dict[str, str]
    watch: WatchLevel | None = None


class Verdict(Document):
    """What to do and why.

    Attributes:
        decision: `trigger_optuna` or `skip_optuna`.
        case: A poor recall, too few rows; B enough rows, good recall; C poor recall and enough
            rows; "healthy" good recall, too few rows; "unknown" no recall.
        reason: one sentence.
    """

    decision: str
    case: str
    reason: str
    evidence: Evidence


class LiveScores(Document):
    """The keys of the live report that other systems read; None where there is no report."""

    status: str | None
    accuracy_live: float | None
    precision_live: float | None
    recall_live: float | None
    f1_live: float | None
    roc_auc_live: float | None
    scored_rows: int | None
    positives_true: int | None
    window: int | None


class Decision(Verdict):
    """A verdict with what was measured for it."""

    live: LiveScores
    new_rows_for_retrain: int
    retrain_cutoff_date: str | None


def band(interval: Interval | None, threshold: float) -> str:
    """Where the interval lies: "below", "around" or "above" the threshold, or "unknown"."""
    if interval is None:
        return "unknown"
    low, high = interval
    return "below" if high < threshold else "above" if low >= threshold else "around"


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
        then = f"repair the data before any retraining ({_repair(watch)})"
    seen = _watch_sentence(watch) if limits.rule == "watch" else _recall_sentence(live, limits)
    return f"{seen}; {rows}: {then}"


def _repair(watch: WatchReport) -> str:
    return next(one.sentence for one in watch.findings if one.action == REPAIR)


def _watch_sentence(watch: WatchReport | None) -> str:
    if watch is None:
        return "the watch has no report; `raincast watch` makes one"
    level = f"{days(watch.level_days)} days of the {days(watch.run_length_days)}"
    if not watch.alarm:
        return f"the watch, to {watch.last_day}, is at a level of {level}"
    first = f": {watch.findings[0].sentence}" if watch.findings else ""
    return f"the watch raises an alarm at a level of {level}{first}"


def _recall_sentence(live: LiveQuality | None, limits: Limits) -> str:
    if live is None or live.recall_live is None:
        rows, wet = (live.scored_rows, live.positives_true) if live else (0, 0)
        return f"the live recall is not known ({rows} scored rows, {wet} of them wet)"
    if limits.rule == "interval":
        return _interval_sentence(live.evidence, limits)
    side = "below" if live.recall_live < limits.recall else "not below"
    return (
        f"the live recall of {live.recall_live:.3f} over {live.scored_rows} rows is {side}"
        f" {limits.recall:g}"
    )


def _interval_sentence(basis: SpanScores, limits: Limits) -> str:
    interval = basis.intervals.recall
    wet = f"{basis.wet_station_days} wet station-days of the {limits.wet_days} that are needed"
    over = f"over {basis.days} days with {wet}"
    if interval is None:
        return f"the live recall has no interval {over}"
    sentence = f"the live recall's interval, {interval[0]:.3f} to {interval[1]:.3f} {over}"
    return f"{sentence}, lies {band(interval, limits.recall)} {limits.recall:g}"


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
