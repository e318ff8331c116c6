"""The environment as one frozen `Settings`; nothing else reads it."""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from raincast.errors import BadInput, MissingSetting

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What can be set, with working defaults; secrets are not kept here but asked for when used.

    `root` is where `data/ models/ metrics/ outputs/ optimisations/` lie.
    """

    root: Path = REPOSITORY
    recall_threshold: float = 0.59
    min_new_rows_for_retrain: int = 60
    live_window: int = 200
    decision_rule: str = "specification"
    min_wet_days: int = 50
    retrain_rest_days: float = 7.0
    fetch_truth: bool = False
    target_recall: float = 0.75
    tuning_year: int = 2015
    tune_seconds: int = 600
    tune_trials: int = 200
    optuna_storage: str = ""
    tracking_uri: str = ""
    bureau_url: str = "http://www.bom.gov.au"
    bureau_contact: str = "https://github.com/raincast/raincast"
    history_url: str = "https://rattle.togaware.com/weatherAUS.csv"
    fetch_timeout_seconds: float = 10.0
    fetch_tries: int = 4
    fetch_per_second: float = 1.0
    api_url: str = "http://127.0.0.1:8000"
    airflow_url: str = "http://127.0.0.1:8080"

    @property
    def params(self) -> Path:
        return self.root / "params.yaml"

    @property
    def raw_history(self) -> Path:
        return self.root / "data/raw/weatherAUS.csv"

    @property
    def archive(self) -> Path:
        return self.root / "data/archive.sqlite"

    @property
    def fetch_cache(self) -> Path:
        return self.root / "data/fetched"

    @property
    def prepared(self) -> Path:
        return self.root / "data/processed/weatherAUS_prepared.csv"

    @property
    def prepared_meta(self) -> Path:
        return self.root / "data/processed/prepared_meta.json"

    @property
    def retrain_dataset(self) -> Path:
        return self.root / "data/processed/weatherAUS_retrain.csv"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def trained(self) -> Path:
        return self.models / "trained"

    @property
    def best_params(self) -> Path:
        return self.models / "best_params.json"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics"

    @property
    def train_metrics(self) -> Path:
        return self.metrics / "train.json"

    @property
    def plots(self) -> Path:
        return self.metrics / "plots"

    @property
    def runs(self) -> Path:
        return self.metrics / "runs.jsonl"

    @property
    def live_eval(self) -> Path:
        return self.metrics / "live_eval.json"

    @property
    def retrain_meta(self) -> Path:
        return self.metrics / "retrain_dataset_meta.json"

    @property
    def watermark(self) -> Path:
        return self.metrics / "retrain_watermark.json"

    @property
    def journal(self) -> Path:
        return self.root / "outputs/preds_api.csv"

    @property
    def scored_journal(self) -> Path:
        return self.root / "outputs/preds_api_scored.csv"

    @property
    def studies(self) -> str:
        """The search database's address; SQLite beside the search unless `OPTUNA_STORAGE` says
        otherwise.
        """
        return (
            self.optuna_storage
            or f"sqlite:///{self.root / 'optimisations/optuna_xgb_recall_small.db'}"
        )


_NAMES: dict[str, tuple[str, Callable[[str], object]]] = {
    "root": ("PROJECT_ROOT", lambda text: Path(text).resolve()),
    "recall_threshold": ("RECALL_THRESHOLD", float),
    "min_new_rows_for_retrain": ("MIN_NEW_ROWS_FOR_RETRAIN", int),
    "live_window": ("LIVE_WINDOW", int),
    "decision_rule": ("DECISION_RULE", str),
    "min_wet_days": ("MIN_WET_DAYS", int),
    "retrain_rest_days": ("RETRAIN_REST_DAYS", float),
    "fetch_truth": ("FETCH_TRUTH", lambda text: bool(("false", "true").index(text.lower()))),
    "target_recall": ("TARGET_RECALL", float),
    "tuning_year": ("TUNING_YEAR", int),
    "tune_seconds": ("TUNE_SECONDS", int),
    "tune_trials": ("TUNE_TRIALS", int),
    "optuna_storage": ("OPTUNA_STORAGE", str),
    "tracking_uri": ("MLFLOW_TRACKING_URI", lambda text: text.rstrip("/")),
    "bureau_url": ("BUREAU_URL", lambda text: text.rstrip("/")),
    "bureau_contact": ("BUREAU_CONTACT", str),
    "history_url": ("HISTORY_URL", str),
    "fetch_timeout_seconds": ("FETCH_TIMEOUT_SECONDS", float),
    "fetch_tries": ("FETCH_TRIES", int),
    "fetch_per_second": ("FETCH_PER_SECOND", float),
    "api_url": ("API_URL", lambda text: text.rstrip("/")),
    "airflow_url": ("AIRFLOW_URL", lambda text: text.rstrip("/")),
}

_LEAST: dict[str, float] = {
    "recall_threshold": 0,
    "min_new_rows_for_retrain": 0,
    "live_window": 1,
    "min_wet_days": 0,
    "retrain_rest_days": 0,
    "target_recall": 0,
    "tune_seconds": 0,
    "tune_trials": 1,
    "fetch_timeout_seconds": 0.001,
    "fetch_tries": 1,
    "fetch_per_second": 0.001,
}
_MOST = {"target_recall": 1.0}


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment asks for, defaults for the rest.

    Raises:
        BadInput: a variable does not hold the kind of value that it must, or one outside its range.
    """
    environment = os.environ if environment is None else environment
    chosen: dict[str, object] = {}
    for name, (variable, read) in _NAMES.items():
        text = environment.get(variable, "")
        if text:
            try:
                chosen[name] = _within(name, read(text))
            except ValueError as error:
                raise BadInput(
                    f"setting {variable}: found {text!r}, expected {_expected(name)}"
                ) from error
    return Settings(**chosen)  # type: ignore[arg-type]


def _within(name: str, value: object) -> object:
    """The value, a number only where it is finite and in the setting's range."""
    if isinstance(value, int | float):
        least, most = _LEAST.get(name, -math.inf), _MOST.get(name, math.inf)
        if not (math.isfinite(value) and least <= value <= most):
            raise ValueError(name)
    return value


def _expected(name: str) -> str:
    """What a setting must hold, in words."""
    least = f", {_LEAST[name]:g} or more" if name in _LEAST else ""
    most = f", {_MOST[name]:g} or less" if name in _MOST else ""
    return f"a value of type {type(getattr(Settings, name)).__name__}{least}{most}"


def for_child(**added: str) -> dict[str, str]:
    """The environment for a process that this one starts, with some variables more."""
    return {**os.environ, **added}


def secret(name: str, environment: Mapping[str, str] | None = None) -> str:
    """A secret, asked for when it is used.

    Raises:
        MissingSetting: it is not in the environment.
    """
    value = (os.environ if environment is None else environment).get(name, "")
    if not value:
        raise MissingSetting(f"{name} is not set: put it in the environment; it has no default")
    return value


def tracking_login(
    uri: str, environment: Mapping[str, str] | None = None
) -> tuple[str, str] | None:
    """DAGSHUB_USERNAME and DAGSHUB_TOKEN where the address is DagsHub's over https; nobody else is
    shown them.

    Raises:
        MissingSetting: the address is DagsHub's, and one of them is not set.
    """
    address = urlsplit(uri)
    ours = address.hostname == "dagshub.com" or str(address.hostname).endswith(".dagshub.com")
    if address.scheme != "https" or not ours:
        return None
    return secret("DAGSHUB_USERNAME", environment), secret("DAGSHUB_TOKEN", environment)
