"""What may be published, and how two journals become one."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import BadInput
from raincast.forecasts import publication, reader
from raincast.forecasts.row import COLUMNS, OLDER, Forecast, lines
from raincast.loop.ask import slot
from raincast.store import journal
from tests.journals import EIGHT, FORECAST, SEVEN, examined

HEADER = ",".join(COLUMNS).encode() + b"\n"
OLDER_JOURNAL = ",".join(OLDER).encode() + b"\n" + SEVEN.encode() + b"\n"


def row(number: int, **other: object) -> Forecast:
    return FORECAST._replace(
        forecast_id=f"{number:032x}",
        logged_at_utc=FORECAST.logged_at_utc + timedelta(minutes=number),
        **other,
    )


def whole(*rows: Forecast) -> bytes:
    return HEADER + lines(list(rows))


def test_what_the_api_writes_may_be_published_and_what_is_added_by_hand_too() -> None:
    data = whole(row(1), row(2)) + EIGHT.encode() + b"\n"
    assert examined(data).faults == []
    publication.require(examined(data), "x")
    assert examined(data).rows == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "expected a header"),
        (b"a,b\n1,2\n", "expected a header"),
        (OLDER_JOURNAL, "header"),
        (whole(row(1), row(2))[:-1], "has no end"),
        (whole(row(1), row(2))[:-40], "has no end"),
        (whole(row(1), row(2))[:-40] + b"\n", "line 3"),
        (whole(row(1), row(1)), "twice"),
        (whole(row(1, rain_probability=1.5)), "rain_probability"),
        (whole(row(1, location="Nowhere", station_name="Nowhere")), "line 2: location"),
        (whole(row(1, predicted_rain=1)), "does not follow"),
        (whole(row(1, target_date=FORECAST.feature_date)), "target_date"),
    ],
)
def test_what_is_not_whole_or_not_readable_may_not(data: bytes, said: str) -> None:
    assert any(said in fault for fault in examined(data).faults)
    with pytest.raises(BadInput, match=r"preds\.csv is not published"):
        publication.require(examined(data), "preds.csv")


@given(st.integers(0, 10), st.integers(0, 10))
def test_cut_anywhere_it_is_refused(cut: int, many: int) -> None:
    data = whole(*(row(i) for i in range(many + 1)))
    assert examined(data[: -1 - cut]).faults


@given(
    st.lists(st.integers(0, 12), unique=True),
    st.lists(st.integers(0, 12), unique=True),
    st.integers(0, 12),
)
def test_two_journals_become_one_that_has_each_forecast_once(
    left: list[int], right: list[int], shared: int
) -> None:
    ours, theirs = (
        whole(*map(row, dict.fromkeys([shared, *left]))),
        whole(*map(row, dict.fromkeys([shared, *right]))),
    )
    both = publication.merged(ours, theirs)
    ids = reader.parse(both).rows["forecast_id"].tolist()
    assert sorted(ids) == [f"{n:032x}" for n in sorted({shared, *left, *right})]
    assert both == ours or both.startswith(theirs)
    assert publication.merged(both, theirs) == both
    assert publication.merged(both, ours) == both


def test_an_older_journal_is_taken_in_too(tmp_path: Path) -> None:
    path = tmp_path / "outputs/preds_api.csv"
    path.parent.mkdir()
    path.write_bytes(whole(row(1)))
    older = OLDER_JOURNAL
    assert journal.Journal(path).merge(older) > 0
    assert journal.Journal(path).merge(older) == 0
    assert examined(path.read_bytes()).rows == 2


def test_the_command_says_what_is_wrong_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))
    good = tmp_path / "good.csv"
    good.write_bytes(whole(row(1)))
    done = CliRunner().invoke(app, ["validate", str(good), "--json"])
    assert (done.exit_code, json.loads(done.stdout)["rows"]) == (0, 1)
    (tmp_path / "bad.csv").write_bytes(whole(row(1))[:-9])
    with pytest.raises(BadInput, match="has no end"):
        CliRunner().invoke(app, ["validate", str(tmp_path / "bad.csv")], catch_exceptions=False)
    with pytest.raises(BadInput, match="no file"):
        CliRunner().invoke(app, ["validate"], catch_exceptions=False)


def test_the_slot_is_the_newest_issue_time() -> None:
    at = FORECAST.logged_at_utc.replace(hour=6, minute=0, second=0, microsecond=0)
    assert slot(at) == at
    assert slot(at - timedelta(seconds=1)) == at - timedelta(hours=12)
    assert slot(at + timedelta(hours=13)) == at + timedelta(hours=12)
