"""The Helm chart, rendered by Helm's own engine and held against the schemas of Kubernetes."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-chart/bin/python"
RENDER = """
import json, sys
import helm_python, kubernetes_validate, yaml
with helm_python.Chart.load(sys.argv[1]) as chart:
    texts = chart.render(json.loads(sys.argv[2]), name="rain", namespace="weather")
found = [one for text in texts.values() for one in yaml.safe_load_all(text) if one]
for one in found:
    kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)
print(json.dumps(found))
"""
SECRETS = {
    "API_KEY",
    "ALERT_URLS",
    "DAGSHUB_USERNAME",
    "DAGSHUB_TOKEN",
    "OPTUNA_STORAGE",
    "DATABASE_URL",
}


def rendered(**values: Any) -> subprocess.CompletedProcess[str]:
    if not PYTHON.exists():
        pytest.skip("no Helm in .venv-chart: `make chart-setup` installs it")
    words = [PYTHON, "-c", RENDER, ROOT / "charts/raincast", json.dumps(values)]
    return subprocess.run(words, capture_output=True, text=True)


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    """All that an installation with one's own Secret makes."""
    done = rendered(secretName="mine")
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def pods(objects: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in objects:
        spec = one["spec"]
        if one["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            yield one["metadata"]["name"], spec["template"]["spec"]


def named(objects: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    return next(o for o in objects if (o["kind"], o["metadata"]["name"]) == (kind, name))["spec"]


def test_it_has_the_api_the_app_the_jobs_and_a_volume(objects: list[dict[str, Any]]) -> None:
    assert sorted((one["kind"], one["metadata"]["name"]) for one in objects) == [
        ("CronJob", "rain-model"),
        ("CronJob", "rain-run"),
        ("CronJob", "rain-run-late"),
        ("Deployment", "rain-api"),
        ("Deployment", "rain-app"),
        ("PersistentVolumeClaim", "rain"),
        ("PodDisruptionBudget", "rain-api"),
        ("Service", "rain-api"),
        ("Service", "rain-app"),
    ]


def test_the_api_has_several_replicas_and_is_asked_whether_it_lives_and_is_ready(
    objects: list[dict[str, Any]],
) -> None:
    api = named(objects, "Deployment", "rain-api")
    (container,) = api["template"]["spec"]["containers"]
    assert api["replicas"] == 2
    assert container["livenessProbe"]["httpGet"]["path"] == "/health"
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"


def test_no_pod_is_root_or_can_write_its_own_files(objects: list[dict[str, Any]]) -> None:
    for _, pod in pods(objects):
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"]
            assert not context["allowPrivilegeEscalation"]
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]


def test_secrets_are_references_to_a_secret_that_is_not_made_here(
    objects: list[dict[str, Any]],
) -> None:
    for name, pod in pods(objects):
        environment = {e["name"]: e for e in pod["containers"][0]["env"]}
        for secret in SECRETS:
            assert "value" not in environment[secret], name
            assert environment[secret]["valueFrom"]["secretKeyRef"]["name"] == "mine"


def test_jobs_take_turns_and_the_first_model_waits(objects: list[dict[str, Any]]) -> None:
    run, model = (named(objects, "CronJob", f"rain-{name}") for name in ("run", "model"))
    assert (run["concurrencyPolicy"], run["timeZone"]) == ("Forbid", "Etc/UTC")
    assert (run["suspend"], model["suspend"]) == (False, True)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "name a Secret of yours"),
        ({"secretName": "mine", "settings": {"API_KEY": "x"}}, "API_KEY"),
        ({"secretName": "mine", "api": {"replicas": 0}}, "replicas"),
    ],
)
def test_what_cannot_be_installed_is_refused_with_the_reason(
    values: dict[str, Any], said: str
) -> None:
    done = rendered(**values)
    assert done.returncode != 0
    assert said in done.stderr


def test_settings_of_ones_own_and_a_claim_that_is_there(objects: list[dict[str, Any]]) -> None:
    asked = {"settings": {"LIVE_WINDOW": 300}, "storage": {"existingClaim": "old"}}
    done = rendered(secretName="mine", app={"enabled": False}, **asked)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {one["kind"] for one in found} == {
        "CronJob",
        "Deployment",
        "PodDisruptionBudget",
        "Service",
    }
    for _, pod in pods(found):
        environment = {e["name"]: e.get("value") for e in pod["containers"][0]["env"]}
        assert environment["LIVE_WINDOW"] == "300"
        assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == "old"


def test_its_settings_are_settings() -> None:
    from raincast.settings import ELSEWHERE, variables

    known = {v.name for v in (*variables().values(), *ELSEWHERE)}
    values = yaml.safe_load((ROOT / "charts/raincast/values.yaml").read_text("utf-8"))
    assert set(values["settings"]) | set(values["secretKeys"]) <= known
