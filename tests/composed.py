"""Both Compose files over the mirror and simulated weather, as their tests start them."""

import json
import os
import shutil
import time
from pathlib import Path

import httpx
import yaml

from tests import engine as engines
from tests.airflow_stack import Airflow, lived
from tests.engine import ROOT, Engine, Project
from tests.tracked_runs import free_port

IMAGES = {"api": "raincast-api", "ml": "raincast-ml", "airflow": "raincast-airflow:3.3.2"}
FOLDERS = (
    "data", "models", "metrics", "outputs", "optimisations", "mlflow", "airflow/logs", "prometheus",
)  # fmt: skip
UID = 1000
HEALTHY_SECONDS, RUN_SECONDS = 1200, 1800
"""How long a busy machine may take over what a quiet one does in seconds."""
LISTENER = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        print(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(200)
        self.end_headers()
HTTPServer(("", 8020), Hook).serve_forever()
"""
"""Whom the loop tells: a web hook that prints what it gets."""
KEY = "a-key-of-the-tests-that-is-long-enough-to-sign-with"


class Containers(Airflow):
    """The project with everything that its tests share."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.root, self.folder = folder / "root", folder
        self.settings = lived(folder / "world")
        shutil.copytree(folder / "world/replay/never", self.root)
        self._own(self.root)
        names = ("API", "MLFLOW", "APP", "AIRFLOW", "PROMETHEUS")
        self.ports = {name: free_port() for name in names}
        self.api, self.mlflow, self.app, self.airflow, self.prometheus = (
            f"http://127.0.0.1:{port}" for port in self.ports.values()
        )
        override = folder / "stand-ins.yml"
        override.write_text(yaml.safe_dump(self._stand_ins()))
        (folder / "env").write_text(self._environment())
        self.compose = Project(
            engine,
            folder / "env",
            ROOT / "docker-compose.yml",
            ROOT / "docker-compose.airflow.yml",
            override,
        )

    @staticmethod
    def _own(root: Path) -> None:
        for name in FOLDERS:
            (root / name).mkdir(parents=True, exist_ok=True)
        for path in (root, *root.rglob("*")):
            os.chown(path, UID, UID, follow_symlinks=False)

    def _environment(self) -> str:
        secrets = dict.fromkeys(("ADMIN_PASSWORD", "DATABASE_PASSWORD", "JWT_SECRET"), KEY)
        given = {f"AIRFLOW_{name}": value for name, value in secrets.items()} | {
            "API_KEY": KEY,
            "AIRFLOW_SESSION_SECRET": KEY,
            "AIRFLOW_FERNET_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "RAINCAST_ROOT": str(self.root),
            "BUREAU_URL": "http://mirror:8010",
            "MLFLOW_TRACKING_URI": "http://mlflow-server:5000",
            "MLFLOW_ALLOWED_HOSTS": f"127.0.0.1:{self.ports['MLFLOW']},mlflow-server:5000",
            "RECALL_THRESHOLD": "0",
            "ALERT_URLS": "json://listener:8020",
            "TUNE_SECONDS": "5",
            "TUNING_YEAR": self.settings["TUNING_YEAR"],
            "FETCH_PER_SECOND": self.settings["FETCH_PER_SECOND"],
        }
        given |= {f"{name}_BIND": f"127.0.0.1:{port}" for name, port in self.ports.items()}
        return "".join(f"{name}={value}\n" for name, value in given.items())

    def _stand_ins(self) -> dict[str, object]:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        mirror = f"raincast mirror --data /weather/weatherAUS.csv --at {now} --run --host 0.0.0.0"
        weather = f"{self.folder}/world/weather:/weather:ro"
        return {
            "services": {
                "airflow-postgres": {"image": engines.POSTGRES},
                "prometheus": {"image": engines.PROMETHEUS},
                "listener": {
                    "image": IMAGES["ml"],
                    "command": ["python", "-u", "-c", LISTENER],
                    "user": f"{UID}:{UID}",
                    "healthcheck": {"disable": True},
                },
                "mirror": {
                    "image": IMAGES["ml"],
                    "command": f"{mirror} --port 8010",
                    "user": f"{UID}:{UID}",
                    "volumes": [weather],
                    "healthcheck": {"disable": True},
                },
            }
        }

    def password(self) -> str:
        return KEY

    def forecast(self, station: str) -> dict[str, object]:
        said = httpx.post(
            f"{self.api}/predict",
            params={"use_latest": "true", "station_name": station},
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=300,
        )
        assert said.status_code == 200, said.text
        found: dict[str, object] = said.json()
        return found

    def served_version(self) -> str:
        return str(httpx.get(f"{self.api}/health", timeout=300).json()["model_version"])

    def wait_until_ready(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                if httpx.get(f"{self.api}/health/ready", timeout=5).is_success:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < until, self.compose.log("api-inference")
            time.sleep(0.5)

    def asked(self, query: str) -> list[dict[str, object]]:
        """What Prometheus answers."""
        found = httpx.get(f"{self.prometheus}/api/v1/query", params={"query": query}, timeout=60)
        assert found.status_code == 200, found.text
        result: list[dict[str, object]] = found.json()["data"]["result"]
        return result

    def prometheus_is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.prometheus}/-/ready", timeout=5).is_success
        except httpx.TransportError:
            return False

    def answers(self, query: str) -> bool:
        """Whether Prometheus answers with anything."""
        return bool(self.asked(query))

    def record(self, name: str) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.root / "metrics" / name).read_text())
        return found
