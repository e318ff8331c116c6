"""A model in a tracking server's registry takes observations, and says what the program says."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.forecasts import request
from raincast.loop import latest
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import forecasts
from raincast.observations.network import find
from raincast.observations.schema import OBSERVATIONS
from raincast.settings import Settings
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from tests import learned

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
DAY, AT = date(2016, 4, 1), datetime(2016, 4, 1, 7, tzinfo=UTC)

ASK = """
import sys
from pathlib import Path

import mlflow
import pandas as pd

folder = Path(sys.argv[1])
model = mlflow.pyfunc.load_model("models:/weather-ml@champion")
about = mlflow.models.get_model_info("models:/weather-ml@champion")
asked = {name: pd.read_pickle(folder / f"{name}.pkl") for name in sys.argv[2:]}
said = {"signature": about.signature.inputs.to_dict(), "about": about.metadata}
for name, frame in (asked | {"example": model.input_example}).items():
    try:
        said[name] = model.predict(frame)
    except ValueError as error:
        said[name] = str(error)
run = mlflow.search_runs(experiment_names=["weather-ml"], output_format="list")[0]
client = mlflow.MlflowClient()
points = client.get_metric_history(run.info.run_id, "trees/3pm/log_loss")
said["course"] = [(point.step, point.value) for point in points]
pd.to_pickle(said, folder / "said.pkl")
"""


def run(folder: Path, root: Path, *words: str) -> None:
    environment = os.environ | {
        "PROJECT_ROOT": str(root),
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db",
    }
    words = (sys.executable, *words)
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return learned.root(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def weather() -> pd.DataFrame:
    """Six weeks to the day, at four stations."""
    return learned.weather(date(2016, 2, 20), DAY)


@pytest.fixture(scope="module")
def own(weather: pd.DataFrame) -> pd.DataFrame:
    """One station's row of the day, as known at 3 pm."""
    row = weather[(weather["Date"] == pd.Timestamp(DAY)) & (weather["Location"] == "Sydney")]
    return row.drop(columns=["MaxTemp", "Sunshine", "WindGustDir", "WindGustSpeed"])


@pytest.fixture(scope="module")
def said(
    settings: Settings,
    weather: pd.DataFrame,
    own: pd.DataFrame,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, object]:
    """What the registered model answered in a process of its own, by the frame's name."""
    folder = tmp_path_factory.mktemp("mlflow")
    run(folder, settings.root, "-m", "raincast", "track")
    bureaus = {name: find(name).bureau_name for name in learned.PLACES}
    today = weather["Date"] == pd.Timestamp(DAY)
    frames = {
        "all": weather.assign(
            issued_at_utc=pd.Series(pd.Timestamp(AT), weather.index).where(today)
        ),
        "alone": own,
        "text": own.assign(Date="2016-04-01", Location=own["Location"].map(bureaus)),
        "twice": pd.concat([own, own]),
        "nowhere": own.assign(Location="Atlantis"),
        "early": own.assign(issued_at_utc="2016-03-31T20:00Z"),
    }
    for name, frame in frames.items():
        frame.to_pickle(folder / f"{name}.pkl")
    run(folder, folder, "-c", ASK, str(folder), *frames)
    return dict(pd.read_pickle(folder / "said.pkl"))


def test_the_signature_names_observations(said: dict[str, list[dict[str, object]]]) -> None:
    columns = said["signature"]
    assert [c["name"] for c in columns] == ["Date", "Location", *OBSERVATIONS, "issued_at_utc"]
    assert [c["name"] for c in columns if c["required"]] == ["Date", "Location"]


def test_the_example_is_simulated_and_says_so(said: dict[str, object]) -> None:
    assert "simulated" in said["about"]["input_example"]
    assert said["example"]["rain_probability"].between(0, 1).all()
    assert list(said["example"]["regime"]) == ["3pm"] * 5


def test_rows_of_many_days_have_the_bits_that_the_loop_has(
    settings: Settings, weather: pd.DataFrame, said: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    archive = Archive(tmp_path / "archive.db")
    archive.append(weather, AT, "test")
    forecaster = Registry(settings.models).load_active()
    asked = [latest.due(name, AT) for name in learned.PLACES]
    made = forecasts(asked, forecaster, Contexts(archive), AT)
    answer = said["all"].assign(Location=weather["Location"])[weather["Date"] == pd.Timestamp(DAY)]
    of = answer.set_index("Location").loc[list(learned.PLACES)]
    np.testing.assert_array_equal(of["rain_probability"], [f.rain_probability for f in made])
    assert list(of["predicted_rain"]) == [f.predicted_rain for f in made]
    assert list(of["basis"]) == [f.basis for f in made] == ["today"] * 4
    assert set(of["regime"]) == {"3pm"}


def test_a_row_alone_has_the_bits_of_a_callers_own_observations(
    settings: Settings, own: pd.DataFrame, said: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    given = own.iloc[0].dropna().drop(["Date", "Location"]).to_dict()
    asked = request.of_values("Sydney", DAY, given, datetime(2026, 1, 1, tzinfo=UTC))
    empty = Contexts(Archive(tmp_path / "archive.db"))
    (made,) = forecasts([asked], Registry(settings.models).load_active(), empty, AT)
    assert said["alone"]["rain_probability"].tolist() == [made.rain_probability]
    assert said["alone"]["basis"].tolist() == [made.basis] == ["alone"]
    assert said["text"].equals(said["alone"])


def test_what_cannot_be_asked_is_refused(said: dict[str, str]) -> None:
    assert "unknown station 'Atlantis'" in said["nowhere"]
    assert "not an observations frame" in said["twice"]
    assert "before 9 am" in said["early"]


def test_the_trees_are_shown_round_by_round(
    settings: Settings, said: dict[str, list[tuple[int, float]]]
) -> None:
    steps, losses = zip(*said["course"], strict=True)
    assert steps[-1] == learned.TINY["n_estimators"]
    assert list(steps) == sorted(set(steps))
    assert losses[-1] < losses[0]
