"""Simulated weather around today for `local_airflow.py`, and the mirror that gives it out."""

import os
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from airflow_settings import FOLDER, LIVED_DAYS, PORTS, PYTHON, ROOT, url
from processes import Started, wait_for

HISTORY_DAYS = 950
SMALL = (
    '{"n_estimators": 8, "learning_rate": 0.3, "max_depth": 4, "perceptrons": 0, "networks": 0,'
    ' "fit_rows": 20000, "n_jobs": 1}'
)
"""Of few rows: a retraining keeps that bound, with as many trees as its search has found."""


def made(environment: dict[str, str]) -> Path | None:
    """Simulated weather around today, in which a model has lived for some days; its file. None with
    a folder of one's own.
    """
    if "PROJECT_ROOT" in os.environ:
        return None
    today, weather = datetime.now(UTC).date(), FOLDER / "weather"
    if (FOLDER / "replay/steps.csv").exists():
        return weather / "weatherAUS.csv"
    alone = environment | {"PROJECT_ROOT": str(weather), "MLFLOW_TRACKING_URI": ""}
    span = _span(today - timedelta(days=HISTORY_DAYS), today + timedelta(days=30))
    _raincast("simulate", *span, "--out", str(weather), environment=alone)
    file = next(weather.rglob("weatherAUS.csv"))
    if file != weather / "weatherAUS.csv":
        shutil.move(file, weather / "weatherAUS.csv")
    lived = _span(today - timedelta(days=LIVED_DAYS), today - timedelta(days=1))
    data, out = str(weather / "weatherAUS.csv"), str(FOLDER / "replay")
    fit = ("--fit", "--params", SMALL)
    _raincast("replay", *lived, "--data", data, *fit, "--out", out, environment=alone)
    return weather / "weatherAUS.csv"


def _span(first: date, last: date) -> tuple[str, ...]:
    return "--start", str(first), "--end", str(last)


def start_mirror(started: Started, weather: Path, environment: dict[str, str]) -> None:
    """The Bureau's mirror over that file, whose clock runs."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    data, port = ("--data", str(weather)), ("--port", str(PORTS["MIRROR_PORT"]))
    words = ["mirror", *data, "--at", now, "--run", *port]
    started.start("mirror", [str(PYTHON), "-m", "raincast", *words], environment, ROOT)
    wait_for(f"{url('MIRROR_PORT')}/clock", started, "mirror", 60)


def _raincast(*words: str, environment: dict[str, str]) -> None:
    subprocess.run([PYTHON, "-m", "raincast", *words], cwd=ROOT, env=environment, check=True)  # noqa: S603
