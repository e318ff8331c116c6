"""The search and the retraining, with what an operator is told of them."""

from datetime import datetime

from raincast.decisions.alarms import News
from raincast.decisions.gate import PROMOTE, SHADOW, ShadowReport
from raincast.decisions.retraining import Retrained, SearchResult, Treatment
from raincast.loop import remedy, retrain, search, shadow
from raincast.loop.alerts import tell, watched
from raincast.settings import Settings
from raincast.store import stores
from raincast.tracking import after_run


def searched(settings: Settings, now: datetime, run_id: str = "", worker: int = 0) -> SearchResult:
    """`search.run`, whose beginning and end are told."""
    run = run_id or f"by hand, {now:%Y-%m-%d %H:%M:%S}"
    tell(settings, now, news=[News(f"search begun: {run}", "A search has started", f"Run: {run}")])
    with watched(settings, now, "search"):
        done = search.run(settings, run_id, worker)
    text = f"{done.trials} trials, the best {done.best_value:.4f}; study {done.study_name}"
    tell(settings, now, news=[News(f"search ended: {run}", "A search has ended", text)])
    return done


def shadowed(settings: Settings, now: datetime) -> ShadowReport | None:
    """`shadow.step`; the end of a shadow is told, once."""
    if stores.of(settings).registry().in_the_shadow() is None:
        return None
    with watched(settings, now, "shadow"):
        report = shadow.step(settings, now)
    if report and report.verdict != SHADOW:
        after_run.follow(settings)
        word = "promoted" if report.verdict == PROMOTE else "refused"
        _became(settings, now, f"shadow: {report.version}", report.version, word, report.reason)
    return report


def treated(settings: Settings, now: datetime, run_id: str) -> Treatment:
    """`remedy.treat`; a remedy that was applied is told, once for a run."""
    with watched(settings, now, "retrain"):
        done = remedy.treat(settings, now, run_id)
    if done.version:
        _became(settings, now, f"retrained: {run_id}", done.version, "promoted", done.reason)
    return done


def retrained(settings: Settings, now: datetime, run_id: str) -> Retrained:
    """`retrain.retrain`; whether the model was promoted or refused is told, once for a run."""
    with watched(settings, now, "retrain"):
        done = retrain.retrain(settings, now, run_id)
    in_shadow = stores.of(settings).registry().in_the_shadow()
    word = "promoted" if done.promoted else "refused"
    if in_shadow and in_shadow.version == done.version:
        word = "put in the shadow"
    _became(settings, now, f"retrained: {run_id}", done.version, word, done.reason)
    return done


def _became(
    settings: Settings, now: datetime, key: str, version: str, word: str, reason: str
) -> None:
    """Tells what became of a model."""
    tell(settings, now, news=[News(key, f"Model {version} was {word}", reason)])
