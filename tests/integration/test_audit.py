"""Known weaknesses of locked packages fail the check; a service that is away is said, and fails
nothing.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web_servers import Answer, says, serving

ROOT = Path(__file__).resolve().parents[2]
WEAKNESS = {
    "id": "PYSEC-2026-1",
    "details": "made up",
    "affected": [
        {
            "package": {"name": "idna", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.11"}]}],
        }
    ],
}


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text(f"idna==3.10 --hash=sha256:{'0' * 64}\n")
    return path


def audit(locked: Path, *answers: Answer) -> subprocess.CompletedProcess[str]:
    with serving(*answers) as server:
        given = os.environ | {"OSV_URL": f"{server.url}/v1/query", "HOME": str(locked.parent)}
        words = [sys.executable, str(ROOT / "scripts/audit.py"), str(locked)]
        return subprocess.run(words, env=given, capture_output=True, text=True)


def test_without_a_known_weakness_it_is_quiet(locked: Path):
    done = audit(locked, says(200, b"{}"))
    assert (done.returncode, done.stdout) == (0, "")


def test_a_known_weakness_fails_the_check_and_is_named(locked: Path):
    done = audit(locked, says(200, json.dumps({"vulns": [WEAKNESS]}).encode()))
    assert done.returncode == 1
    assert f"{locked}: idna 3.10: PYSEC-2026-1, fixed in 3.11" in done.stdout


def test_a_service_that_is_away_is_said_and_fails_nothing(locked: Path):
    done = audit(locked, says(503))
    assert done.returncode == 0
    assert "not looked up: http://127.0.0.1" in done.stdout
    assert done.stdout.count("\n") == 1


def test_ci_looks_every_locked_file_up():
    locks = {str(path.relative_to(ROOT)) for path in ROOT.glob("*requirements*.txt")}
    locks |= {str(path.relative_to(ROOT)) for path in ROOT.glob("docker/requirements*.txt")}
    script = (ROOT / "scripts/audit.py").read_text()
    assert all(f'"{name}"' in script for name in locks)
    for path in (".ci/run", ".github/workflows/ci.yml"):
        assert "make audit" in (ROOT / path).read_text()
