"""The test: the judged model on rows that it has never seen, and its baselines beside it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic

from tqdm import tqdm

from raincast.errors import NoModel
from raincast.features import block
from raincast.learning import fitting, knowledge
from raincast.learning.baselines import LOGISTIC_ROWS
from raincast.learning.blend import Forecaster
from raincast.learning.fitting import Span
from raincast.loop import history
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.observations.network import in_force
from raincast.observations.panel import Panel
from raincast.settings import Settings
from raincast.store import files, kept_baselines, model_files, stores
from raincast.tracking import after_run
from raincast.verification import curves, evaluation
from raincast.verification.evaluation import TunedBaseline
from raincast.verification.records import Evaluation


def trained(settings: Settings) -> str | None:
    """The version that was trained last and is kept here; it need not serve."""
    if not (settings.trained / model_files.METADATA).exists():
        return None
    version = model_files.read_metadata(settings.trained).version
    kept = (one.version for one in stores.of(settings).registry().versions())
    return version if version in kept else None


def judged(settings: Settings, version: str | None = None) -> Forecaster:
    """The model behind a version, or the active one: same settings, fitted to the tuning year's end
    only.

    Raises:
        NoModel: that model names none.
    """
    registry = stores.of(settings).registry()
    active = registry.load(version) if version else registry.load_active()
    version = active.metadata.judged_version
    if not version:
        raise NoModel(
            f"model {active.version} has no evaluation model, which is tested in its place: name a"
            " version to serve (`raincast models list`); `raincast train` makes both"
        )
    return registry.load(version)


def baselines(
    settings: Settings, whole: Callable[[], Panel], model: Forecaster
) -> dict[str, list[TunedBaseline]]:
    """The baselines of each regime, fitted and tuned on what the evaluation model was, by its
    metadata. They are kept beside it, since fitting them takes half a minute.

    Args:
        whole: reads the prepared history.
    """
    about = model.metadata
    span, tuned_on = knowledge.fitted(about), knowledge.tuned(about)
    if tuned_on is None:
        tuned_on = fitting.tuning_span(whole(), settings.tuning_year)
    key = kept_baselines.key(
        rows=about.rows and about.rows.to_json(),
        tuned_on=tuned_on,
        recall=settings.target_recall,
        features=block.NAMES_SHA256,
        stations=in_force().locations,
        event=in_force().event.statement,
        rows_of_logistic=LOGISTIC_ROWS,
    )
    path = settings.models / "baselines" / f"{model.version}.json"
    if (kept := kept_baselines.read(path, key)) is not None:
        return kept
    panel = whole()
    regimes = tqdm(REGIMES, "baselines", leave=False, disable=None)
    made = {
        regime: evaluation.tuned_baselines(panel, span, tuned_on, regime, settings.target_recall)
        for regime in regimes
    }
    kept_baselines.write(path, key, made)
    return made


def evaluate(
    settings: Settings,
    now: datetime,
    with_baselines: bool = True,
    version: str | None = None,
    in_sample: bool = False,
    out: Path | None = None,
) -> Evaluation:
    """The test span: of the last eighteen months with truth, what the model has not seen; writes
    `metrics/eval.json`, `metrics/headline.json`, and what its plots are drawn from to
    `metrics/plots/`.

    Args:
        version: the model whose settings are tested; the one that serves if none.
        in_sample: takes all of them, and marks the figures so.
        out: the file to write in place of all those.

    Raises:
        InSample: the model has seen all of them.
        NoModel: there is no judged model.
        NotEnoughData: the prepared history does not cover the test span.
    """
    begun, whole = monotonic(), history.prepared_panel(settings)
    model = judged(settings, version)
    span = fitting.test_span(fitting.last_with_truth(whole))
    span = span if in_sample else knowledge.unseen(span, model)
    seen = knowledge.has_seen(model, span.first, in_sample)
    against = baselines(settings, lambda: whole, model) if with_baselines else {}
    found = evaluation.evaluate(model, whole, span, against)
    at = now.isoformat(timespec="seconds")
    found = Evaluation(**dict(found) | {"evaluated_at_utc": at, "in_sample": seen})
    if out:
        files.write_json(out, found.to_json())
    else:
        _publish(settings, found, model)
    after_run.evaluation(settings, found.to_json(), now, monotonic() - begun)
    return found


def _publish(settings: Settings, found: Evaluation, model: Forecaster) -> None:
    files.write_json(settings.metrics / "eval.json", found.to_json())
    files.write_json(settings.metrics / "headline.json", found.headline())
    for name, frame in curves.frames(found.regimes, curves.importance(model.pipeline)).items():
        files.write_csv(settings.plots / f"{name}.csv", frame)


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
        stores.of(settings).archive().as_known_at(first=start, last=end), start, end
    )
    against = baselines(settings, lambda: history.prepared_panel(settings), model)
    found = evaluation.evaluate(model, observed, Span(first, last), against)
    found = Evaluation(**dict(found) | {"in_sample": seen})
    files.write_json(out, found.to_json())
    after_run.evaluation(settings, found.to_json(), now, monotonic() - begun)
    return found
