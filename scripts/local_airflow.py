"""Airflow on this machine, without Docker: `make airflow`, `make airflow-stop`.

    python scripts/local_airflow.py start [SERVICE]     everything, or one of Airflow's four that
    has ended
    python scripts/local_airflow.py stop|status
    python scripts/local_airflow.py world               the simulated weather alone
    python scripts/local_airflow.py airflow WORDS…      any command of Airflow, with the settings of
    what runs

It starts PostgreSQL (Debian's), Airflow's API server, scheduler, dag-processor and triggerer, and
what the DAGs work on: the API and the mirror of the Bureau over simulated weather, in which a small
model has lived for some days already. All listen on loopback. Everything lies in one folder; `stop`
ends exactly what `start` has started.

    AIRFLOW_FOLDER   where: build/airflow
    AIRFLOW_PORT, API_PORT, MIRROR_PORT, DATABASE_PORT   8080, 8000, 8010, 5433
    PROJECT_ROOT     a folder of your own instead of simulated weather; BUREAU_URL says then where
    files come from
"""

import base64
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import postgres
from processes import Started, answers, wait_for

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
SERVICES = ("api-server", "scheduler", "dag-processor", "triggerer")

HISTORY_DAYS, LIVED_DAYS = 950, 15
"""Simulated weather: so many days of history, and of forecasts with their truth."""
SMALL = (
    '{"n_estimators": 8, "learning_rate": 0.3, "max_depth": 4, "perceptrons": 0, "networks": 0,'
    ' "n_jobs": 1}'
)


def start() -> None:
    started = Started(FOLDER)
    if started.alive():
        raise SystemExit(
            f"it runs already ({', '.join(started.alive())}); `make airflow-stop` ends it"
        )
    started.forget()
    known = _secrets()
    environment = _environment(known)
    weather = _world(environment)
    _database(started, known["database"])
    _airflow("db", "migrate", environment=environment)
    slots = environment.get("OPTUNA_WORKERS") or "1"
    _airflow("pools", "set", "heavy", slots, "searches and fits", environment=environment)
    if weather:
        _start_mirror(started, weather, environment)
    serve = [str(PYTHON), "-m", "raincast", "serve", "--port", str(PORTS["API_PORT"])]
    started.start("api", serve, environment, ROOT)
    for service in SERVICES:
        started.start(service, _service(service), environment, ROOT)
    wait_for(f"{environment['API_URL']}/health", started, "api", 60)
    wait_for(f"{_url('AIRFLOW_PORT')}/api/v2/monitor/health", started, "api-server", 180)
    _say(f"Airflow: {_url('AIRFLOW_PORT')}, user admin, password in {FOLDER / 'passwords.json'}")
    _say(
        f"the API: {environment['API_URL']}, its token in {FOLDER / 'secrets.json'}; logs in"
        f" {FOLDER / 'logs'}"
    )


def stop() -> None:
    started = Started(FOLDER)
    for name in reversed(list(started.all())):
        if name == "postgres" and name in started.alive():
            postgres.stop(_database_folder())
        started.stop(name)
    started.forget()


def status() -> None:
    started = Started(FOLDER)
    alive = started.alive()
    _say(
        "\n".join(f"{name:<15}{'runs' if name in alive else 'has ended'}" for name in started.all())
        or "nothing runs"
    )


def world() -> None:
    _world(_environment(_secrets()))
    _say(json.dumps(_simulated()))


def start_one(service: str) -> None:
    started = Started(FOLDER)
    if service in started.alive():
        raise SystemExit(f"{service} runs already")
    started.start(service, _service(service), _environment(_secrets()), ROOT)


def _say(text: str) -> None:
    print(text)  # noqa: T201


def _secrets() -> dict[str, str]:
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


def _url(port: str) -> str:
    return f"http://127.0.0.1:{PORTS[port]}"


def _environment(known: dict[str, str]) -> dict[str, str]:
    """For Airflow, for the API and for the tasks alike."""
    database = f"postgresql+psycopg2://airflow:{known['database']}@127.0.0.1:{PORTS['DATABASE_PORT']}/airflow"
    settings = {
        "CORE__DAGS_FOLDER": str(ROOT / "airflow/dags"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": os.environ.get("DAGS_PAUSED", "False"),
        "CORE__PARALLELISM": "4",
        "CORE__EXECUTION_API_SERVER_URL": f"{_url('AIRFLOW_PORT')}/execution/",
        "CORE__FERNET_KEY": known["fernet"],
        "CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(FOLDER / "passwords.json"),
        "DATABASE__SQL_ALCHEMY_CONN": database,
        "API_AUTH__JWT_SECRET": known["jwt"],
        "API__SECRET_KEY": known["session"],
        "API__BASE_URL": _url("AIRFLOW_PORT"),
        # Its own 5 s fail tasks on a busy machine.
        "WORKERS__EXECUTION_API_TIMEOUT": "60",
        "LOGGING__BASE_LOG_FOLDER": str(FOLDER / "logs/tasks"),
        # What a killed scheduler leaves behind is taken up within a minute.
        "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "20",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "45",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "10",
    }
    own = {} if "PROJECT_ROOT" in os.environ else _simulated()
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
        | {"AIRFLOW_HOME": str(FOLDER), "API_KEY": known["api_key"], "API_URL": _url("API_PORT")}
        | {"RAINCAST_PYTHON": str(PYTHON), "PATH": f"{AIRFLOW}:{os.environ['PATH']}"}
    )


