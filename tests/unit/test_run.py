"""What is told of a run, the ledger that keeps it, its plots, and who may see which login."""

import json
import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from raincast.errors import MissingSetting
from raincast.learning.examples import Examples
from raincast.learning.metadata import FittedRows, ModelMetadata
from raincast.loop.served import served
from raincast.settings import Settings, from_environment, tracking_login
from raincast.store.ledger import Ledger
from raincast.store.registry import Registry
from raincast.tracking import ledger
from raincast.tracking import run as tracked
from raincast.verification import curves, plots
from tests.journals import FORECAST
from tests.observed import write_journal
from tests.registries import keep

ROOT = Path(__file__).resolve().parents[2]
FIGURES = {
    "roc_auc": 0.9,
    "brier": 0.1,
    "recall": None,
    "table": {"hits": 1},
    "opponents": {"persistence": {"roc_auc": 0.6}},
}


def test_figures_are_named_by_regime_and_baseline_and_the_unknown_left_out() -> None:
    assert tracked.by_regime({"3pm": FIGURES, "span": "x"}) == {
        "3pm/roc_auc": 0.9,
        "3pm/brier": 0.1,
        "3pm/persistence/roc_auc": 0.6,
    }
    assert tracked.numbers({"a": float("nan"), "b": 1}) == {"b": 1.0}


def test_a_training_says_what_it_was_made_with_and_from() -> None:
    metadata = ModelMetadata(
        version="v1",
        created_at_utc="2026-03-03T12:00:00+00:00",
        params={"max_depth": 3},
        target_recall=0.75,
        figures={"3pm": FIGURES},
        thresholds={"3pm": 0.3},
        threshold=0.3,
        rows=FittedRows(count=9, first=date(2024, 1, 1), last=date(2024, 3, 1), sha256="abc"),
        stations=["Albury"],
        purpose="serving",
        sha256="0",
    )
    run = tracked.training(metadata, {"raw_md5": "ef"}, 2.5)
    assert (run.key, run.model, run.seconds) == ("training-v1", "v1", 2.5)
    assert run.params == {"max_depth": 3, "target_recall": 0.75}
    assert run.metrics["threshold/3pm"] == 0.3
    assert run.data == {
        "raw_md5": "ef",
        "rows_count": 9,
        "rows_first": "2024-01-01",
        "rows_last": "2024-03-01",
        "rows_sha256": "abc",
    }
    json.dumps(run.to_json(), allow_nan=False)


def test_the_ledger_keeps_a_run_once_and_knows_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "metrics/runs.jsonl"
    run = tracked.Run(key="training-v1", kind="training", name="train", at_utc="2026-03-03")
    another = run.model_copy(update={"name": "another"})
    assert [ledger.keep(Ledger(path), run), ledger.keep(Ledger(path), another)] == [True, False]
    ledger.mark_sent(Ledger(path), "training-v1", "http://one", "id")
    assert ledger.unsent(Ledger(path), "http://one") == []
    assert ledger.unsent(Ledger(path), "http://two") == [run]
    with path.open("ab") as out:
        out.write(b'{"run": {"key": "torn')
    assert ledger.keep(Ledger(path), run.model_copy(update={"key": "training-v2"}))
    assert [kept.key for kept in ledger.read(Ledger(path))] == ["training-v1", "training-v2"]


def test_a_roc_curve_goes_from_corner_to_corner_in_few_points() -> None:
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 5000)
    points = curves.roc(y, y * 0.3 + rng.random(5000))
    assert (points[0], points[-1]) == ((0.0, 0.0), (1.0, 1.0))
    assert len(points) <= curves.MOST_POINTS
    assert points == sorted(points)
    assert curves.roc(np.ones(3), np.ones(3)) == []


def test_station_skill_is_one_for_the_perfect_and_nought_for_the_reference() -> None:
    y, station = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0, 0, 1, 1])
    rows = Examples(
        np.zeros((4, 1), np.float32), y, np.array(["2024-01-01"] * 4, "datetime64[D]"), station
    )
    reference = np.full(4, 0.5)
    assert list(curves.station_skill(rows, np.array([0, 1, 0.5, 0.5]), reference).values()) == [
        1.0,
        0.0,
    ]


