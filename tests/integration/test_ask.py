"""The step that asks for every station's forecast: one station's failure costs one station."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import PARTLY, ServerUnavailable
from raincast.loop import ask
from raincast.observations.network import Network, within
from raincast.settings import Settings
from raincast.store.model_files import read_metadata
from tests import many, served
from tests.integration.conftest import TOKEN as API_TOKEN
from tests.journals import FORECAST
from tests.observed import write_journal
from tests.places import find
from tests.web_servers import says, serving


def test_one_stations_failure_costs_one_station(
    settings: Settings, start: Callable[[Settings], httpx.Client], tmp_path: Path
) -> None:
    """Perth's file cannot be read, Richmond's server fails, and Sale has none."""
    with served.bureau(tmp_path / "bureau"):
        pass
    spoilt = {
        find("Perth").product: says(200, b"Date,Rainfall (mm)\nx,y\n"),
        find("Richmond").product: says(500),
        find("Sale").product: says(404),
    }
    with serving(served.files_of(tmp_path / "bureau", spoilt)) as server:
        client = start(replace(settings, bureau_url=server.url, fetch_tries=1))
        known = len(read_metadata(settings.models).stations)
        done = ask.ask(settings, str(client.base_url), API_TOKEN, served.NOW)
        assert len(done.ok) > known - 8
        assert not {"Perth", "Richmond", "Sale"} & set(done.ok)
        assert done.outcomes["Perth"]["status"] == "unreachable"
        assert done.outcomes["Sale"]["status"] == "not_published"
        assert len(done.causes) <= 3 + len(done.not_published)
        assert ask.exit_code(done) == PARTLY
        assert {"Perth", "Richmond", "Sale"} <= set(done.basis["yesterday"])
        spoilt.clear()
        again = ask.ask(settings, str(client.base_url), API_TOKEN, served.NOW)
        assert {"Perth", "Richmond"} <= set(again.ok), "a slot is tried again"
        assert again.already == len(done.ok)


def test_a_step_says_by_its_exit_code_whether_all_some_or_none_have_it() -> None:
    every = ask.Asked(
        slot="2026-03-03T06:00:00+00:00",
        already=0,
        ok=["Cairns"],
        not_published=[],
        unreachable={},
        outcomes={},
        causes=[],
        basis={},
        regimes={},
    )
    poor = every.model_copy(update={"causes": ["status 500: Perth"]})
    assert ask.exit_code(every) == 0
    assert ask.exit_code(poor) == PARTLY
    assert ask.exit_code(poor.model_copy(update={"ok": [], "already": 3})) == PARTLY
    assert ask.exit_code(poor.model_copy(update={"ok": []})) == 4


def test_a_clock_three_days_ahead_at_one_ask_silences_nobody(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    now = served.NOW
    wrong = FORECAST._replace(location="Cairns", use_latest=True, logged_at_utc=now + timedelta(3))
    right = wrong._replace(location="Albury", logged_at_utc=now, forecast_id="1" * 32)
    write_journal(settings.journal, [wrong])
    assert {"Albury", "Cairns"} <= set(ask.waiting(settings, now)), "at once"
    write_journal(settings.journal, [wrong, right])
    assert "Albury" not in ask.waiting(settings, now)
    later = now + timedelta(days=3, minutes=5)
    assert "Cairns" in ask.waiting(settings, later), "nor when that time has come"


def test_many_stations_are_asked_for_in_several_calls(tmp_path: Path) -> None:
    count = 2 * ask.MOST_AT_ONCE + 1
    with (
        within(Network(tuple(many.stations(count)))),
        serving(says(200, b'{"items": []}')) as server,
    ):
        done = ask.ask(Settings(root=tmp_path), server.url, API_TOKEN, served.NOW)
    assert done.already == 0
    assert [asked.path for asked in server.asked] == ["/predict/batch"] * 3


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"[]", b'{"items": null}', b'{"items": [1]}', b'{"items": [{"status": "ok"}]}'],
)
def test_what_is_no_outcome_is_an_error_of_the_server(tmp_path: Path, body: bytes) -> None:
    with serving(says(200, body)) as server, pytest.raises(ServerUnavailable, match="batch"):
        ask.ask(Settings(root=tmp_path), server.url, API_TOKEN, served.NOW)


def test_the_api_that_is_set_is_the_one_that_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(says(200, b'{"items": []}')) as server:
        for name, text in (("PROJECT_ROOT", str(tmp_path)), ("API_URL", server.url)):
            monkeypatch.setenv(name, text)
        monkeypatch.setenv("API_KEY", API_TOKEN)
        CliRunner().invoke(app, ["request-forecasts"])
    assert [asked.path for asked in server.asked] == ["/predict/batch"]
