"""Two hundred stations that only GHCN has: from their files to a model and forecasts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.observations.network import Network
from raincast.simulator import Climate, simulate
from raincast.store import network as table
from tests.many import stations

ROOT = Path(__file__).resolve().parents[2]
COUNT, DAYS = 200, 770
"""Of days so many that a whole calendar year lies within, and some before it, at any time."""
TODAY = datetime.now(UTC).date()
ELEMENTS = {"PRCP": "Rainfall", "TMAX": "MaxTemp", "TMIN": "MinTemp"}
PARAMS = "train: {n_estimators: 20, networks: 0, perceptrons: 0}\n"


def gauge(number: int) -> str:
    return f"{900_000 + number:06d}"


def months(rows: pd.DataFrame, key: str) -> Iterator[str]:
    """A station's rows as the lines of its `.dly`."""
    for month, some in rows.groupby(rows["Date"].dt.strftime("%Y%m")):
        for element, name in ELEMENTS.items():
            told = dict(zip(some["Date"].dt.day, np.round(some[name] * 10), strict=True))
            values = (told.get(day, np.nan) for day in range(1, 32))
            cells = (-9999 if np.isnan(value) else int(value) for value in values)
            yield f"{key}{month}{element}" + "".join(f"{cell:5d}   " for cell in cells)


def raincast(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "raincast", *words],
        env=os.environ | {"PROJECT_ROOT": str(root)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose table has the stations, and their files beside it."""
    made = tmp_path_factory.mktemp("ghcn")
    new = stations(COUNT)
    lines = ["name,latitude,longitude,time_zone,gauges,neighbour"]
    lines += [
        f"{s.location},{s.latitude},{s.longitude},Australia/Sydney,{gauge(i)},true"
        for i, s in enumerate(new)
    ]
    (made / "stations.csv").write_text("\n".join(lines) + "\n")
    (made / "params.yaml").write_text(PARAMS)
    done = raincast(made, "stations", "import", str(made / "stations.csv"))
    assert done.returncode == 0, done.stderr
    known: Network = table.read(made / "stations.toml")
    first, last = TODAY - timedelta(days=DAYS), TODAY - timedelta(days=1)
    rows = simulate(first, last, 5, Climate(gaps=0), known.only([s.location for s in new]))
    folder = made / "files"
    folder.mkdir()
    by_name = dict(iter(rows.groupby("Location")))
    for i, s in enumerate(new):
        key = f"ASN00{gauge(i)}"
        (folder / f"{key}.dly").write_text("\n".join(months(by_name[s.location], key)) + "\n")
    return made


@pytest.mark.slow
def test_their_files_become_a_history_a_model_and_forecasts(root: Path) -> None:
    for words in (("ingest", str(root / "files")), ("prepare", "--from-archive"), ("train",)):
        done = raincast(root, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert raincast(root, "evaluate", "--out", str(root / "evaluation.json")).returncode == 0
    told = json.loads((root / "evaluation.json").read_text())
    skill = told["regimes"]["complete"]["brier_skill"]
    assert skill > 0, "rain and temperatures of two hundred neighbours say something of tomorrow"
    done = raincast(root, "predict", "--all", "--json")
    made = {row["location"] for row in json.loads(done.stdout)}
    assert made >= {s.location for s in stations(COUNT)}
    for words in (("score",), ("decide",), ("validate",), ("doctor",)):
        done = raincast(root, *words)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_history_that_is_there_is_not_written_over(root: Path) -> None:
    done = raincast(root, "prepare", "--from-archive")
    assert done.returncode != 0
    assert "expected none to be there" in done.stderr
