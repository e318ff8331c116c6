"""What can be set, as one frozen `Settings`."""

from dataclasses import dataclass
from pathlib import Path

from raincast.settings.paths import Paths
from raincast.settings.variable import address, boolean, folder, log_format, stated

MOST_DAYS = 36_500
"""A century: more than this no calendar reckons with."""
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Settings(Paths):
    """What can be set, with working defaults. Secrets are asked for when used and not kept here,
    but for `DATABASE_URL`: a replay and the demonstration do without it by value.
    """

    root: Path = stated(
        REPOSITORY,
        "PROJECT_ROOT",
        "where `data/ models/ metrics/ outputs/ optimisations/` lie",
        "the repository",
        read=folder,
    )
    recall_threshold: float = stated(
        0.59,
        "RECALL_THRESHOLD",
        "live recall below which a search may start",
        read=float,
        least=0,
        most=1,
    )
    min_new_rows_for_retrain: int = stated(
        60,
        "MIN_NEW_ROWS_FOR_RETRAIN",
        "new station-days with truth that a search needs besides",
        read=int,
        least=0,
    )
    live_window: int = stated(
        200, "LIVE_WINDOW", "newest scored rows behind the live scores", read=int, least=1
    )
    decision_rule: str = stated(
        "specification",
        "DECISION_RULE",
        "`interval` requires the whole 95 % interval of the recall to lie below the threshold;"
        " `watch` an alarm of `raincast watch`",
    )
    min_wet_days: int = stated(
        50,
        "MIN_WET_DAYS",
        "fewest wet station-days behind the interval of the recall",
        read=int,
        least=0,
    )
    retrain_rest_days: float = stated(
        7.0,
        "RETRAIN_REST_DAYS",
        "fewest days between two retrainings under the rules `interval` and `watch`",
        read=float,
        least=0,
        most=MOST_DAYS,
    )
    cheapest_first: bool = stated(
        False,
        "CHEAPEST_FIRST",
        "whether the watch's finding chooses the remedy, and new thresholds or a recalibration are"
        " tried on the journal before a search",
        read=boolean,
    )
    watch_run_length_days: float = stated(
        730.0,
        "WATCH_RUN_LENGTH_DAYS",
        "bound on the watch's false alarms: days to the first one, at least and on average",
        read=float,
        least=2,
        most=MOST_DAYS,
    )
    gate_margin: float = stated(
        0.002,
        "GATE_MARGIN",
        "rise of the Brier score that a challenger may bring, where it is compared on origins or"
        " serves in the shadow",
        read=float,
        least=0,
        most=1,
    )
    gate_origins: int = stated(
        0,
        "GATE_ORIGINS",
        "past cut-offs on which the settings of champion and challenger are compared; 0 for the"
        " newest days alone",
        read=int,
        least=0,
    )
    shadow_days: int = stated(
        0,
        "SHADOW_DAYS",
        "most days that a challenger of which nothing is sure serves in the shadow; 0 for none",
        read=int,
        least=0,
        most=MOST_DAYS,
    )
    fetch_truth: bool = stated(
        False,
        "FETCH_TRUTH",
        "whether scoring asks the Bureau for the readings that the journal waits for",
        read=boolean,
    )
    target_recall: float = stated(
        0.75,
        "TARGET_RECALL",
        "recall that the decision thresholds reach on the tuning year",
        read=float,
        least=0,
        most=1,
    )
    tuning_year: int | None = stated(
        None,
        "TUNING_YEAR",
        "year on which thresholds are chosen, by a model that is fitted to what lies before",
        "the last whole year before the last eighteen months",
        read=int,
    )
    tune_seconds: int = stated(600, "TUNE_SECONDS", "time for a search, s", read=int, least=0)
    tune_trials: int = stated(200, "TUNE_TRIALS", "most trials of a search", read=int, least=1)
    fit_priority: int = stated(
        10,
        "FIT_PRIORITY",
        "how far a fit stands back for what else runs on the machine, as the API (`nice`)",
        read=int,
        least=0,
        most=19,
    )
    fit_cores: int = stated(
        0, "FIT_CORES", "most processor cores of a fit", "all", read=int, least=0
    )
    database: str = stated(
        "",
        "DATABASE_URL",
        "where archive, journal, scored rows, registry history and runs are kept: an address of"
        " PostgreSQL, `postgresql://USER:PASSWORD@HOST/NAME`",
        "files under `PROJECT_ROOT`",
        secret=True,
    )
    optuna_storage: str = stated(
        "",
        "OPTUNA_STORAGE",
        "where studies are kept: an SQLAlchemy address",
        "SQLite in `optimisations/`",
    )
    cluster: str = stated(
        "",
        "DASK_ADDRESS",
        "the Dask scheduler whose workers fit, hindcast and replay: `tcp://HOST:8786`",
        "none, this process does",
        read=address,
    )
    tracking_uri: str = stated(
        "",
        "MLFLOW_TRACKING_URI",
        "the tracking server; without one, runs are kept and `raincast track` sends them",
        read=address,
    )
    bureau_url: str = stated(
        "http://www.bom.gov.au",
        "BUREAU_URL",
        "where the Bureau's daily files come from, over http, https or ftp; `none` where only"
        " FEED_URLS are asked for",
        read=address,
    )
    feed_urls: str = stated(
        "",
        "FEED_URLS",
        "files that each round to the Bureau asks for too, addresses parted by blanks: the"
        " half-hourly feed, or another form that `raincast ingest` reads",
        "none",
    )
    bureau_contact: str = stated(
        "https://github.com/raincast/raincast",
        "BUREAU_CONTACT",
        "whom the Bureau's operators can write to; sent with every request",
    )
    history_url: str = stated(
        "https://rattle.togaware.com/weatherAUS.csv",
        "HISTORY_URL",
        "where `raincast fetch-history` gets the historical file",
    )
    fetch_timeout_seconds: float = stated(
        10.0,
        "FETCH_TIMEOUT_SECONDS",
        "longest wait for a server, s",
        read=float,
        least=0.001,
        most=86_400,
    )
    fetch_tries: int = stated(
        4, "FETCH_TRIES", "how often a file is asked for before it is given up", read=int, least=1
    )
    fetch_per_second: float = stated(
        1.0, "FETCH_PER_SECOND", "most requests to the Bureau per second", read=float, least=0.001
    )
    api_url: str = stated(
        "http://127.0.0.1:8000",
        "API_URL",
        "the API that the app and `raincast request-forecasts` ask",
        read=address,
    )
    airflow_url: str = stated(
        "http://127.0.0.1:8080", "AIRFLOW_URL", "where the app finds Airflow", read=address
    )

    alert_silent_days: int = stated(
        3,
        "ALERT_SILENT_DAYS",
        "days without an observation after which a station counts as silent",
        read=int,
        least=1,
        most=MOST_DAYS,
    )
    alert_cool_down_hours: float = stated(
        24.0,
        "ALERT_COOL_DOWN_HOURS",
        "fewest hours between two messages about the same trouble",
        read=float,
        least=0,
        most=24 * MOST_DAYS,
    )
    log_format: str = stated(
        "text",
        "LOG_FORMAT",
        "`json`: every line of the log is a JSON object, for programs that gather logs",
        read=log_format,
    )

    @property
    def studies(self) -> str:
        """The search database's address; SQLite beside the search unless `OPTUNA_STORAGE` says
        otherwise.
        """
        return (
            self.optuna_storage
            or f"sqlite:///{self.root / 'optimisations/optuna_xgb_recall_small.db'}"
        )