def test_what_has_curves_is_drawn(tmp_path: Path) -> None:
    part = {
        "reliability": [{"n": 2, "mean_forecast": 0.1, "observed": 0.2}],
        "roc": [[0, 0], [1, 1]],
        "stations": {"Perth": 0.4},
    }
    drawn = plots.figures({"regimes": {"3pm": part}, "importance": {"Humidity3pm": 0.5}})
    assert set(drawn) == {"reliability", "roc", "skill_by_station", "importance"}
    for name, figure in drawn.items():
        figure.savefig(tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").stat().st_size > 5000
    assert plots.figures({}) == {}


class TestStanding:
    """Who is champion, and who the challenger."""

    def test_it_follows_the_decisions(self, tmp_path: Path) -> None:
        now = datetime(2026, 3, 3, 13, tzinfo=UTC)
        one, two, three = (
            keep(tmp_path, chance, minutes) for minutes, chance in enumerate((0.1, 0.2, 0.3))
        )
        assert Registry(tmp_path).standing() == {"champion": None, "challenger": None}
        Registry(tmp_path).promote(one, now, "")
        assert Registry(tmp_path).standing() == {"champion": one, "challenger": None}
        Registry(tmp_path).promote(two, now, "")
        assert Registry(tmp_path).standing() == {"champion": two, "challenger": one}
        Registry(tmp_path).refuse(three, now, "")
        assert Registry(tmp_path).standing() == {"champion": two, "challenger": three}
        Registry(tmp_path).rollback(now, "")
        assert Registry(tmp_path).standing() == {"champion": one, "challenger": two}


def test_which_model_served_cairns_on_a_day(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    one, two = keep(settings.models, 0.1, 0), keep(settings.models, 0.2, 1)
    Registry(settings.models).promote(one, datetime(2026, 3, 1, tzinfo=UTC), "")
    Registry(settings.models).promote(two, datetime(2026, 3, 3, 10, tzinfo=UTC), "")
    moments = [
        datetime(2026, 3, 2, 13, 59, tzinfo=UTC),
        datetime(2026, 3, 2, 14, tzinfo=UTC),
        datetime(2026, 3, 3, 13, tzinfo=UTC),
    ]
    made = [
        FORECAST._replace(
            location="Cairns", station_name="Cairns", logged_at_utc=at, model_version=v
        )
        for at, v in zip(moments, (one, one, two), strict=True)
    ]
    write_journal(settings.journal, [*made, FORECAST._replace(logged_at_utc=moments[1])])
    found = served(settings, "Cairns", moments[2].date())
    assert [f.model_version for f in found.forecasts] == [one, two]
    assert found.forecasts[0].threshold == FORECAST.threshold
    assert [(m.version, m.from_utc[:10]) for m in found.models] == [
        (one, "2026-03-01"),
        (two, "2026-03-03"),
    ]
    assert found.models[0].rows.count == 100
    text = settings.journal.read_text().replace(f",{one},", ",,")
    settings.journal.write_text(text)
    assert served(settings, "Cairns", moments[2].date()).forecasts[0].model_version == one
    assert served(settings, "Perth", moments[2].date()).forecasts == []


def test_dagshubs_login_is_shown_to_dagshub_alone() -> None:
    environment = {"DAGSHUB_USERNAME": "me", "DAGSHUB_TOKEN": "secret"}
    assert tracking_login("https://dagshub.com/me/weather.mlflow", environment) == ("me", "secret")
    for other in (
        "http://127.0.0.1:5000",
        "http://dagshub.com/x",
        "https://dagshub.com.example.org/x",
        "https://evil-dagshub.com",
    ):
        assert tracking_login(other, environment) is None
    with pytest.raises(MissingSetting, match="DAGSHUB_TOKEN"):
        tracking_login("https://dagshub.com/me/weather.mlflow", {"DAGSHUB_USERNAME": "me"})


def test_the_address_is_a_setting() -> None:
    assert (
        from_environment({"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000/"}).tracking_uri
        == "http://127.0.0.1:5000"
    )


DAGSHUB = "https://dagshub.com/me/weather.mlflow"


@pytest.mark.parametrize(
    ("given", "code", "missing"),
    [
        ({}, 2, {"MLFLOW_TRACKING_URI", "DAGSHUB_USERNAME", "DAGSHUB_TOKEN"}),
        ({"MLFLOW_TRACKING_URI": DAGSHUB, "DAGSHUB_USERNAME": "me"}, 2, {"DAGSHUB_TOKEN"}),
        (
            {"MLFLOW_TRACKING_URI": DAGSHUB, "DAGSHUB_USERNAME": "me", "DAGSHUB_TOKEN": "s3cret"},
            0,
            set(),
        ),
        ({"MLFLOW_TRACKING_URI": "http://127.0.0.1:5000"}, 0, set()),
        ({"MLFLOW_TRACKING_URI": "somewhere"}, 2, {"MLFLOW_TRACKING_URI"}),
    ],
)
def test_the_script_says_what_is_missing(
    given: dict[str, str], code: int, missing: set[str]
) -> None:
    script = ROOT / "scripts/ensure_mlflow_env.sh"
    done = subprocess.run(
        [script], env={"PATH": os.environ["PATH"], **given}, capture_output=True, text=True
    )
    assert done.returncode == code
    assert {line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]} == missing
    assert "s3cret" not in done.stdout + done.stderr
