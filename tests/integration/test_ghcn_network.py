"""Two hundred stations that only GHCN has: from their files to a model and forecasts, and the whole
loop over them.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.decisions.decided import SKIP, TRIGGER
from raincast.forecasts import basis
from raincast.loop import history, ingest, round, train
from raincast.observations.network import Network, within
from raincast.settings import Settings
from raincast.simulator import Climate, simulate
from raincast.store import network as table
from raincast.store import params, stores
from tests.commands import raincast
from tests.integration.conftest import settings_of
from tests.many import stations

COUNT, DAYS = 200, 770
"""Of days so many that a whole calendar year lies within, and some before it, at any time."""
TODAY = datetime.now(UTC).date()
ELEMENTS = {"PRCP": "Rainfall", "TMAX": "MaxTemp", "TMIN": "MinTemp"}
TREES = "n_estimators: 8, learning_rate: 0.3, max_depth: 4, networks: 0, perceptrons: 0"
PARAMS = f"train: {{{TREES}}}\nevaluate: {{baselines: false}}\n"
LEARNED = date(2014, 10, 1), date(2016, 1, 31)
LIVE_DAYS, DRAWN_ROWS = 3, 20_000


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


def network(root: Path) -> Network:
    """The table of a root, to which the stations are brought; they look at each other."""
    lines = ["name,latitude,longitude,time_zone,gauges,neighbour"]
    lines += [
        f"{s.location},{s.latitude},{s.longitude},Australia/Sydney,{gauge(i)},true"
        for i, s in enumerate(stations(COUNT))
    ]
    (root / "stations.csv").write_text("\n".join(lines) + "\n")
    done = raincast(root, "stations", "import", str(root / "stations.csv"))
    assert done.returncode == 0, done.stderr
    return table.read(root / "stations.toml")


def weather(of: Network, first: date, last: date) -> pd.DataFrame:
    """What is simulated for the stations, without gaps."""
    names = [s.location for s in stations(COUNT)]
    return simulate(first, last, 5, Climate(gaps=0), of.only(names))


def files(folder: Path, rows: pd.DataFrame) -> Path:
    """A folder with those rows in every station's `.dly`."""
    folder.mkdir()
    by_name = dict(iter(rows.groupby("Location")))
    for i, s in enumerate(stations(COUNT)):
        key = f"ASN00{gauge(i)}"
        (folder / f"{key}.dly").write_text("\n".join(months(by_name[s.location], key)) + "\n")
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose table has the stations, and their files beside it."""
    made = tmp_path_factory.mktemp("ghcn")
    first, last = TODAY - timedelta(days=DAYS), TODAY - timedelta(days=1)
    (made / "params.yaml").write_text(PARAMS)
    files(made / "files", weather(network(made), first, last))
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


def learn(settings: Settings, rows: pd.DataFrame) -> None:
    """A history and a model of what was ingested."""
    now = datetime.combine(LEARNED[1], time(6), UTC)
    some = files(settings.root / "files", rows[rows["Date"] <= pd.Timestamp(LEARNED[1])])
    assert not ingest.ingest_paths(settings, [some], now).errors
    history.write_from_archive(settings)
    history.prepare(settings, now)
    train.train(settings, params.read(settings.params).model | {"fit_rows": DRAWN_ROWS}, now)


def lived(settings: Settings, rows: pd.DataFrame, day: date) -> round.Round:
    """A round at 06:00 UTC: the running month's files as they stand, then every step."""
    now, month = datetime.combine(day, time(6), UTC), pd.Timestamp(day.replace(day=1))
    folder = settings.root / f"files-{day}"
    files(folder, rows[rows["Date"].between(month, pd.Timestamp(day))])
    assert not ingest.ingest_paths(settings, [folder], now).errors
    return round.run(settings, now, print)


@pytest.mark.slow
def test_the_loop_goes_to_its_end(tmp_path: Path) -> None:
    """Days without a search, one on which the verdict asks for it, and the slot after that."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    days = [LEARNED[1] + timedelta(days=n) for n in range(1, LIVE_DAYS + 2)]
    calm = replace(settings_of(tmp_path), recall_threshold=0.0, tune_seconds=0)
    strict = replace(calm, recall_threshold=1.0)
    with within(network(tmp_path)) as known:
        rows = weather(known, LEARNED[0], days[-1])
        learn(calm, rows)
        first = stores.of(calm).registry().load_active().version
        for day in days[:-1]:
            done = lived(calm, rows, day)
            assert (done.failed, done.decision, done.retraining) == ({}, SKIP, None)
        done = lived(strict, rows, days[-1])
        assert (done.failed, done.decision) == ({}, TRIGGER)
        verdict = done.retraining
        assert verdict is not None
        assert "Brier score" in verdict.reason
        serving = verdict.version if verdict.promoted else first
        assert stores.of(calm).registry().load_active().version == serving
        after = round.run(strict, datetime.combine(days[-1], time(18), UTC), print)
        assert (after.failed, after.decision, after.retraining) == ({}, SKIP, None)
        scored = stores.of(calm).scored().read()
    own = scored[scored["basis"].map(basis.has_own_row)]
    assert set(own["location"]) == {s.location for s in stations(COUNT)}
    assert own["truth_available"].sum() >= COUNT * (LIVE_DAYS - 1)
    assert set(own.loc[own["feature_date"] < pd.Timestamp(days[-1]), "model_version"]) == {first}
    assert set(scored.loc[scored["logged_at_utc"].dt.hour == 18, "model_version"]) == {serving}
