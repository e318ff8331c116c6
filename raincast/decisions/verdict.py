"""The verdict: whether the live quality is poor enough, and the news large enough, to search and
retrain.

The specification's rule is: recall below its threshold, and enough new rows. The interval rule is
stricter on noise: the whole 95 % interval of the recall, clustered by day, must lie below the
threshold, over enough wet station-days, and the last retraining must be long enough ago. Its
interval is a dead band: while it holds the threshold, nothing is done. Either rule decides; the
verdict states both.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from raincast.errors import BadInput

TRIGGER, SKIP = "trigger_optuna", "skip_optuna"
RULES = ("specification", "interval")


@dataclass(frozen=True)
class Limits:
    """What is asked for before a search is started.

    Attributes:
        recall: the live recall below which the model is poor, 0 to 1.
        new_rows: fewest new station-days with truth.
        rule: which of `RULES` decides.
        wet_days: fewest wet station-days behind the recall's interval.
        rest_days: fewest days between two retrainings under the interval rule.
    """

    recall: float
    new_rows: int
    rule: str
    wet_days: int
    rest_days: float

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise BadInput(
                f"setting DECISION_RULE: found {self.rule!r}, expected {' or '.join(RULES)}"
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
    """

    new_rows: int
    late_rows: int | None
    cutoff: date | None
    days_since_retraining: float | None


@dataclass(frozen=True)
class Verdict:
    """What to do and why.

    Attributes:
        decision: `trigger_optuna` or `skip_optuna`.
        case: A poor recall, too few rows; B enough rows, good recall; C poor recall and enough
            rows; "healthy" good recall, too few rows; "unknown" no recall.
        reason: one sentence.
        evidence: every figure that the decision rests on, or could have.
    """

    decision: str
    case: str
    reason: str
    evidence: dict[str, Any]


def band(interval: list[float] | None, threshold: float) -> str:
    """Where the interval lies: "below", "around" or "above" the threshold, or "unknown"."""
    if interval is None:
        return "unknown"
    low, high = interval
    return "below" if high < threshold else "above" if low >= threshold else "around"


def decide(live: Mapping[str, Any], news: News, limits: Limits) -> Verdict:
    """The verdict on a report as `live.report` makes it; one without a recall never triggers."""
    poor, enough = _poor(live, limits), news.new_rows >= limits.new_rows
    case = "unknown" if live.get("recall_live") is None else _CASE[poor[limits.rule], enough]
    go = {rule: poor[rule] and enough and _free(rule, news, limits) for rule in RULES}
    decision = {rule: TRIGGER if go[rule] else SKIP for rule in RULES}
    evidence = _evidence(live, news, limits) | {"rules": decision}
    return Verdict(decision[limits.rule], case, _reason(live, news, limits, case), evidence)


_CASE = {(True, False): "A", (False, True): "B", (True, True): "C", (False, False): "healthy"}


def _free(rule: str, news: News, limits: Limits) -> bool:
    """Whether the rule's budget allows a retraining now."""
    rest = news.days_since_retraining
    return rule == "specification" or rest is None or rest >= limits.rest_days


def _poor(live: Mapping[str, Any], limits: Limits) -> dict[str, bool]:
    """Whether the recall is too low, by each rule."""
    recall = live.get("recall_live")
    if recall is None:
        return dict.fromkeys(RULES, False)
    sure = band(_recall_interval(live), limits.recall) == "below"
    wet_enough = _basis(live).get("wet_station_days", 0) >= limits.wet_days
    return {"specification": recall < limits.recall, "interval": sure and wet_enough}


def _basis(live: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the interval rule looks at: more days than the window where that has too few."""
    return live.get("evidence") or {}


def _recall_interval(live: Mapping[str, Any]) -> list[float] | None:
    found: list[float] | None = _basis(live).get("intervals", {}).get("recall")
    return found


def _reason(live: Mapping[str, Any], news: News, limits: Limits, case: str) -> str:
    since = f" after {news.cutoff}" if news.cutoff else ""
    rows = f"{news.new_rows} new rows{since} of the {limits.new_rows} that are asked for"
    then = {"A": "wait for more rows", "C": "search and retrain"}.get(case, "the model stays")
    if case == "C" and not _free(limits.rule, news, limits):
        then = (
            f"wait, the last retraining was {news.days_since_retraining:.1f} days ago and not"
            f" {limits.rest_days:g}"
        )
    return f"{_recall_said(live, limits)}; {rows}: {then}"


def _recall_said(live: Mapping[str, Any], limits: Limits) -> str:
    recall, rows = live.get("recall_live"), live.get("scored_rows", 0)
    if recall is None:
        return (
            f"the live recall is not known ({rows} scored rows, {live.get('positives_true', 0)} of"
            " them wet)"
        )
    if limits.rule == "interval":
        return _interval_said(live, limits)
    side = "below" if recall < limits.recall else "not below"
    return f"the live recall of {recall:.3f} over {rows} rows is {side} {limits.recall:g}"


def _interval_said(live: Mapping[str, Any], limits: Limits) -> str:
    basis, interval = _basis(live), _recall_interval(live)
    wet = (
        f"{basis.get('wet_station_days', 0)} wet station-days of the {limits.wet_days} that are"
        " asked for"
    )
    over = f"over {basis.get('days', 0)} days with {wet}"
    if interval is None:
        return f"the live recall has no interval {over}"
    said = f"the live recall's interval, {interval[0]:.3f} to {interval[1]:.3f} {over}"
    return f"{said}, lies {band(interval, limits.recall)} {limits.recall:g}"


def _evidence(live: Mapping[str, Any], news: News, limits: Limits) -> dict[str, Any]:
    basis, interval = _basis(live), _recall_interval(live)
    measured = {name: live.get(name) for name in ("recall_live", "scored_rows", "positives_true")}
    behind = {name: basis.get(name) for name in ("recall", "n", "days", "wet_station_days")}
    interval_rule = {"interval": interval, "band": band(interval, limits.recall), **behind}
    return measured | {"recall_interval": interval_rule} | asdict(news) | {"limits": asdict(limits)}
