"""Settings that cannot be meant are refused by name, whatever would become of them later."""

from pathlib import Path

import pytest

from raincast.errors import BadFile, BadInput
from raincast.settings import from_environment
from raincast.store import params


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("FETCH_TIMEOUT_SECONDS", "1e300"),
        ("RETRAIN_REST_DAYS", "1e300"),
        ("WATCH_RUN_LENGTH_DAYS", "1e300"),
        ("SHADOW_DAYS", "99999999999"),
        ("ALERT_SILENT_DAYS", "99999999999"),
        ("ALERT_COOL_DOWN_HOURS", "1e300"),
        ("RECALL_THRESHOLD", "0,59"),
        ("RECALL_THRESHOLD", "nan"),
        ("LIVE_WINDOW", '"200"'),
        ("PROJECT_ROOT", "~nobody-of-this-name/raincast"),
    ],
)
def test_a_value_that_no_calendar_and_no_clock_reckons_with_is_refused(name: str, text: str):
    with pytest.raises(BadInput, match=f"setting {name}: found .*, expected a"):
        from_environment({name: text})


def test_the_root_may_lie_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert from_environment({"PROJECT_ROOT": "~/rain"}).root == tmp_path.resolve() / "rain"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"train:\n  gamma: 0.1\n  gamma: 0.9\n", "the key 'gamma' twice"),
        (b"train: {}\ntrain: {gamma: 0.9}\n", "the key 'train' twice"),
        (b"prepare:\n  first_date: 2015-99-99\n", "month must be in"),
        (b"train: \xff\xfe", "can't decode"),
    ],
)
def test_parameters_that_may_be_meant_otherwise_are_refused(
    tmp_path: Path, content: bytes, said: str
):
    path = tmp_path / "params.yaml"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=said):
        params.read(path)
