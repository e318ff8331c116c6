"""The environment as one frozen `Settings`; nothing else reads it.

Each setting is stated once: its variable, default, range and sentence. `docs/settings.md`,
`.env.example` and the Compose files are written from here by `make settings`.
"""

import difflib
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from raincast.errors import BadInput, MissingSetting

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Variable:
    """One environment variable.

    Attributes:
        name: as the environment has it.
        about: one sentence for people.
        default: as people write it; empty if there is none.
        read: the value in a text; raises ValueError.
        least, most: the range of a number, both inclusive.
        secret: it must be shown nowhere; of an address, its password.
    """

    name: str
    about: str
    default: str = ""
    read: Callable[[str], object] = str
    least: float = -math.inf
    most: float = math.inf
    secret: bool = False

    def value(self, text: str) -> object:
        """The setting that a text says.

        Raises:
            ValueError: it is not of the kind, not finite, or outside the range.
        """
        value = self.read(text)
        if isinstance(value, int | float) and not (
            math.isfinite(value) and self.least <= value <= self.most
        ):
            raise ValueError(text)
        return value

    def expected(self) -> str:
        """What it must hold, in words."""
        kind = {int: "a whole number", float: "a number", _boolean: "true or false"}
        kind[_log_format] = "text or json"
        least = f", {self.least:g} or more" if math.isfinite(self.least) else ""
        most = f", {self.most:g} or less" if math.isfinite(self.most) else ""
        return kind.get(self.read, "a value") + least + most


def _boolean(text: str) -> bool:
    return bool(("false", "true").index(text.lower()))


def _log_format(text: str) -> str:
    return ("text", "json")[("text", "json").index(text.lower())]


def _address(text: str) -> str:
    return text.rstrip("/")


def _set(default: Any, name: str, about: str, shown: str | None = None, **how: Any) -> Any:
    text = str(default).lower() if isinstance(default, bool) else str(default)
    variable = Variable(name, about, text if shown is None else shown, **how)
    return field(default=default, metadata={"variable": variable})


