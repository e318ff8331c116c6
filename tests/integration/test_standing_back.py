"""A fit stands back for what else runs on the machine."""

import json
import subprocess
import sys

import pytest

from tests import commands

pytestmark = pytest.mark.slow

_SAID = """
import json, os, threading
from raincast import console
os.nice({already})
console.stand_back(console.established())
found = {{}}
def look():
    found["priority"] = os.getpriority(os.PRIO_PROCESS, 0)
    found["cores"] = len(os.sched_getaffinity(0))
thread = threading.Thread(target=look)
thread.start(); thread.join()
print(json.dumps(found))
"""


def begun(already: int = 0, **environment: str) -> dict[str, int]:
    """What a thread that begins later has."""
    done = subprocess.run(
        [sys.executable, "-c", _SAID.format(already=already)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities and cores to set")
def test_a_fit_has_the_priority_and_the_cores_that_are_set() -> None:
    assert begun()["priority"] == 10
    assert begun(FIT_PRIORITY="3", FIT_CORES="1") == {"priority": 3, "cores": 1}
    assert begun(already=15)["priority"] == 15


@pytest.mark.parametrize("command", ["train", "tune", "retrain", "remedy", "run"])
def test_every_command_that_fits_stands_back(command: str, tmp_path) -> None:
    """In an empty root each ends soon, after it stood back."""
    environment = {"PROJECT_ROOT": str(tmp_path), "BUREAU_URL": "http://127.0.0.1:9"}
    done = commands.command([command], environment, at_end=commands.say_priority)
    assert "priority 10" in done.stdout, done.stdout + done.stderr
