"""The step that retrains: challenger against champion on rows that neither has learned from, then
the watermark.

A run is told by its id. Its decision stands in the registry's history, so a run that was killed and
comes again makes its decision once, whatever was there before; and its rows are consumed after
that, either way.
"""

from collections.abc import Mapping
from datetime import date, datetime
from time import monotonic
from typing import Any

from raincast.errors import BadFile
from raincast.learning import fitting
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.loop import history, retrain_set, train
from raincast.loop.consumption import decided
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import files
from raincast.store.locks import locked
from raincast.store.registry import Registry
from raincast.tracking import after_run
from raincast.verification import comparison
from raincast.verification.records import Comparison

PATIENCE_SECONDS = 4 * 3600.0
"""How long to wait for another retraining, which fits two models on the whole set."""


def retrain(settings: Settings, now: datetime, run_id: str) -> dict[str, Any]:
    """Fits a challenger with the best parameters, compares it, and promotes or refuses it; the
    reason is recorded.

    What is promoted is fitted again on all rows of the retraining set. A repeated run finds what
    was decided; one that
    is repeated while the first still works waits for it.

    Returns:
        `promoted`, `version`, `reason` and, of the run that made it, the `comparison`.

    Raises:
        NoModel: nothing serves yet.
        BadFile: there is no retraining set, or not a whole one.
        NotEnoughData: no day has come since the champion's last.
    """
    begun = monotonic()
    with locked(settings.models / "retraining", PATIENCE_SECONDS):
        done = decided(settings, run_id)
        if done:
            Registry(settings.models).recover()
        else:
            done = _decide(settings, now, run_id)
    after_run.retraining(settings, done, monotonic() - begun)
    return done


def _decide(settings: Settings, now: datetime, run_id: str) -> dict[str, Any]:
    champion = Registry(settings.models).load_active()
    built = _built(settings)
    panel = history.read(settings.retrain_dataset)
    plan = comparison.plan(
        panel.days_with_truth(), date.fromisoformat(champion.metadata["rows"]["last"])
    )
    params, study = _best(settings, champion)
    about = _of_settings(settings, panel, params, champion, now) | {
        "run_id": run_id,
        "study": study,
        "retraining_set": built,
    }
    tried = _fitted(
        settings, panel, plan.fit, params, about | {"purpose": "challenger: compared"}, now
    )
    challenger = Registry(settings.models).load(tried)
    found = comparison.compare(champion, challenger, panel, plan.compare, settings.target_recall)
    if not found.no_worse:
        Registry(settings.models).refuse(tried, now, sentence(found))
        return _outcome(False, tried, found)
    about |= {"purpose": "serving: fitted again on all rows to date", "comparison": found.to_json()}
    version = _fitted(settings, panel, fitting.everything(panel), params, about, now)
    Registry(settings.models).promote(version, now, sentence(found))
    return _outcome(True, version, found)


def _outcome(promoted: bool, version: str, found: Comparison) -> dict[str, Any]:
    return {
        "promoted": promoted,
        "version": version,
        "reason": sentence(found),
        "comparison": found.to_json(),
    }


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


def _built(settings: Settings) -> dict[str, Any]:
    """The metadata of the retraining set, which is whole."""
    built, found = retrain_set.read_meta(settings), retrain_set.content_sha256(settings)
    if found != built["content_sha256"]:
        expected = (
            f"content with the SHA-256 {built['content_sha256']}; `python -m"
            " src.retrain_dataset_builder` writes it"
        )
        raise BadFile(str(settings.retrain_dataset), found or "no file", expected)
    return built


def _best(settings: Settings, champion: Forecaster) -> tuple[dict[str, Any], str | None]:
    """The champion's parameters with the best that were found, and the study that found them."""
    best = files.read_json(settings.best_params) or {"best_params": {}, "study_name": None}
    return _params(champion) | best["best_params"], best["study_name"]


def _params(champion: Forecaster) -> dict[str, Any]:
    """What the champion was made with; one from before there were networks has none."""
    return {"networks": 0} | dict(champion.metadata["params"])


def _of_settings(
    settings: Settings, panel: Panel, params: Mapping[str, Any], champion: Forecaster, now: datetime
) -> dict[str, Any]:
    """Thresholds and the judged model behind them: the champion's where the parameters are,
    otherwise made anew.
    """
    names = ("thresholds", "threshold", "target_recall", "figures", "curves", "judged_version")
    known = {name: champion.metadata[name] for name in names if name in champion.metadata}
    if "thresholds" in known:
        known |= {
            "thresholds": uncured_thresholds(champion),
            "threshold": uncured_thresholds(champion)["3pm"],
        }
    same = params == _params(champion) and known.get("target_recall") == settings.target_recall
    return known if same else train.judged(settings, panel, params, now)


def uncured_thresholds(champion: Forecaster) -> dict[str, float]:
    """Its thresholds as its parameters' tuning chose them: those of a cure belong to that pipeline
    alone.
    """
    cure = champion.metadata.get("cure") or {}
    return dict(cure.get("uncured_thresholds") or champion.metadata["thresholds"])


def _fitted(
    settings: Settings,
    panel: Panel,
    span: Span,
    params: Mapping[str, Any],
    about: Mapping[str, Any],
    now: datetime,
) -> str:
    pipeline = fitting.fit(panel, span, params)
    about = fitting.description(panel, span, params) | dict(about)
    return Registry(settings.models).save(pipeline, about, now)
