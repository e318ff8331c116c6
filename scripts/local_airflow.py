"""Airflow on this machine, without Docker: `make airflow`, `make airflow-stop`.

    python scripts/local_airflow.py start [SERVICE]     everything, or an ended one of
                                                        Airflow's four
    python scripts/local_airflow.py stop|status
    python scripts/local_airflow.py world               the simulated weather alone
    python scripts/local_airflow.py airflow WORDS…      any command of Airflow, with the
                                                        settings of what runs

It starts PostgreSQL (Debian's), Airflow's API server, scheduler, dag-processor and triggerer, and
what the DAGs work on: the API and the mirror of the Bureau over simulated weather, in which a small
model has lived for some days already. All listen on loopback. Everything lies in one folder; `stop`
ends exactly what `start` has started.

    AIRFLOW_FOLDER   where: build/airflow
    AIRFLOW_PORT, API_PORT, MIRROR_PORT, DATABASE_PORT   8080, 8000, 8010, 5433
    PROJECT_ROOT     a folder of your own instead of simulated weather; BUREAU_URL
                     says then where files come from
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import airflow_world
import postgres
from airflow_settings import (
    AIRFLOW,
    FOLDER,
    PORTS,
    PYTHON,
    ROOT,
    environment_of,
    own_secrets,
    simulated,
    url,
)
from processes import Started, wait_for

SERVICES = ("api-server", "scheduler", "dag-processor", "triggerer")


def start() -> None:
    started = Started(FOLDER)
    if started.alive():
        raise SystemExit(
            f"it runs already ({', '.join(started.alive())}); `make airflow-stop` ends it"
        )
    started.forget()
    known = own_secrets()
    environment = environment_of(known)
    weather = airflow_world.made(environment)
    _database(started, known["database"])
    _airflow("db", "migrate", environment=environment)
    slots = environment.get("OPTUNA_WORKERS") or "1"
    _airflow("pools", "set", "heavy", slots, "searches and fits", environment=environment)
    if weather:
        airflow_world.start_mirror(started, weather, environment)
    serve = [str(PYTHON), "-m", "raincast", "serve", "--port", str(PORTS["API_PORT"])]
    started.start("api", serve, environment, ROOT)
    for service in SERVICES:
        started.start(service, _service(service), environment, ROOT)
    wait_for(f"{environment['API_URL']}/health", started, "api", 60)
    wait_for(f"{url('AIRFLOW_PORT')}/api/v2/monitor/health", started, "api-server", 180)
    _say(f"Airflow: {url('AIRFLOW_PORT')}, user admin, password in {FOLDER / 'passwords.json'}")
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
    airflow_world.made(environment_of(own_secrets()))
    _say(json.dumps(simulated()))


def start_one(service: str) -> None:
    started = Started(FOLDER)
    if service in started.alive():
        raise SystemExit(f"{service} runs already")
    started.start(service, _service(service), environment_of(own_secrets()), ROOT)


def _say(text: str) -> None:
    print(text)  # noqa: T201


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
        os.execve(AIRFLOW / "airflow", words, environment_of(own_secrets()))  # noqa: S606
    elif len(words) == 2 and words[0] == "start" and words[1] in SERVICES:
        start_one(words[1])
    elif len(words) == 1 and words[0] in ("start", "stop", "status", "world"):
        {"start": start, "stop": stop, "status": status, "world": world}[words[0]]()
    else:
        raise SystemExit(
            f"found {' '.join(words) or 'nothing'}, expected start, stop, status, world, or start"
            f" and one of {SERVICES}"
        )
