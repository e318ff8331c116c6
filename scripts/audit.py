#!/usr/bin/env python3
"""Looks the locked packages up among the known weaknesses (osv.dev), with pip-audit.

Ends with 1 where one is known, and with 0 and the reason where the service cannot be asked: on a
machine without a network that is no fault of the packages.

scripts/audit.py [FILE …]    all locked requirements without FILE; OSV_URL names another service
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKED = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-setup.txt",
    "requirements-chart.txt",
    "docker/requirements.api.txt",
    "docker/requirements.airflow.extra.txt",
)
SERVICE = "https://api.osv.dev/v1/query"
PATIENCE_SECONDS = 300
"""For one file of some two hundred packages, each of which is asked for."""


class _NotAskedError(Exception):
    pass


def known(file: str, service: str) -> Iterator[str]:
    """One line for each weakness that is known of a file's packages."""
    for package in _asked(file, service)["dependencies"]:
        for weakness in package.get("vulns", ()):
            fixed = ", ".join(weakness["fix_versions"]) or "no version yet"
            named = f"{package['name']} {package['version']}"
            yield f"{file}: {named}: {weakness['id']}, fixed in {fixed}"


def _asked(file: str, service: str) -> dict[str, Any]:
    words = [sys.executable, "-m", "pip_audit", "--disable-pip", "--progress-spinner=off"]
    words += ["--format=json", f"--requirement={file}"]
    words += ["--vulnerability-service=osv", f"--osv-url={service}"]
    try:
        done = subprocess.run(words, cwd=ROOT, timeout=PATIENCE_SECONDS, capture_output=True)  # noqa: S603
        found: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise _NotAskedError(f"no end after {PATIENCE_SECONDS} s") from error
    except ValueError as error:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _NotAskedError(said[-1] if said else "no answer") from error
    return found


def main(files: list[str]) -> int:
    service = os.environ.get("OSV_URL", SERVICE)
    found = 0
    try:
        for file in files or LOCKED:
            for line in known(file, service):
                found = 1
                sys.stdout.write(f"{line}\n")
    except _NotAskedError as error:
        sys.stdout.write(f"not looked up: {service} cannot be asked: {error}\n")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
