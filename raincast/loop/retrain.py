"""The step that retrains: challenger against champion on rows that neither has learned from, then
the watermark.

A run is told by its id. Its decision stands in the registry's history, so a run that was killed and
comes again makes its decision once, whatever was there before; and its rows are consumed after
that, either way.
"""

from datetime import date, datetime
from time import monotonic

from raincast.decisions import gate
from raincast.decisions.gate import REFUSE, SHADOW
from raincast.decisions.retraining import Retrained
from raincast.decisions.watermark import RetrainingSet
from raincast.documents import Json
from raincast.errors import BadFile
from raincast.learning import fitting, knowledge
from raincast.learning.blend import Forecaster
from raincast.learning.metadata import Occasion, Tuning
from raincast.loop import history, origins, retrain_set, shadow, train
from raincast.loop.consumption import decided
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import best_parameters, stores
from raincast.store.best_parameters import BestParameters
from raincast.store.locks import locked
from raincast.tracking import after_run
from raincast.verification import comparison
from raincast.verification.records import Comparison

PATIENCE_SECONDS = 4 * 3600.0
"""How long to wait for another retraining, which fits two models on the whole set."""


def retrain(settings: Settings, now: datetime, run_id: str) -> Retrained:
    """Fits a challenger with the best parameters, compares it, and promotes or refuses it, or puts
    it in the shadow; the reason is recorded.

    What is promoted is fitted again on all rows of the retraining set. A repeated run finds what
    was decided; one that is repeated while the first still works waits for it.

    Raises:
        NoModel: nothing serves yet.
        BadFile: there is no retraining set, or not a whole one.
        NotEnoughData: no day has come since the champion's last.
    """
    begun = monotonic()
    with locked(settings.models / "retraining", PATIENCE_SECONDS):
        before = decided(settings, run_id)
        if before:
            stores.of(settings).registry().recover()
        done = before.part(Retrained) if before else _decide(settings, now, run_id)
    after_run.retraining(settings, done, monotonic() - begun)
    return done


def _decide(settings: Settings, now: datetime, run_id: str) -> Retrained:
    registry = stores.of(settings).registry()
    champion = registry.load_active()
    built = _built(settings)
    panel = history.retraining_panel(settings)
    best = best_parameters.read(settings.best_params)
    plan = comparison.plan(panel.days_with_truth(), _learned_to(champion, best))
    if settings.gate_origins:
        origins.require_unsearched(settings, panel, champion, best)
    params = _params(champion) | (best.best_params if best else {})
    tuning = _tuning(settings, panel, params, champion, best, now)
    about = Occasion(
        purpose="challenger: compared",
        run_id=run_id,
        study=best.study_name if best else None,
        retraining_set=built.to_json(),
    )
    tried = train.fitted(settings, panel, plan.fit, params, tuning, about, now)
    challenger = registry.load(tried)
    found = (
        origins.compare(settings, panel, champion, challenger)
        if settings.gate_origins
        else comparison.compare(champion, challenger, panel, plan.compare, settings.target_recall)
    )
    verdict = gate.before_serving(found, shadow.limits(settings))
    reason = gate.prefix(verdict, shadow.limits(settings)) + sentence(found)
    if verdict == REFUSE:
        registry.refuse(tried, now, reason, found.to_json())
        return _outcome(False, tried, found, reason)
    about = about.model_copy(update={"purpose": train.SERVING, "comparison": found.to_json()})
    everything = fitting.everything(panel)
    version = train.fitted(settings, panel, everything, params, tuning, about, now)
    if verdict == SHADOW:
        registry.put_in_the_shadow(version, now, reason)
        return _outcome(False, version, found, reason)
    registry.promote(version, now, reason)
    return _outcome(True, version, found, reason)


def _outcome(promoted: bool, version: str, found: Comparison, reason: str) -> Retrained:
    return Retrained(promoted=promoted, version=version, reason=reason, comparison=found)


def sentence(found: Comparison) -> str:
    """A comparison in one sentence."""
    old, new, span = found.champion, found.challenger, found.span
    verdict = "no worse" if found.no_worse else "worse"
    between = found.brier_difference_interval
    sure = f"{between[0]:+.4f} to {between[1]:+.4f}" if between else "not known, too few days"
    return (
        f"{verdict} than {old.version}: Brier score {new.brier:.4f} against {old.brier:.4f} on"
        f" {new.n} forecasts of {span.first} to {span.last}; 95 % interval of the difference {sure}"
    )


def _built(settings: Settings) -> RetrainingSet:
    """The metadata of the retraining set, which is whole."""
    built, found = retrain_set.read_meta(settings), retrain_set.content_sha256(settings)
    if found != built.content_sha256:
        expected = (
            f"content with the SHA-256 {built.content_sha256}; `raincast tune` writes it"
            " and searches on it, `python -m src.retrain_dataset_builder` only writes it"
        )
        raise BadFile(str(settings.retrain_dataset), found or "no file", expected)
    return built


def _learned_to(champion: Forecaster, best: BestParameters | None) -> date:
    """The last feature date that the champion was fitted to, or the search has seen."""
    learned_to = knowledge.fitted(champion.metadata).last
    return max(learned_to, best.searched_to) if best and best.searched_to else learned_to


def _params(champion: Forecaster) -> Json:
    """What the champion was made with; one from before there were networks has none."""
    return {"networks": 0} | (champion.metadata.params or {})


def _tuning(
    settings: Settings,
    panel: Panel,
    params: Json,
    champion: Forecaster,
    best: BestParameters | None,
    now: datetime,
) -> Tuning:
    """Thresholds and the evaluation model behind them: the champion's where the parameters are,
    otherwise made anew.
    """
    known = champion.metadata.part(Tuning)
    searched_to = best.searched_to if best else known.searched_to
    if params != _params(champion) or known.target_recall != settings.target_recall:
        return train.judged(settings, panel, params, now, searched_to=searched_to)
    known = known.model_copy(update={"searched_to": searched_to})
    if not known.thresholds:
        return known
    thresholds = uncured_thresholds(champion)
    return known.model_copy(update={"thresholds": thresholds, "threshold": thresholds["3pm"]})


def uncured_thresholds(champion: Forecaster) -> dict[str, float]:
    """Its thresholds as its parameters' tuning chose them: those of a cure belong to that pipeline
    alone.
    """
    cure = champion.metadata.cure
    return dict((cure and cure.uncured_thresholds) or champion.metadata.thresholds or {})
