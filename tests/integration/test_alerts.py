"""Messages reach a mail server and a web hook, and nothing that fails there fails the loop."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import MissingSetting, NoModel, ServerUnavailable
from raincast.loop import alerts
from raincast.loop import round as rounds
from raincast.settings import Settings
from raincast.store import files
from tests import served
from tests.observed import archive, day, forecast, write_journal
from tests.tracked_runs import free_port
from tests.web_servers import Server, says, serving

NOW = datetime(2024, 11, 10, 7, tzinfo=UTC)
SECRET = "a-password-of-the-tests"
DEAD = f"json://nobody:{SECRET}@127.0.0.1:9"


class Mailbox:
    """Takes mail, as text with its subject."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain",)) or mail
        self.mails.append((str(mail["Subject"]), str(body.get_content())))  # type: ignore[attr-defined]
        return "250 OK"


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback that ALERT_URLS names."""
    box = Mailbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    address = f"mailto://127.0.0.1:{port}?from=loop@example.org&to=operator@example.org"
    monkeypatch.setenv("ALERT_URLS", address)
    yield box
    server.stop()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A web hook on loopback that ALERT_URLS names, beside an address where nobody is."""
    with serving(says(200)) as server:
        monkeypatch.setenv("ALERT_URLS", f"{server.url.replace('http', 'json')}/hook {DEAD}")
        yield server


def test_a_mail_says_what_since_when_what_to_do_and_when_it_is_over(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    settings = Settings(root=tmp_path)
    for hours, made in ((0, 0), (1, 0), (2, 49)):
        found = alerts.forecasts(made, 0, ["the Bureau answers 500: Perth"])
        alerts.tell(settings, NOW + timedelta(hours=hours), lambda found=found: found)
    (first, said), (last, over) = mailbox.mails
    assert first == "raincast: No forecast could be made"
    assert "the Bureau answers 500: Perth" in said
    assert "Since: 2024-11-10 07:00 UTC" in said
    assert "What to do: is the API up" in said
    assert last == "raincast: Over: No forecast could be made"
    assert "Over: 2024-11-10 09:00 UTC" in over


def test_a_slot_of_weaker_forecasts_alone_is_not_called_one_without_any(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    settings = Settings(root=tmp_path)
    for hours, own in ((0, 0), (1, 49)):
        at, weaker = NOW + timedelta(hours=hours), {"yesterday": ["Perth", "Albury"]}
        alerts.predicted(settings, at, own, weaker, ["the Bureau answers 500: Perth, Albury"])
    title = "Only weaker forecasts could be made"
    assert [subject for subject, _ in mailbox.mails] == [
        f"raincast: {title}",
        f"raincast: Over: {title}",
    ]


def test_a_round_that_fails_tells_and_a_repeated_one_does_not(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    for _ in range(2):
        done = rounds.run(Settings(root=tmp_path), served.NOW, lambda _: None)
        assert "raincast train" in done.failed["forecast"]
    assert [subject for subject, _ in mailbox.mails] == [
        "raincast: No forecast could be made",
        "raincast: No new observations",
    ]


def test_a_web_hook_is_told_though_another_address_is_dead_and_no_secret_is_shown(
    tmp_path: Path,
    hook: Server,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level(logging.DEBUG):
        alerts.tell(Settings(root=tmp_path), NOW, lambda: alerts.forecasts(0, 0, []))
    assert [asked.path for asked in hook.asked] == ["/hook"]
    assert "ALERT_URLS no. 2 (json) did not take the message" in caplog.text
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
    assert SECRET not in (tmp_path / "metrics/alarms.json").read_text()


def test_what_nobody_took_is_sent_with_the_next_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(root=tmp_path)
    monkeypatch.setenv("ALERT_URLS", DEAD)
    alerts.serves(settings, NOW, "7", "promoted by hand", "it is better")
    with serving(says(200)) as server:
        monkeypatch.setenv("ALERT_URLS", f"{server.url.replace('http', 'json')}/hook")
        alerts.tell(settings, NOW)
        assert len(server.asked) == 1
    assert files.read_json(settings.alarms)["unsent"] == []


def test_without_addresses_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALERT_URLS", raising=False)
    alerts.tell(Settings(root=tmp_path), NOW, lambda: alerts.forecasts(0, 0, []))
    assert list(tmp_path.iterdir()) == []


def test_a_step_that_fails_is_told_and_fails_as_before(tmp_path: Path, mailbox: Mailbox) -> None:
    settings = Settings(root=tmp_path)
    with pytest.raises(NoModel), alerts.watched(settings, NOW, "retrain"):
        raise NoModel("no model serves")
    with alerts.watched(settings, NOW, "retrain"):
        pass
    assert [subject for subject, _ in mailbox.mails] == [
        "raincast: The retraining failed",
        "raincast: Over: The retraining failed",
    ]


def test_a_record_that_cannot_be_read_costs_a_line(
    tmp_path: Path, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(root=tmp_path)
    settings.alarms.parent.mkdir()
    settings.alarms.write_text("{")
    alerts.tell(settings, NOW, lambda: alerts.forecasts(0, 0, []))
    assert "nobody was told" in caplog.text
    assert mailbox.mails == []


def test_silent_stations_no_observations_and_a_missed_slot_are_seen(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    archive(settings, {("Cairns", 8): 0.0, ("Perth", 5): 1.0})
    write_journal(settings.journal, [forecast("Cairns", 8, 0.7)])
    found = alerts.standing(settings, NOW)
    assert found["disk"] is None or "GB are free" in found["disk"].found
    assert found["silent:Cairns"] is None
    assert found["silent:Perth"]
    assert found["silent:Perth"].found == f"Perth: nothing since {day(5)}"
    assert found["observations"] is None
    assert found["slot"]  # of the 9th at 18:00 there is none
    write_journal(settings.journal, [forecast("Cairns", 8, 0.7, hour=18)])
    assert alerts.standing(settings, NOW)["slot"] is None
    later = alerts.standing(settings, NOW + timedelta(days=20))
    assert later["observations"]
    assert "silent:Perth" not in later


def test_alert_test_sends_to_every_address(hook: Server, mailbox: Mailbox) -> None:
    done = CliRunner().invoke(app, ["alert", "test"])
    assert done.exit_code == 0, done.output
    assert "ALERT_URLS no. 1 (mailto) took the message" in done.output
    assert mailbox.mails[0][0] == "raincast: test"


def test_alert_test_says_who_did_not_take_it(hook: Server) -> None:
    done = CliRunner().invoke(app, ["alert", "test"])
    assert isinstance(done.exception, ServerUnavailable)
    assert "no. 2 (json)" in str(done.exception)
    assert SECRET not in done.output + str(done.exception)


def test_alert_test_without_addresses_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALERT_URLS", raising=False)
    assert isinstance(CliRunner().invoke(app, ["alert", "test"]).exception, MissingSetting)


def test_without_apprise_one_line_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['apprise'] = None\n"
        "from datetime import datetime, UTC; from pathlib import Path\n"
        "from raincast.loop import alerts; from raincast.settings import Settings\n"
        f"alerts.tell(Settings(root=Path({str(tmp_path)!r})), datetime.now(UTC),"
        " lambda: alerts.forecasts(0, 0, []))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"ALERT_URLS": DEAD},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "raincast[alerts]" in done.stderr
    assert SECRET not in done.stderr
    assert len(done.stderr.splitlines()) == 1
