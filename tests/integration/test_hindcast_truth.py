"""A hindcast beside what was read, the table of an evaluation, and its pictures."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from raincast.cli.app import app
from raincast.observations import panel
from raincast.settings import Settings
from raincast.verification import readings
from tests import learned
from tests.observed import day, observations


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return learned.root(tmp_path_factory.mktemp("root"))


def run(lived: Settings, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setenv("PROJECT_ROOT", str(lived.root))
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output + str(done.exception)
    return done


SPAN = ("hindcast", "--start", "2016-01-05", "--end", "2016-01-25", "--out")


def test_truth_stands_beside_the_same_forecasts(lived, monkeypatch, tmp_path: Path):
    plain, with_truth = tmp_path / "plain.csv", tmp_path / "truth.csv"
    run(lived, monkeypatch, *SPAN, str(plain))
    said = run(lived, monkeypatch, *SPAN, str(with_truth), "--truth").output
    bare, found = pd.read_csv(plain), pd.read_csv(with_truth)
    assert list(bare.columns) == [
        "location", "feature_date", "regime", "rain_probability", "predicted_rain",
        "exceedance_0.2mm", "exceedance_1mm", "exceedance_5mm", "exceedance_10mm",
        "exceedance_25mm", "exceedance_50mm",
    ]  # fmt: skip
    amounts = bare.filter(like="exceedance_").to_numpy()
    assert (amounts[:, 1:] <= amounts[:, :-1]).all()
    assert bare["exceedance_1mm"].equals(bare["rain_probability"])
    assert found[bare.columns].equals(bare)
    weather = learned.weather(learned.FIRST, learned.HISTORY_END).set_index(["Location", "Date"])
    told = found[found["truth_available"] == 1]
    assert len(told) > 40
    for row in told.itertuples():
        rain = weather.loc[(row.location, row.target_date), "Rainfall"]
        assert row.observed_rainfall_mm == pytest.approx(rain, abs=0.06)
        assert row.y_true == (rain > 1.0)
    assert set(found.loc[found["truth_available"] == 0, "why_not"]) <= {"missing", "accumulated"}
    assert f"truth: {len(told)}" in said
    assert "Brier skill" in said
    assert "95 % of days" in said


def test_others_can_read_it(lived, monkeypatch, tmp_path: Path):
    source = tmp_path / "h.csv"
    run(lived, monkeypatch, *SPAN, str(source), "--truth")
    count = len(pd.read_csv(source))
    for name in ("h.nc", "h.txt"):
        said = run(lived, monkeypatch, "export", str(source), str(tmp_path / name)).output
        assert said == f"{count} forecasts in {tmp_path / name}\n"
    assert (tmp_path / "h.nc").read_bytes()[:3] == b"CDF"
    assert len((tmp_path / "h.txt").read_text().splitlines()) == count + 4
    for out, source_of in (("h.csv", source), ("h.nc", tmp_path / "none.csv")):
        refused = CliRunner().invoke(app, ["export", str(source_of), str(tmp_path / out)])
        assert refused.exit_code != 0
        assert "expected" in str(refused.exception)


def test_one_station_alone_and_none_of_which_nothing_is_known(lived, monkeypatch, tmp_path: Path):
    run(lived, monkeypatch, *SPAN, str(tmp_path / "s.csv"), "--station", "sydney")
    assert pd.read_csv(tmp_path / "s.csv")["location"].unique().tolist() == ["Sydney"]
    monkeypatch.setenv("PROJECT_ROOT", str(lived.root))
    words = [*SPAN, str(tmp_path / "c.csv"), "--station", "Cairns"]
    refused = CliRunner().invoke(app, words)
    assert "no observations of Cairns" in str(refused.exception)


def test_a_reading_that_is_no_truth_says_why():
    readings_of = {
        ("Cairns", 0): 3.0,
        ("Cairns", 1): None,
        ("Cairns", 2): 27.0,
        ("Cairns", 3): 2.0,
    }
    known = panel.from_frame(observations(readings_of), day(0), day(5))
    rows = pd.DataFrame({"location": "Cairns", "feature_date": [day(i) for i in range(5)]})
    now = pd.Timestamp(day(4)).tz_localize("UTC").to_pydatetime()
    found = readings.beside(rows, known, now)
    assert found["why_not"].tolist() == ["missing", "accumulated", "", "missing", "not yet"]
    assert found["truth_available"].tolist() == [0, 0, 1, 0, 0]
    shown = found["observed_rainfall_mm"]
    assert shown[1] == 27.0
    assert shown[2] == 2.0
    assert np.isnan(shown[[0, 3, 4]]).all()


@pytest.mark.slow
def test_the_table_has_intervals_and_the_pictures_are_drawn(lived, monkeypatch, tmp_path: Path):
    table = run(lived, monkeypatch, "evaluate").output
    found = json.loads((lived.metrics / "eval.json").read_text())
    low, high = found["regimes"]["3pm"]["intervals"]["roc_auc"]
    assert f"{low:.3f} to {high:.3f}".replace("0.", ".") in table
    drawn = run(lived, monkeypatch, "plot", "--out", str(tmp_path / "plots")).output.split()
    assert [Path(name).name for name in drawn] == [
        "reliability.png", "roc.png", "skill_by_station.png",
    ]  # fmt: skip
    assert all(Path(name).read_bytes().startswith(b"\x89PNG") for name in drawn)


def test_an_evaluation_that_is_not_there_is_named(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))
    refused = CliRunner().invoke(app, ["plot"])
    assert "`raincast evaluate` writes it" in str(refused.exception)


@pytest.mark.slow
def test_baselines_are_fitted_once_for_a_model_and_kept(lived, monkeypatch, tmp_path: Path):
    run(lived, monkeypatch, "evaluate")
    first = json.loads((lived.metrics / "eval.json").read_text())
    (kept,) = (lived.models / "baselines").glob("*.json")
    before = kept.read_text()
    lived.prepared.rename(tmp_path / "away.csv")
    span = ("--start", "2016-01-05", "--end", "2016-01-25")
    run(lived, monkeypatch, "evaluate", *span, "--out", str(tmp_path / "e.json"))
    (tmp_path / "away.csv").rename(lived.prepared)
    kept.write_text("{ cut off")
    run(lived, monkeypatch, "evaluate")
    again = json.loads((lived.metrics / "eval.json").read_text())
    assert again["regimes"] == first["regimes"]
    assert kept.read_text() == before
    assert len(json.loads((tmp_path / "e.json").read_text())["regimes"]["3pm"]["opponents"]) == 3