def _simulated() -> dict[str, str]:
    """What differs from the settings' defaults in a simulated world: its history is short, its
    Bureau is ours.
    """
    began = datetime.now(UTC).date() - timedelta(days=LIVED_DAYS)
    year = {"TUNING_YEAR": str(began.year - 1), "TUNE_SECONDS": "60"}
    return year | {
        "PROJECT_ROOT": str(FOLDER / "replay/never"),
        "FETCH_PER_SECOND": "1000",
        "BUREAU_URL": _url("MIRROR_PORT"),
    }


def _world(environment: dict[str, str]) -> Path | None:
    """Simulated weather around today, in which a model has lived for some days; its file. None with
    a folder of one's own.
    """
    if "PROJECT_ROOT" in os.environ:
        return None
    today, weather = datetime.now(UTC).date(), FOLDER / "weather"
    if (FOLDER / "replay/steps.csv").exists():
        return weather / "weatherAUS.csv"
    first, last = today - timedelta(days=HISTORY_DAYS), today + timedelta(days=30)
    alone = environment | {"PROJECT_ROOT": str(weather), "MLFLOW_TRACKING_URI": ""}
    _raincast(
        "simulate",
        "--start",
        str(first),
        "--end",
        str(last),
        "--out",
        str(weather),
        environment=alone,
    )
    file = next(weather.rglob("weatherAUS.csv"))
    if file != weather / "weatherAUS.csv":
        shutil.move(file, weather / "weatherAUS.csv")
    span = [
        "--start",
        str(today - timedelta(days=LIVED_DAYS)),
        "--end",
        str(today - timedelta(days=1)),
    ]
    what = [
        "--data",
        str(weather / "weatherAUS.csv"),
        "--fit",
        "--params",
        SMALL,
        "--out",
        str(FOLDER / "replay"),
    ]
    _raincast("replay", *span, *what, environment=alone)
    return weather / "weatherAUS.csv"


def _start_mirror(started: Started, weather: Path, environment: dict[str, str]) -> None:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    words = [
        "mirror",
        "--data",
        str(weather),
        "--at",
        now,
        "--run",
        "--port",
        str(PORTS["MIRROR_PORT"]),
    ]
    started.start("mirror", [str(PYTHON), "-m", "raincast", *words], environment, ROOT)
    wait_for(f"{_url('MIRROR_PORT')}/clock", started, "mirror", 60)


def _raincast(*words: str, environment: dict[str, str]) -> None:
    subprocess.run([PYTHON, "-m", "raincast", *words], cwd=ROOT, env=environment, check=True)  # noqa: S603


def _airflow(*words: str, environment: dict[str, str]) -> None:
    log = FOLDER / "logs/airflow.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        done = subprocess.run(  # noqa: S603
            [AIRFLOW / "airflow", *words], env=environment, stdout=out, stderr=out
        )
    if done.returncode:
        raise SystemExit(
            f"`airflow {' '.join(words)}` ended with {done.returncode}; its log: {log}"
        )


def _service(name: str) -> list[str]:
    where = ["--host", "127.0.0.1", "--port", str(PORTS["AIRFLOW_PORT"]), "--workers", "1"]
    # The API server reads the tasks' logs from the folder; their own servers listen everywhere.
    quiet = ["--skip-serve-logs"] if name in ("scheduler", "triggerer") else []
    return [str(AIRFLOW / "airflow"), name, *(where if name == "api-server" else quiet)]


def _database(started: Started, password: str) -> None:
    started.keep(
        "postgres", postgres.start(_database_folder(), PORTS["DATABASE_PORT"], "airflow", password)
    )
    address = f"postgresql://airflow@127.0.0.1:{PORTS['DATABASE_PORT']}/postgres"
    create = (
        "import psycopg2, sys; c = psycopg2.connect(sys.argv[1]); c.autocommit = True; k ="
        ' c.cursor()\nk.execute("select 1 from pg_database where datname ='
        " 'airflow'\")\nk.fetchone() or k.execute('create database airflow')"
    )
    given = {**os.environ, "PGPASSWORD": password}
    subprocess.run([AIRFLOW / "python", "-c", create, address], env=given, check=True)  # noqa: S603


def _database_folder() -> Path:
    """Beside everything else; for root in PostgreSQL's own home, because its user may not enter
    ours.
    """
    if os.geteuid() != 0:
        return FOLDER / "postgres"
    return postgres.HOME / f"raincast-{hashlib.sha256(str(FOLDER).encode()).hexdigest()[:12]}"


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["airflow"]:
        os.execve(AIRFLOW / "airflow", words, _environment(_secrets()))  # noqa: S606
    elif len(words) == 2 and words[0] == "start" and words[1] in SERVICES:
        start_one(words[1])
    elif len(words) == 1 and words[0] in ("start", "stop", "status", "world"):
        {"start": start, "stop": stop, "status": status, "world": world}[words[0]]()
    else:
        raise SystemExit(
            f"found {' '.join(words) or 'nothing'}, expected start, stop, status, world, or start"
            f" and one of {SERVICES}"
        )