@dataclass(frozen=True)
class Settings:
    """What can be set, with working defaults; secrets are not kept here but asked for when used."""

    root: Path = _set(
        REPOSITORY,
        "PROJECT_ROOT",
        "where `data/ models/ metrics/ outputs/ optimisations/` lie",
        "the repository",
        read=lambda text: Path(text).resolve(),
    )
    recall_threshold: float = _set(
        0.59,
        "RECALL_THRESHOLD",
        "live recall below which a search may start",
        read=float,
        least=0,
        most=1,
    )
    min_new_rows_for_retrain: int = _set(
        60,
        "MIN_NEW_ROWS_FOR_RETRAIN",
        "new station-days with truth that a search needs besides",
        read=int,
        least=0,
    )
    live_window: int = _set(
        200, "LIVE_WINDOW", "newest scored rows behind the live scores", read=int, least=1
    )
    decision_rule: str = _set(
        "specification",
        "DECISION_RULE",
        "`interval` requires the whole 95 % interval of the recall to lie below the threshold;"
        " `watch` an alarm of `raincast watch`",
    )
    min_wet_days: int = _set(
        50,
        "MIN_WET_DAYS",
        "fewest wet station-days behind the interval of the recall",
        read=int,
        least=0,
    )
    retrain_rest_days: float = _set(
        7.0,
        "RETRAIN_REST_DAYS",
        "fewest days between two retrainings under the rules `interval` and `watch`",
        read=float,
        least=0,
    )
    cheapest_first: bool = _set(
        False,
        "CHEAPEST_FIRST",
        "whether the watch's finding chooses the remedy, and new thresholds or a recalibration are"
        " tried on the journal before a search",
        read=_boolean,
    )
    watch_run_length_days: float = _set(
        730.0,
        "WATCH_RUN_LENGTH_DAYS",
        "bound on the watch's false alarms: days to the first one, at least and on average",
        read=float,
        least=2,
    )
    gate_margin: float = _set(
        0.002,
        "GATE_MARGIN",
        "rise of the Brier score that a challenger may bring, where it is compared on origins or"
        " serves in the shadow",
        read=float,
        least=0,
        most=1,
    )
    gate_origins: int = _set(
        0,
        "GATE_ORIGINS",
        "past cut-offs on which the settings of champion and challenger are compared; 0 for the"
        " newest days alone",
        read=int,
        least=0,
    )
    shadow_days: int = _set(
        0,
        "SHADOW_DAYS",
        "most days that a challenger of which nothing is sure serves in the shadow; 0 for none",
        read=int,
        least=0,
    )
    fetch_truth: bool = _set(
        False,
        "FETCH_TRUTH",
        "whether scoring asks the Bureau for the readings that the journal waits for",
        read=_boolean,
    )
    target_recall: float = _set(
        0.75,
        "TARGET_RECALL",
        "recall that the decision thresholds reach on the tuning year",
        read=float,
        least=0,
        most=1,
    )
    tuning_year: int | None = _set(
        None,
        "TUNING_YEAR",
        "year on which thresholds are chosen, by a model that is fitted to what lies before",
        "the last whole year before the last eighteen months",
        read=int,
    )
    tune_seconds: int = _set(600, "TUNE_SECONDS", "time for a search, s", read=int, least=0)
    tune_trials: int = _set(200, "TUNE_TRIALS", "most trials of a search", read=int, least=1)
    optuna_storage: str = _set(
        "",
        "OPTUNA_STORAGE",
        "where studies are kept: an SQLAlchemy address",
        "SQLite in `optimisations/`",
    )
    tracking_uri: str = _set(
        "",
        "MLFLOW_TRACKING_URI",
        "the tracking server; without one, runs are kept and `raincast track` sends them",
        read=_address,
    )
    bureau_url: str = _set(
        "http://www.bom.gov.au",
        "BUREAU_URL",
        "where the Bureau's files come from, over http, https or ftp",
        read=_address,
    )
    bureau_contact: str = _set(
        "https://github.com/raincast/raincast",
        "BUREAU_CONTACT",
        "whom the Bureau's operators can write to; sent with every request",
    )
    history_url: str = _set(
        "https://rattle.togaware.com/weatherAUS.csv",
        "HISTORY_URL",
        "where `raincast fetch-history` gets the historical file",
    )
    fetch_timeout_seconds: float = _set(
        10.0, "FETCH_TIMEOUT_SECONDS", "longest wait for a server, s", read=float, least=0.001
    )
    fetch_tries: int = _set(
        4, "FETCH_TRIES", "how often a file is asked for before it is given up", read=int, least=1
    )
    fetch_per_second: float = _set(
        1.0, "FETCH_PER_SECOND", "most requests to the Bureau per second", read=float, least=0.001
    )
    api_url: str = _set(
        "http://127.0.0.1:8000",
        "API_URL",
        "the API that the app and `raincast request-forecasts` ask",
        read=_address,
    )
    airflow_url: str = _set(
        "http://127.0.0.1:8080", "AIRFLOW_URL", "where the app finds Airflow", read=_address
    )

    alert_silent_days: int = _set(
        3,
        "ALERT_SILENT_DAYS",
        "days without an observation after which a station counts as silent",
        read=int,
        least=1,
    )
    alert_cool_down_hours: float = _set(
        24.0,
        "ALERT_COOL_DOWN_HOURS",
        "fewest hours between two messages about the same trouble",
        read=float,
        least=0,
    )
    log_format: str = _set(
        "text",
        "LOG_FORMAT",
        "`json`: every line of the log is a JSON object, for programs that gather logs",
        read=_log_format,
    )

    @property
    def params(self) -> Path:
        return self.root / "params.yaml"

    @property
    def stations(self) -> Path:
        return self.root / "stations.toml"

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
    def watch(self) -> Path:
        return self.metrics / "watch.json"

    @property
    def shadow(self) -> Path:
        return self.metrics / "shadow.json"

    @property
    def live_eval(self) -> Path:
        return self.metrics / "live_eval.json"

    @property
    def steps(self) -> Path:
        return self.metrics / "steps"

    @property
    def alarms(self) -> Path:
        return self.metrics / "alarms.json"

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
    def shadow_journal(self) -> Path:
        return self.root / "outputs/preds_shadow.csv"

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


