"""The test: the judged model on rows that it has never seen, and its baselines beside it."""

from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic

from tqdm import tqdm

from raincast.errors import NoModel
from raincast.features import block
from raincast.learning import fitting, knowledge
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.learning.metadata import ModelMetadata
from raincast.loop import history
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import files, model_files
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from raincast.tracking import after_run
from raincast.verification import curves, evaluation
from raincast.verification.evaluation import TunedBaseline
from raincast.verification.records import Evaluation


def trained(settings: Settings) -> str | None:
    """The version that was trained last and is kept here; it need not serve."""
    if not (settings.trained / model_files.METADATA).exists():
        return None
    version = model_files.read_metadata(settings.trained).version
    kept = (one.version for one in Registry(settings.models).versions())
    return version if version in kept else None


def judged(settings: Settings, version: str | None = None) -> Forecaster:
    """The model behind a version, or the active one: same settings, fitted before the tuning year
    only.

    Raises:
        NoModel: that model names none.
    """
    active = (
        Registry(settings.models).load(version)
        if version
        else Registry(settings.models).load_active()
    )
    version = active.metadata.judged_version
    if not version:
        raise NoModel(
            f"model {active.version} has no judged model beside it: `python -m src.training` makes"
            " both"
        )
    return Registry(settings.models).load(version)


def baselines(
    settings: Settings, whole: Panel, about: ModelMetadata
) -> dict[str, list[TunedBaseline]]:
    """The baselines of each regime, fitted and tuned on what the judged model was, by its
    metadata.
    """
    span = knowledge.fitted(about)
    tuned_on = knowledge.tuned(about) or fitting.tuning_span(whole, settings.tuning_year)
    regimes = tqdm(REGIMES, "opponents", leave=False, disable=None)
    return {
        regime: evaluation.tuned_baselines(whole, span, tuned_on, regime, settings.target_recall)
        for regime in regimes
    }


def evaluate(
    settings: Settings,
    now: datetime,
    with_baselines: bool = True,
    version: str | None = None,
    in_sample: bool = False,
) -> Evaluation:
    """The test span: of the last eighteen months with truth, what the model has not seen; writes
    `metrics/eval.json`, and what its plots are drawn from to `metrics/plots/`.

    Args:
        version: the model whose settings are tested; the one that serves if none.
        in_sample: takes all of them, and marks the figures so.

    Raises:
        InSample: the model has seen all of them.
        NoModel: there is no judged model.
        NotEnoughData: the prepared history does not cover the test span.
    """
    begun, whole = monotonic(), history.read(settings.prepared)
    model = judged(settings, version)
    span = fitting.test_span(fitting.last_with_truth(whole))
    span = span if in_sample else knowledge.unseen(span, model)
    seen = knowledge.has_seen(model, span.first, in_sample)
    against = baselines(settings, whole, model.metadata) if with_baselines else {}
    found = evaluation.evaluate(model, whole, span, against)
    at = now.isoformat(timespec="seconds")
    found = Evaluation(**dict(found) | {"evaluated_at_utc": at, "in_sample": seen})
    files.write_json(settings.metrics / "eval.json", found.to_json())
    for name, frame in curves.frames(found.regimes, curves.importance(model.pipeline)).items():
        files.write_csv(settings.plots / f"{name}.csv", frame)
    after_run.evaluation(settings, found.to_json(), now, monotonic() - begun)
    return found


def evaluate_archived(
    settings: Settings, first: date, last: date, out: Path, now: datetime, in_sample: bool = False
) -> Evaluation:
    """The same model on observations of the archive, feature dates `first` to `last` inclusive;
    writes `out`.

    Baselines are fitted to the prepared history.
    """
    begun, model = monotonic(), judged(settings)
    seen = knowledge.has_seen(model, first, in_sample)
    start, end = first - timedelta(days=block.LOOKBACK_DAYS), last + timedelta(days=1)
    observed = panel.from_frame(
        Archive(settings.archive).as_known_at(first=start, last=end), start, end
    )
    against = baselines(settings, history.read(settings.prepared), model.metadata)
    found = evaluation.evaluate(model, observed, Span(first, last), against)
    found = Evaluation(**dict(found) | {"in_sample": seen})
    files.write_json(out, found.to_json())
    after_run.evaluation(settings, found.to_json(), now, monotonic() - begun)
    return found
