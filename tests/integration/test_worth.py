"""What the forecasts were worth to a user, by the command, over forecasts with their truth."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from raincast.forecasts.request import of_values
from raincast.loop import monitor
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import Desk
from raincast.settings import Settings, for_child
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.registry import Registry
from tests import lived
from tests.commands import raincast

ASKED = ("value", "--cost", "2", "--loss", "10")


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return lived.build(tmp_path)


@pytest.mark.slow
def test_what_callers_make_up_is_worth_nothing(here: Settings):
    before = raincast(here.root, *ASKED, "--json")
    assert json.loads(before.stdout)["n"] > 400
    now = datetime(2016, 2, 11, 8, tzinfo=UTC)
    registry = Registry(here.models)
    desk = Desk(
        Contexts(Archive(here.archive)), Journal(here.journal), registry.load_active, lambda: now
    )
    dry = {"Humidity3pm": 10.0, "Rainfall": 0.0, "Pressure3pm": 1030.0}
    desk.forecast([of_values("Cairns", datetime(2016, 2, 5).date(), dry, now)] * 210)
    assert monitor.score(here).callers.rows == 210
    assert raincast(here.root, *ASKED, "--json").stdout == before.stdout


@pytest.mark.slow
def test_before_any_truth_it_says_whose_is_missing(tmp_path: Path):
    done = raincast(tmp_path, *ASKED, "--station", "cairns")
    assert (done.returncode, done.stdout) == (5, "")
    said = done.stderr.strip().splitlines()[-1]
    assert said == "raincast: no forecast of Cairns has its truth yet; `raincast score` joins it"


WITHOUT = """
import sys
sys.modules["{name}"] = None
from raincast.cli import main
sys.argv = ["raincast", *{words}]
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [("uvicorn", ["serve"]), ("optuna", ["tune"])],
)
def test_a_library_that_is_missing_is_one_line(tmp_path: Path, name: str, words: list[str]):
    program = WITHOUT.format(name=name, words=words)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=for_child(PROJECT_ROOT=str(tmp_path), API_KEY="k"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip().splitlines()[-1] == (
        f"raincast: the library {name} is not installed: `pip install 'raincast[all]'` brings"
        " everything that a command may need"
    )
    assert "Traceback" not in done.stderr
