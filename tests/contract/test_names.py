"""The names that other systems rely on."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import BadInput, MissingSetting
from raincast.observations import schema
from raincast.settings import Settings, from_environment, secret
from tests import commands

ROOT = Path(__file__).resolve().parents[2]
STAGES = (
    "data_preparation",
    "training",
    "evaluation",
    "live_monitoring",
    "retrain_dataset_builder",
)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_is_there(stage: str) -> None:
    assert (ROOT / "src" / f"{stage}.py").is_file()


FILES = [
    "api/main.py",
    "optimisations/prod/optuna_search_recall_small.py",
    "optimisations/research/benchmark_models.py",
    "optimisations/research/lazyml_search.py",
    "optimisations/research/optuna_search.py",
    "optimisations/README.md",
    "legacy/scripts/preprocess.sh",
    "legacy/scripts/train.sh",
    "legacy/scripts/evaluate.sh",
    "legacy/scripts/predict.sh",
    "legacy/scripts/cron.txt",
    "tests/test_health.py",
    "scripts/predict_all_and_push.sh",
    "scripts/ensure_mlflow_env.sh",
    ".github/workflows/publish_preds.yml",
    "dvc.yaml",
    "docker/Dockerfile.api",
    "docker/Dockerfile.ml",
    "docker-compose.yml",
    "airflow/dags/weather_main_dag.py",
    "airflow/dags/optuna_tuning_dag.py",
    "docker/Dockerfile.airflow",
    "docker/requirements.airflow.extra.in",
    "docker/requirements.airflow.extra.txt",
    "docker-compose.airflow.yml",
    ".env.airflow.example",
    "data/raw/weatherAUS.csv.dvc",
    "params.yaml",
    "requirements.in",
    "requirements-dev.in",
    "requirements.txt",
    "requirements-dev.txt",
]


def test_every_file_is_where_it_is_looked_for() -> None:
    assert [path for path in FILES if not (ROOT / path).is_file()] == []


def test_settings_have_the_agreed_names_and_defaults() -> None:
    environment = {
        "RECALL_THRESHOLD": "0.5",
        "MIN_NEW_ROWS_FOR_RETRAIN": "7",
        "LIVE_WINDOW": "9",
        "PROJECT_ROOT": "/srv",
    }
    chosen = from_environment(environment)
    assert (chosen.recall_threshold, chosen.min_new_rows_for_retrain, chosen.live_window) == (
        0.5,
        7,
        9,
    )
    assert chosen.journal == Path("/srv/outputs/preds_api.csv")
    assert (
        Settings().recall_threshold,
        Settings().min_new_rows_for_retrain,
        Settings().live_window,
    ) == (0.59, 60, 200)


def test_a_setting_of_the_wrong_kind_is_named() -> None:
    with pytest.raises(BadInput, match=r"LIVE_WINDOW.*'many'"):
        from_environment({"LIVE_WINDOW": "many"})


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("FETCH_PER_SECOND", "0", "0.001 or more"),
        ("FETCH_TIMEOUT_SECONDS", "-1", "0.001 or more"),
        ("FETCH_TRIES", "0", "1 or more"),
        ("LIVE_WINDOW", "-3", "1 or more"),
        ("RECALL_THRESHOLD", "nan", "0 or more"),
        ("RETRAIN_REST_DAYS", "inf", "0 or more"),
        ("TARGET_RECALL", "75", "1 or less"),
    ],
)
def test_a_number_outside_its_range_is_named(variable: str, text: str, expected: str) -> None:
    with pytest.raises(BadInput, match=rf"{variable}: found '{text}', expected .*{expected}"):
        from_environment({variable: text})


def test_a_secret_has_no_default() -> None:
    with pytest.raises(MissingSetting, match="API_KEY"):
        secret("API_KEY", {})


def test_the_historical_form_has_its_23_columns() -> None:
    assert len(schema.HISTORICAL) == 23
    assert len(schema.OBSERVATIONS) == 19


@pytest.mark.parametrize(
    "command",
    [
        "ingest",
        "hindcast",
        "models",
        "score",
        "decide",
        "predict",
        "tune",
        "retrain",
        "serve",
        "simulate",
        "demo",
    ],
)
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage" in done.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            [
                "hindcast",
                "--start",
                "2020-01-01",
                "--end",
                "2020-01-02",
                "--regime",
                "noon",
                "--out",
                "x.csv",
            ],
            2,
            "noon",
        ),
        (["models", "promote", "nobody"], 3, "nobody"),
        (["score", "--colour"], 2, "colour"),
    ],
)
def test_bad_input_gets_one_clear_line_and_a_code(
    arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    environment = {"PROJECT_ROOT": str(tmp_path), "PATH": "/usr/bin", "COLUMNS": "200"}
    done = commands.command(arguments, environment)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