ELSEWHERE = (
    Variable("API_KEY", "the API's bearer token; without it nothing is served", secret=True),
    Variable(
        "PROMETHEUS_MULTIPROC_DIR",
        "an empty folder where several workers of one API share their counters",
    ),
    Variable(
        "ALERT_URLS",
        "who is told of troubles: Apprise addresses such as `mailtos://…` or `json://…`, separated"
        " by blanks",
        secret=True,
    ),
    Variable("DAGSHUB_USERNAME", "login at DagsHub, for MLflow and DVC"),
    Variable("DAGSHUB_TOKEN", "token at DagsHub, for MLflow and DVC", secret=True),
    Variable(
        "DAGSHUB_REPOSITORY",
        "the repository there, for `scripts/dvc_remote.sh`",
        "USERNAME/raincast",
    ),
    Variable("AIRFLOW_USERNAME", "login at Airflow, if it asks for one"),
    Variable("AIRFLOW_PASSWORD", "password at Airflow, if it asks for one", secret=True),
    Variable(
        "OPTUNA_WORKERS",
        "tasks that search side by side; more than one needs `OPTUNA_STORAGE` on PostgreSQL",
        "1",
    ),
    Variable(
        "RAINCAST_PYTHON",
        "the Python with which Airflow's tasks run the product",
        "`.venv/bin/python`",
    ),
    Variable(
        "RAINCAST_RUN_ID",
        "the id of a run, for every line that its commands log; Airflow's tasks set it",
        "one for each process",
    ),
    Variable("PUBLISH", "`true`: the main DAG publishes the journal too"),
)
"""Secrets, which are asked for when used, and what shells beside the package read."""


def variables() -> dict[str, Variable]:
    """Every setting's variable by the name of its field."""
    return {f.name: f.metadata["variable"] for f in fields(Settings)}


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment asks for, defaults for the rest.

    Raises:
        BadInput: a variable does not hold the kind of value that it must, or one outside its range.
    """
    environment = os.environ if environment is None else environment
    chosen: dict[str, Any] = {}
    for name, variable in variables().items():
        text = environment.get(variable.name, "")
        if text:
            try:
                chosen[name] = variable.value(text)
            except ValueError as error:
                raise BadInput(
                    f"setting {variable.name}: found {text!r}, expected {variable.expected()}"
                ) from error
    return Settings(**chosen)


_NEAR = 0.85
"""How alike two names are (`difflib`) where the one is taken for a slip of the other: one or two
letters of twelve.
"""


def misspelt(environment: Mapping[str, str] | None = None) -> list[str]:
    """A line for each variable that is no setting but nearly one, as `RECALL_TRESHOLD` is."""
    environment = os.environ if environment is None else environment
    known = sorted(variable.name for variable in variables().values())
    lines = []
    for name in sorted(set(environment) - set(known)):
        near = difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
        if near:
            lines.append(f"{name} is no setting: is {near[0]} meant? It is not set by it")
    return lines


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


def secrets(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What must be shown nowhere, as far as it is set: each secret, and the passwords in all
    addresses.
    """
    environment = os.environ if environment is None else environment
    hidden = tuple(environment.get(v.name, "") for v in ELSEWHERE if v.secret)
    said = (environment.get(v.name, "") for v in variables().values() if v.read is not int)
    return _hidden(hidden, tuple(said))


@lru_cache(maxsize=4)
def _hidden(hidden: tuple[str, ...], addresses: tuple[str, ...]) -> tuple[str, ...]:
    """See `secrets`; every line of a log asks, and the environment seldom changes."""
    words = " ".join((*hidden, *addresses)).split()
    return tuple(sorted({*filter(None, hidden), *filter(None, map(_password, words))}))


def _password(address: str) -> str | None:
    try:
        return urlsplit(address).password
    except ValueError:
        return None


def run_id(environment: Mapping[str, str] | None = None) -> str:
    """The id that this process was given for its lines in the log; empty if none."""
    return (os.environ if environment is None else environment).get("RAINCAST_RUN_ID", "")


def alert_urls(environment: Mapping[str, str] | None = None) -> list[str]:
    """The addresses in ALERT_URLS, which are secrets; none where it is not set."""
    return (os.environ if environment is None else environment).get("ALERT_URLS", "").split()


def shares_counters(environment: Mapping[str, str] | None = None) -> bool:
    """Whether several workers share their counters; the Prometheus client reads where by itself."""
    environment = os.environ if environment is None else environment
    return bool(environment.get("PROMETHEUS_MULTIPROC_DIR"))


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
