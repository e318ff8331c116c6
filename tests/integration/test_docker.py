"""The Dockerfiles build, what they build runs as an ordinary user and answers, and the Compose file
is one.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
import yaml
from fastapi import FastAPI

from raincast.serving.protocol import GuardedProtocol
from raincast.serving.server import config
from tests import engine, served
from tests.containers import Buildah, skip_without_tools
from tests.tracked_runs import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILES = ("docker/Dockerfile.api", "docker/Dockerfile.ml", "docker/Dockerfile.airflow")
PINNED = re.compile(r"docker\.io/[a-z/]+:[\w.-]+@sha256:[0-9a-f]{64}")
ROOM_BYTES = 10_000_000_000
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.mark.parametrize("name", DOCKERFILES)
def test_hadolint_finds_nothing(name: str) -> None:
    tool = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [tool, "--failure-threshold", "style", ROOT / name], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", DOCKERFILES)
def test_every_base_image_of_a_dockerfile_is_pinned_by_digest(name: str) -> None:
    lines = [line.split() for line in (ROOT / name).read_text().splitlines()]
    stages = [words[1:] for words in lines if words[:1] == ["FROM"]]
    own = {words[2] for words in stages if len(words) == 3}
    outside = [words[0] for words in stages if words[0] not in own]
    assert outside
    assert all(PINNED.fullmatch(image) for image in outside)


@pytest.mark.parametrize("name", ["docker-compose.yml", "docker-compose.airflow.yml"])
def test_every_image_that_is_not_built_here_is_pinned_by_digest(name: str) -> None:
    services = yaml.safe_load((ROOT / name).read_text())["services"].values()
    outside = [s["image"] for s in services if "image" in s and "build" not in s]
    assert outside
    assert all(PINNED.fullmatch(image) for image in outside)


def test_the_api_image_serves_with_the_limits_of_the_command() -> None:
    text = (ROOT / "docker/Dockerfile.api").read_text()
    words = json.loads(text[text.rindex("CMD [") + 4 :])
    limits = config(FastAPI())
    assert words[words.index("--http") + 1] == f"{GuardedProtocol.__module__}:GuardedProtocol"
    assert limits.http is GuardedProtocol
    assert int(words[words.index("--timeout-graceful-shutdown") + 1]) == (
        limits.timeout_graceful_shutdown
    )
    assert limits.timeout_keep_alive == uvicorn.Config(FastAPI()).timeout_keep_alive


def compose(*more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("docker-compose")
    if tool is None:
        pytest.skip("docker-compose is not there: apt install docker-compose")
    given = {"PATH": os.environ["PATH"]} | environment
    return subprocess.run(
        [
            tool,
            "-f",
            "docker-compose.yml",
            *(word for file in more for word in ("-f", file)),
            "config",
        ],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
    )


def test_the_compose_file_is_valid_and_has_no_default_for_a_secret() -> None:
    done = compose(API_KEY="a key of the tests")
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert {"api-inference", "mlflow-server"} <= set(services)
    without = compose()
    assert without.returncode != 0
    assert "API_KEY is not set" in without.stderr


SECRETS = ("ADMIN_PASSWORD", "DATABASE_PASSWORD", "JWT_SECRET", "SESSION_SECRET", "FERNET_KEY")
AIRFLOW_SECRETS = dict.fromkeys(
    ("API_KEY", *(f"AIRFLOW_{name}" for name in SECRETS)), "a-secret-of-the-tests"
)
AIRFLOW_SERVICES = {
    "airflow-postgres",
    "airflow-init",
    "airflow-webserver",
    "airflow-scheduler",
    "airflow-dag-processor",
    "airflow-triggerer",
}


def test_both_compose_files_together_have_every_service() -> None:
    done = compose("docker-compose.airflow.yml", **AIRFLOW_SECRETS)
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert AIRFLOW_SERVICES | {"api-inference", "mlflow-server"} <= set(services)
    assert services["airflow-webserver"]["ports"] == ["127.0.0.1:8080:8080/tcp"]
    assert all("healthcheck" in services[name] for name in AIRFLOW_SERVICES - {"airflow-init"})


@pytest.mark.parametrize("name", AIRFLOW_SECRETS)
def test_no_secret_of_airflow_has_a_default(name: str) -> None:
    done = compose(
        "docker-compose.airflow.yml", **{k: v for k, v in AIRFLOW_SECRETS.items() if k != name}
    )
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr
    assert f"{name}=\n" in (ROOT / ".env.airflow.example").read_text()


def test_services_listen_on_loopback_check_their_health_and_are_nobody_special() -> None:
    services = COMPOSE["services"]
    assert services["api-inference"]["ports"] == ["${API_BIND:-127.0.0.1:8000}:8000"]
    assert services["mlflow-server"]["ports"] == ["${MLFLOW_BIND:-127.0.0.1:5000}:5000"]
    for name in ("api-inference", "mlflow-server"):
        assert "/health" in " ".join(services[name]["healthcheck"]["test"])
    for service in services.values():
        assert service["user"].startswith("${RAINCAST_UID:-1000}")
        assert service["cap_drop"] == ["ALL"]


def test_the_api_image_has_the_same_versions_as_the_rest() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if line and line[0].isalnum()}

    assert pins("docker/requirements.api.txt") <= pins("requirements.txt")


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    """A store with the base in it, in memory where there is room: it grows to gigabytes. Removed at
    the end.
    """
    if not engine.lacking():
        pytest.skip(
            "an engine runs here: tests/e2e/test_compose.py builds and runs the same images"
        )
    skip_without_tools()
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(dir=memory)) if roomy else tmp_path_factory.mktemp("containers")
    made = Buildah(folder)
    made.base()
    yield made
    shutil.rmtree(folder)


@pytest.mark.slow
class TestImages:
    @staticmethod
    def command(buildah: Buildah, image: str) -> tuple[list[str], dict[str, object]]:
        about = json.loads(buildah("inspect", "--type", "image", image))["Docker"]["config"]
        return about["Cmd"], about

    def test_the_api_image_answers_with_a_forecast(
        self, buildah: Buildah, served_root: Path, tmp_path: Path
    ) -> None:
        buildah.build("docker/Dockerfile.api", "raincast-api")
        words, about = self.command(buildah, "raincast-api")
        assert about["User"] == "1000"
        assert about["Healthcheck"]
        root = shutil.copytree(served_root, tmp_path / "root")
        for path in (root, *root.rglob("*")):
            os.chown(path, 1000, 1000)
        port = str(free_port())
        words = [{"0.0.0.0": "127.0.0.1", "8000": port}.get(word, word) for word in words]
        options = [f"--volume={root}:/srv/raincast:rw", "--env=API_KEY=a key of the tests"]
        log = tmp_path / "api.log"
        with buildah.running(buildah.container("raincast-api"), words, log, *options) as process:
            wait_for(f"http://127.0.0.1:{port}/health", process, log)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
                assert client.get("/health").json()["model_version"] == served.version(root, 0)
                assert client.post("/predict", json=served.OBSERVATION).status_code == 401
                said = client.post(
                    "/predict",
                    json=served.OBSERVATION,
                    headers={"Authorization": "Bearer a key of the tests"},
                )
                assert said.status_code == 200, said.text
                assert 0 <= said.json()["rain_probability"] <= 1
        journal = root / "outputs/preds_api.csv"
        assert said.json()["forecast_id"] in journal.read_text()
        assert journal.stat().st_uid == 1000

    def test_the_tracking_image_says_that_it_is_well_and_has_the_commands(
        self, buildah: Buildah, tmp_path: Path
    ) -> None:
        buildah.build("docker/Dockerfile.ml", "raincast-ml")
        words, about = self.command(buildah, "raincast-ml")
        assert about["User"] == "1000"
        assert about["Healthcheck"]
        folder = tmp_path / "srv"
        folder.mkdir()
        os.chown(folder, 1000, 1000)
        container, port = buildah.container("raincast-ml"), str(free_port())
        share = f"--volume={folder}:/srv/raincast:rw"
        told = buildah(
            "run",
            "--isolation=chroot",
            share,
            container,
            "--",
            "python",
            "-m",
            "raincast",
            "models",
            "list",
            "--json",
        )
        assert json.loads(told) == []
        log = tmp_path / "mlflow.log"
        options = [share, "--env=MLFLOW_HOST=127.0.0.1", f"--env=MLFLOW_PORT={port}"]
        with buildah.running(container, words, log, *options) as process:
            wait_for(f"http://127.0.0.1:{port}/health", process, log)
            found = httpx.get(
                f"http://127.0.0.1:{port}/api/2.0/mlflow/experiments/get-by-name",
                params={"experiment_name": "Default"},
            )
            assert found.status_code == 200, found.text
        assert (folder / "mlflow/mlflow.db").stat().st_uid == 1000

    def test_the_airflow_image_has_both_environments_and_reads_the_dags(
        self, buildah: Buildah
    ) -> None:
        buildah.build("docker/Dockerfile.airflow", "raincast-airflow")
        _, about = self.command(buildah, "raincast-airflow")
        assert about["User"] == "1000"
        container = buildah.container("raincast-airflow")
        run = ("run", "--isolation=chroot", container, "--")
        migrated = "airflow db migrate >/dev/null 2>&1 && airflow dags list-import-errors --local"
        assert "No data found" in buildah(*run, "sh", "-c", migrated)
        task = 'cd /opt/raincast && "$RAINCAST_PYTHON" -m raincast models list --json'
        assert json.loads(buildah(*run, "sh", "-c", task)) == []
