"""What is logged: its fields, one line a record, and never a secret."""

import json
import logging
import warnings
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast import logs
from raincast.console import say, warn
from raincast.settings import ELSEWHERE

SECRETS = [variable.name for variable in ELSEWHERE if variable.secret]
TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=8, max_size=30)


pytestmark = pytest.mark.usefixtures("quiet_afterwards")


def line(form: logging.Formatter, message: str, *args: object, broken: bool = False) -> str:
    info = None
    if broken:
        try:
            raise ValueError(message % args)
        except ValueError as error:
            info = (ValueError, error, error.__traceback__)
    return form.format(logging.LogRecord("raincast.x", 30, "x.py", 1, message, args, info))


@pytest.mark.parametrize("form", [logs._Json(), logs._Text(), logs._Terminal()])
@given(name=st.sampled_from(SECRETS), secret=TOKENS)
def test_no_secret_is_ever_logged(form: logging.Formatter, name: str, secret: str) -> None:
    with patch.dict("os.environ", {name: secret}), logs.about(station=secret):
        found = line(form, "%s %r in http://x/%s", secret, secret, secret, broken=True)
    assert secret not in found
    assert json.dumps(secret)[1:-1] not in found
    assert repr(secret)[1:-1] not in found


@given(password=st.text("abcXYZ0189-_~", min_size=8, max_size=30))
def test_passwords_in_addresses_are_struck_out(password: str) -> None:
    address = f"postgresql://raincast:{password}@db/studies"
    with patch.dict("os.environ", {"OPTUNA_STORAGE": address}):
        assert password not in line(logs._Text(), "%s alone, and %s", password, address)
    assert password not in line(logs._Text(), "cannot reach %s", address)


@pytest.mark.parametrize("secret", ["c", "s3cret"])
def test_a_short_secret_is_struck_out_where_it_stands_alone(secret: str) -> None:
    with patch.dict("os.environ", {"API_KEY": secret}):
        said = logs.struck(f"Bearer {secret}, key={secret}&x: 'secrets of Cairns cannot be had'")
    assert said == "Bearer ***, key=***&x: 'secrets of Cairns cannot be had'"


def test_secrets_are_the_settings_that_are_called_so() -> None:
    named = {
        name for name in (v.name for v in ELSEWHERE) if name.endswith(("KEY", "TOKEN", "URLS"))
    }
    assert named <= set(SECRETS)
    assert {"AIRFLOW_PASSWORD"} <= set(SECRETS)


def test_json_has_time_level_and_the_work_in_hand(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("json")
    with patch.dict("os.environ", {"RAINCAST_RUN_ID": "manual__1"}), logs.about(step="score"):
        logs.note(station="Perth")
        logging.getLogger("raincast.loop").warning("not fetched:\n%s", "404")
        say("done")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first.pop("time").endswith("Z")
    assert first == {
        "level": "warning",
        "logger": "raincast.loop",
        "message": "not fetched:\n404",
        "run_id": "manual__1",
        "step": "score",
        "station": "Perth",
    }
    assert (second["level"], second["message"]) == ("info", "done")


def test_a_terminal_has_plain_lines_and_warnings_called_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.start("text")
    say("fetched 3 files")
    warn("RECALL_TRESHOLD is no setting")
    logging.getLogger("raincast.store").warning("kept in x")
    assert capsys.readouterr().err.splitlines() == [
        "fetched 3 files",
        "warning: RECALL_TRESHOLD is no setting",
        "warning: kept in x",
    ]


def test_a_librarys_warning_is_one_line_and_comes_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("text")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        for _ in range(3):
            warnings.warn("no convergence:\nscale the data\nor try more", UserWarning, stacklevel=1)
    assert capsys.readouterr().err == "warning: UserWarning: no convergence\n"


@given(text=st.text())
def test_nobody_else_makes_a_line_of_the_log(text: str) -> None:
    assert len(line(logs._Text(), "GET %s", text).splitlines()) == 1
    assert len(line(logs._Json(), "GET %s", text).split("\n")) == 1


def test_fields_end_with_the_work_that_has_them() -> None:
    with logs.about(step="score"):
        assert logs.known("step") == "score"
    assert logs.known("step") is None
