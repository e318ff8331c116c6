"""A station that no model has seen: added, its files taken in, forecast; and nobody else's forecast
changes.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import pytest

from raincast.learning.served import wanted
from raincast.loop import hindcast
from raincast.loop.ingest import ingest_paths
from raincast.observations.network import Network, in_force, put_in_force, within
from raincast.settings import Settings
from raincast.simulator import simulate
from raincast.sources.dwo_form import dwo_bytes
from raincast.store import network
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from tests import served
from tests.commands import raincast
from tests.integration.conftest import settings_of
from tests.places import LOCATIONS, NETWORK, find
from tests.served import OBSERVATION

ADD = (
    "stations", "add", "Broken Hill", "--product", "IDCJDW2015", "--latitude", "-32.0",
    "--longitude", "141.47", "--zone", "Australia/Broken_Hill",
)  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of the 49, and their weather; copied, never changed."""
    root = tmp_path_factory.mktemp("trained")
    # A network takes a compiler's half a minute; its bits are in tests/unit/test_attention.py.
    served.build(root, untrained=(), params=served.TINY | {"networks": 0})
    return root


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return shutil.copytree(trained, tmp_path / "root")


def add(root: Path) -> None:
    done = raincast(root, *ADD)
    assert done.returncode == 0, done.stderr


def files(root: Path, source: str, now: datetime) -> None:
    """The newest weather of a station, in the files of the new one."""
    new = network.read(root / "stations.toml").find("Broken Hill")
    first = now.date() - timedelta(days=40)
    frame = simulate(first, now.date() + timedelta(days=1), seed=11)  # it may be tomorrow there
    frame = frame[frame["Location"] == source].assign(Location=new.location)
    for month, rows in frame.groupby(frame["Date"].dt.strftime("%Y%m")):
        path = root / "arrived" / f"{new.product}.{month}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(dwo_bytes(rows, new, now - timedelta(minutes=5)))


@pytest.mark.slow
def test_three_commands_and_a_forecast(folder: Path) -> None:
    add(folder)
    files(folder, "Mildura", datetime.now(UTC))
    taken = raincast(folder, "ingest", str(folder / "arrived"), "--json")
    assert taken.returncode == 0, taken.stderr + taken.stdout
    made = raincast(folder, "predict", "Broken Hill", "--json")
    assert made.returncode == 0, made.stderr
    (forecast,) = json.loads(made.stdout)
    assert forecast["location"] == "BrokenHill"
    assert 0 < forecast["rain_probability"] < 1
    said = raincast(folder, "predict", "Broken Hill").stdout
    assert "the model has not seen the station" in said
    refused = raincast(folder, "predict", "Brocken Hull")
    assert refused.returncode == 2
    assert "did you mean BrokenHill" in refused.stderr


def test_the_others_keep_their_forecasts_to_the_bit(folder: Path) -> None:
    settings, span = settings_of(folder), (date(2024, 5, 1), date(2024, 5, 18))
    forecaster = Registry(settings.models).load_active()
    before = hindcast.observed(Archive(settings.archive), *span)
    then = hindcast.forecasts(forecaster, before, *span, "complete")
    add(folder)
    with within(network.read(settings.stations)):
        files(folder, "Mildura", datetime(2024, 5, 19, 12, tzinfo=UTC))
        report = ingest_paths(settings, [folder / "arrived"], datetime(2024, 5, 20, tzinfo=UTC))
        assert not report.errors
        known = hindcast.observed(Archive(settings.archive), *span)
        now = hindcast.forecasts(forecaster, known, *span, "complete")
        assert len(wanted(forecaster.metadata)) == 50
    new = now["location"] == "BrokenHill"
    assert new.sum() == 18
    assert set(then["location"]) == set(LOCATIONS)
    pd.testing.assert_frame_equal(now[~new].reset_index(drop=True), then)


def test_the_api_forecasts_it_and_says_so(
    folder: Path, start: Callable[[Settings], httpx.Client]
) -> None:
    add(folder)
    put_in_force(network.read(folder / "stations.toml"))
    asked = start(settings_of(folder))
    unseen = asked.post("/predict", json=OBSERVATION | {"Location": "Broken Hill"})
    assert unseen.status_code == 200, unseen.text
    assert (unseen.json()["station"], unseen.json()["location"]) == ("unseen", "BrokenHill")
    known = asked.post("/predict", json=OBSERVATION).json()
    assert known["station"] == "known"
    refused = asked.post("/predict", json=OBSERVATION | {"Location": "Gotham"})
    assert refused.status_code == 422
    assert "unknown station 'Gotham'" in refused.json()["detail"]
    names = asked.get("/openapi.json").text
    assert "Broken Hill" in names
    reasons = asked.post("/explain", json=OBSERVATION | {"Location": "BrokenHill"})
    assert reasons.status_code == 200, reasons.text


@pytest.mark.parametrize("name", ["Cairns", "MountGinini", "Uluru"])
def test_a_real_station_under_a_name_of_its_own(
    name: str, trained: Path, tmp_path: Path, bom_dir
) -> None:
    """Its files come in as those of somewhere that nobody has heard of, half a degree away; the
    model knows a station that is no more.
    """
    root = shutil.copytree(trained, tmp_path / "root")
    settings, real = replace(settings_of(root), root=root), find(name)
    files = sorted((bom_dir / "dwo").glob(f"2024*/{real.product}.*.csv"))
    place = {"latitude": real.latitude + 0.5, "longitude": real.longitude}
    strange = real._replace(location="FarOff", bureau_name="Far Off", neighbour=False, **place)
    rest = [s for s in NETWORK.stations if s != real]
    with within(Network(tuple(sorted((*rest, strange))))):
        (root / "data/archive.sqlite").unlink()
        report = ingest_paths(settings, files, datetime(2026, 1, 20, tzinfo=UTC))
        assert not report.errors
        assert (report.files, report.stations) == (len(files), ("FarOff",))
        span = date(2024, 5, 1), date(2024, 5, 31)
        known = hindcast.observed(Archive(settings.archive), *span)
        rows = hindcast.forecasts(Registry(settings.models).load_active(), known, *span, "3pm")
        assert set(rows["location"]) == {"FarOff"}
        assert len(rows) >= 28
        assert np.isfinite(rows["rain_probability"]).all()
    assert in_force() is NETWORK
