"""What `local_airflow.py` starts everything with: places, ports, secrets, the environment."""

import base64
import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from processes import answers

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("AIRFLOW_FOLDER") or ROOT / "build/airflow").resolve()
PORTS = {
    name: int(os.environ.get(name) or usual)
    for name, usual in {
        "AIRFLOW_PORT": 8080,
        "API_PORT": 8000,
        "MIRROR_PORT": 8010,
        "DATABASE_PORT": 5433,
    }.items()
}
AIRFLOW = Path(os.environ.get("AIRFLOW_VENV") or ROOT / ".venv-airflow").resolve() / "bin"
PYTHON = Path(os.environ.get("RAINCAST_PYTHON") or ROOT / ".venv/bin/python")

LIVED_DAYS = 15
"""Of simulated weather: so many days of forecasts with their truth."""


def own_secrets() -> dict[str, str]:
    """Made once, readable by their owner only."""
    path, names = FOLDER / "secrets.json", ("admin", "api_key", "database", "jwt", "session")
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        made = {name: secrets.token_hex(24) for name in names}
        _write_private(
            path, made | {"fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}
        )
    known = json.loads(path.read_text("utf-8"))
    _write_private(FOLDER / "passwords.json", {"admin": known["admin"]})
    return known


def _write_private(path: Path, value: dict[str, str]) -> None:
    part = path.with_suffix(".part")
    part.touch(0o600)
    part.write_text(json.dumps(value), "utf-8")
    os.replace(part, path)


def url(port: str) -> str:
    """Where the service with that port listens."""
    return f"http://127.0.0.1:{PORTS[port]}"


def environment_of(known: dict[str, str]) -> dict[str, str]:
    """For Airflow, for the API and for the tasks alike."""
    database = f"postgresql+psycopg2://airflow:{known['database']}@127.0.0.1:{PORTS['DATABASE_PORT']}/airflow"
    settings = {
        "CORE__DAGS_FOLDER": str(ROOT / "airflow/dags"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": os.environ.get("DAGS_PAUSED", "False"),
        "CORE__PARALLELISM": "4",
        "CORE__EXECUTION_API_SERVER_URL": f"{url('AIRFLOW_PORT')}/execution/",
        "CORE__FERNET_KEY": known["fernet"],
        "CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(FOLDER / "passwords.json"),
        "DATABASE__SQL_ALCHEMY_CONN": database,
        "API_AUTH__JWT_SECRET": known["jwt"],
        "API__SECRET_KEY": known["session"],
        "API__BASE_URL": url("AIRFLOW_PORT"),
        # Its own 5 s fail tasks on a busy machine.
        "WORKERS__EXECUTION_API_TIMEOUT": "60",
        "LOGGING__BASE_LOG_FOLDER": str(FOLDER / "logs/tasks"),
        # What a killed scheduler leaves behind is taken up within a minute.
        "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "20",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "45",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "10",
    }
    own = {} if "PROJECT_ROOT" in os.environ else simulated()
    tracking = (
        {"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"}
        if answers("http://127.0.0.1:5000/health")
        else {}
    )
    return (
        own
        | tracking
        | dict(os.environ)
        | {f"AIRFLOW__{name}": value for name, value in settings.items()}
        | {"AIRFLOW_HOME": str(FOLDER), "API_KEY": known["api_key"], "API_URL": url("API_PORT")}
        | {"RAINCAST_PYTHON": str(PYTHON), "PATH": f"{AIRFLOW}:{os.environ['PATH']}"}
    )


def simulated() -> dict[str, str]:
    """What differs from the settings' defaults in a simulated world: its history is short, its
    Bureau is ours.
    """
    began = datetime.now(UTC).date() - timedelta(days=LIVED_DAYS)
    year = {"TUNING_YEAR": str(began.year - 1), "TUNE_SECONDS": "60"}
    return year | {
        "PROJECT_ROOT": str(FOLDER / "replay/never"),
        "FETCH_PER_SECOND": "1000",
        "BUREAU_URL": url("MIRROR_PORT"),
    }
