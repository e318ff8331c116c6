"""Which task of which DAG writes what, who reads it, and whether it is there."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from raincast.settings import Settings


class Output(NamedTuple):
    """One thing that a task leaves behind: a file under the root, or a value that it hands on
    (XCom).
    """

    dag: str
    task: str
    path: str
    readers: str
    key: str


_MAIN, _TUNING = "weather_main_dag", "optuna_tuning_dag"

OUTPUTS = (
    Output(_MAIN, "ensure_latest_model", "", "Airflow", "model"),
    Output(
        _MAIN,
        "predict_all_and_push",
        "outputs/preds_api.csv",
        "src.live_monitoring, publish_preds.yml, app",
        "journal",
    ),
    Output(
        _MAIN,
        "compute_live_metrics",
        "outputs/preds_api_scored.csv",
        "src.retrain_dataset_builder, app",
        "scored",
    ),
    Output(
        _MAIN, "compute_live_metrics", "metrics/live_eval.json", "read_quality_metrics, app", "live"
    ),
    Output(_MAIN, "read_quality_metrics", "", "branch_on_recall", "signals"),
    Output(_MAIN, "branch_on_recall", "", "Airflow", "branch"),
    Output(
        _TUNING,
        "run_optuna",
        "data/processed/weatherAUS_retrain.csv",
        "run_optuna, retrain_with_best",
        "set",
    ),
    Output(
        _TUNING, "run_optuna", "metrics/retrain_dataset_meta.json", "mark_retrain_consumed", "meta"
    ),
    Output(
        _TUNING,
        "run_optuna",
        "optimisations/optuna_xgb_recall_small.db",
        "save_best_params, app",
        "study",
    ),
    Output(
        _TUNING, "save_best_params", "models/best_params.json", "retrain_with_best, app", "params"
    ),
    Output(
        _TUNING,
        "retrain_with_best",
        "models/pipeline.joblib",
        "POST /predict, ensure_latest_model",
        "pipeline",
    ),
    Output(
        _TUNING,
        "retrain_with_best",
        "models/model_metadata.json",
        "ensure_latest_model, audit",
        "metadata",
    ),
    Output(
        _TUNING,
        "mark_retrain_consumed",
        "metrics/retrain_watermark.json",
        "read_quality_metrics",
        "watermark",
    ),
)


class Found(NamedTuple):
    """A file's size in bytes and when it was written."""

    size: int
    written: datetime


def found(settings: Settings, output: Output) -> Found | None:
    """What is there of an output; None for a value that is handed
    on, and where there is no file.
    """
    path: Path = settings.root / output.path
    if not output.path or not path.is_file():
        return None
    seen = path.stat()
    return Found(seen.st_size, datetime.fromtimestamp(seen.st_mtime, UTC))
