"""`raincast mirror`: one line when it is up, one when it cannot be, and a page that names all it
can do.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import BadInput
from raincast.mirror.faults import KINDS
from raincast.simulator.files import write_history
from tests.mirrors import NOW, page_of, shelf, weather

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "raincast", "mirror", "--at", "2024-05-20T16:00+10:00"]
QUIET = os.environ | {"PYTHONWARNINGS": "error"}


@pytest.mark.slow
def test_it_is_up_when_it_says_so_and_ends_when_told(tmp_path):
    write_history(tmp_path / "history.csv", weather())
    asked = [
        "--data",
        str(tmp_path / "history.csv"),
        "--port",
        "0",
        "--run",
        "--rate",
        "0.5",
        "--fault",
        "403@Perth",
    ]
    asked += ["--gone", "Cairns@2024-05-01", "--revised", "0.0", "--accumulated", "0.0"]
    with subprocess.Popen(
        [*COMMAND, *asked], cwd=ROOT, env=QUIET, stderr=subprocess.PIPE, text=True
    ) as mirror:
        try:
            url, _, said = mirror.stderr.readline().strip().partition(" ")
            assert (
                said
                == f"mirrors {tmp_path / 'history.csv'} at 2024-05-20T06:00:00Z; its clock runs at"
                " 0.5 s a second"
            )
            with httpx.Client(base_url=url) as client:
                month = "/climate/dwo/202405/text/{}.202405.csv"
                answer = client.get(month.format("IDCJDW2002"))
                assert answer.content == page_of(shelf(), "Albury", NOW).content
                assert client.get(month.format("IDCJDW4024")).status_code == 404
                assert client.get(month.format("IDCJDW6111")).status_code == 403
                first, second = (client.get("/clock").json() for _ in range(2))
                assert "2024-05-20T06:00:00" < first["at"] < second["at"]
        finally:
            mirror.send_signal(signal.SIGTERM)
        (line,) = mirror.stderr.read().splitlines()
        assert line.startswith("stopped by SIGTERM")
        assert mirror.wait(120) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--data", "absent.csv"], "absent.csv: found 'No such file or directory'"),
        (
            ["--data", "simulator", "--at", "noon"],
            "--at: found 'noon', expected an instant such as",
        ),
        (["--data", "simulator", "--fault", "418"], "fault: found '418', expected KIND"),
        (
            ["--data", "simulator", "--gone", "Perth@May"],
            "--gone: found 'Perth@May', expected STATION",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_line(options, said):
    done = CliRunner().invoke(app, ["mirror", "--at", "2024-05-20T06:00Z", *options])
    assert isinstance(done.exception, BadInput)
    assert said in str(done.exception)
    assert "\n" not in str(done.exception)


def test_a_share_is_at_most_one():
    done = CliRunner().invoke(
        app, ["mirror", "--at", "2024-05-20T06:00Z", "--data", "simulator", "--revised", "2"]
    )
    assert done.exit_code == 2
    assert "--revised" in done.output


def test_a_port_that_is_taken_is_told_of(tmp_path):
    write_history(tmp_path / "history.csv", weather())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        options = ["--data", str(tmp_path / "history.csv"), "--port", str(taken.getsockname()[1])]
        done = CliRunner().invoke(app, ["mirror", "--at", "2024-05-20T06:00Z", *options])
    assert isinstance(done.exception, BadInput)
    assert "expected an address that is free" in str(done.exception)


def test_its_page_names_every_option_and_fault():
    page = (ROOT / "docs/mirror.md").read_text("utf-8")
    options = {o for p in typer.main.get_command(app).commands["mirror"].params for o in p.opts}
    assert {
        option for option in options if f"`{option}" not in page and f"{option} " not in page
    } == set()
    named = re.findall(r"(?m)^\| `([^`]+)` +\|", page)
    assert set(KINDS) <= set(named)
