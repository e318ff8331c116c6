"""What `raincast predict` says where the day's row could not be had."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from tests import learned
from tests.web_servers import says, serving


@pytest.mark.slow
def test_a_bureau_that_cannot_be_reached_is_not_called_late(tmp_path, monkeypatch):
    settings = learned.root(tmp_path)
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    monkeypatch.setenv("BUREAU_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FETCH_TRIES", "1")
    said = CliRunner().invoke(app, ["predict", "Sydney", "--use-latest"])
    assert said.exit_code == 4
    assert "the Bureau could not be asked" in said.output
    assert "may be late" not in said.output
    said = CliRunner().invoke(app, ["predict", "Sydney"])
    assert "--use-latest asks the Bureau" in said.output
    said = CliRunner().invoke(app, ["predict", "Sydney", "--json"])
    (made,) = json.loads(said.stdout.splitlines()[-1])
    assert date.fromisoformat(made["newest_row"]) < date.fromisoformat(made["feature_date"])


def test_a_bureau_that_has_no_file_at_all_may_be_elsewhere(tmp_path, monkeypatch):
    settings = learned.root(tmp_path)
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    monkeypatch.setenv("FETCH_PER_SECOND", "200")
    with serving(says(404)) as server:
        monkeypatch.setenv("BUREAU_URL", f"{server.url}/wrong/path")
        said = CliRunner().invoke(app, ["predict", "Sydney", "--use-latest"])
    assert said.exit_code == 4
    assert "BUREAU_URL leads elsewhere" in said.output
    assert "may be late" not in said.output
