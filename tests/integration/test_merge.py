"""`raincast merge` looks at the other file before it writes a byte."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import BadInput
from raincast.forecasts.row import COLUMNS, FIXED, lines
from raincast.store import journal
from tests.journals import EIGHT, FORECAST

HEADER = ",".join(COLUMNS).encode() + b"\n"
OURS = HEADER + lines([FORECAST])
README = (Path(__file__).resolve().parents[2] / "README.md").read_bytes()
HINDCAST = (
    b"location,feature_date,regime,rain_probability,predicted_rain\nCairns,2024-05-01,3pm,0.25,0\n"
)
HISTORY = b"Date,Location,MinTemp,Rainfall\n2008-12-01,Albury,13.4,0.6\n"
SPOILED = ",".join(FIXED) + f"\n{EIGHT}\n{EIGHT.replace('Cairns', 'Gotham')}\n"
CHANGED = HEADER + lines([FORECAST._replace(rain_probability=0.9, predicted_rain=1)])


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (README, "expected a journal, found a file without a row of one .line 1: found 1 cell, "),
        (HINDCAST, "expected a journal"),
        (HISTORY, "expected a journal"),
        (b"", "no row"),
        (SPOILED.encode(), "line 3: location: found 'Gotham'"),
        (CHANGED, f"forecast_id {FORECAST.forecast_id}"),
        (b"\x00\xff\xfe", "expected a journal"),
    ],
    ids=["README", "hindcast", "history", "empty", "a bad row", "the same id", "no text"],
)
@pytest.mark.parametrize("ours", [OURS, None], ids=["a journal", "none"])
def test_what_is_no_journal_is_refused_and_not_a_byte_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: bytes | None, theirs: bytes, said: str
):
    if ours is None and theirs == CHANGED:
        return
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))
    path, other = tmp_path / "outputs/preds_api.csv", tmp_path / "other.csv"
    other.write_bytes(theirs)
    if ours is not None:
        path.parent.mkdir()
        path.write_bytes(ours)
    with pytest.raises(BadInput, match=said):
        CliRunner().invoke(app, ["merge", str(other)], catch_exceptions=False)
    assert (path.read_bytes() if path.exists() else None) == ours


def test_the_same_rows_and_others_are_taken(tmp_path: Path):
    path = tmp_path / "outputs/preds_api.csv"
    other = HEADER + lines([FORECAST, FORECAST._replace(forecast_id="f" * 32)])
    assert journal.Journal(path).merge(other) == len(other)
    assert journal.Journal(path).merge(OURS) == 0
    assert journal.Journal(path).merge(f"{','.join(FIXED)}\n{EIGHT}\n".encode()) > 0
    assert len(journal.Journal(path).read()) == 3
