"""The script that asks an API for every station and publishes: what fails is told."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from raincast.loop import ask
from raincast.settings import Settings
from raincast.store.model_files import read_metadata
from tests import clones, served
from tests.integration.conftest import TOKEN as API_TOKEN
from tests.journals import examined
from tests.publishing import JOURNAL, commits, worker, write
from tests.unit.test_publication import row, whole
from tests.web_servers import says, serving


@pytest.mark.slow
class TestPredictAllAndPush:
    @pytest.fixture
    def here(self, origin: Path, remote: str, tmp_path: Path, served_root: Path) -> Path:
        """A clone that forecasts: archive and models of the tests' small world."""
        here = worker(origin, tmp_path / "here", remote)
        for name in ("models", "data"):
            shutil.copytree(served_root / name, here / name, dirs_exist_ok=True)
        return here

    @staticmethod
    def forecast(
        here: Path, *items: dict[str, Any], status: int = 200
    ) -> subprocess.CompletedProcess[str]:
        """The script against an API that answers so."""
        body = httpx.Response(200, json={"items": items}).content
        with serving(says(status, body)) as api:
            return clones.run(
                here,
                "scripts/predict_all_and_push.sh",
                JOURNAL,
                check=False,
                API_URL=api.url,
                API_KEY=API_TOKEN,
            )

    def test_partial_failure_is_refused_with_an_account_and_no_data_is_none(
        self, here: Path, origin: Path
    ) -> None:
        write(here, whole(row(1)))
        before = commits(origin)
        good = {"status": "ok", "station_name": "Sydney", "detail": None}
        silent = {"status": "not_published", "station_name": "Nhil", "detail": "no file"}
        broken = {
            "status": "unreachable",
            "station_name": "Cairns",
            "detail": "the Bureau answers 403",
        }
        refused = self.forecast(here, good, silent, broken)
        assert refused.returncode == 7, "some have their forecast, some have not"
        assert "no newest row: the Bureau answers 403 (Cairns)" in refused.stderr
        assert commits(origin) == before + 1, "what was made is published"
        none = self.forecast(here, broken)
        assert none.returncode in (4, 7)

    def test_an_api_that_is_not_there(self, here: Path) -> None:
        write(here, whole(row(1)))
        done = clones.run(
            here,
            "scripts/predict_all_and_push.sh",
            check=False,
            API_URL="http://127.0.0.1:9",
            API_KEY="x",
        )
        assert done.returncode == 4
        assert "raincast serve" in done.stderr
        assert "nothing is published" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_real_api_is_asked_once_in_a_slot(
    api_with_bureau: httpx.Client, settings: Settings
) -> None:
    address = str(api_with_bureau.base_url)
    known = len(read_metadata(settings.models).stations)
    first = ask.ask(settings, address, API_TOKEN, served.NOW)
    assert first.unreachable == {}
    assert len(first.ok) + len(first.not_published) == known
    assert len(first.ok) > 40
    assert examined(settings.journal.read_bytes()).faults == []
    again = ask.ask(settings, address, API_TOKEN, served.NOW)
    assert (again.ok, again.already) == ([], len(first.ok))
