"""The journal under its users' hands: saved by other programs, cut short by kills, never lost."""

import gzip
import io
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import BadInput, JournalFailed
from raincast.forecasts import reader
from raincast.forecasts.row import COLUMNS, FIXED, Forecast, lines
from raincast.loop import monitor
from raincast.settings import Settings
from raincast.store import appending, journal
from raincast.store.journal import Journal
from tests.journals import EIGHT, FORECAST, SEVEN, examined
from tests.observed import archive, forecast

HEADER = ",".join(COLUMNS)
ROWS = [
    forecast(
        "Cairns", i, (i % 10) / 10, forecast_id=f"{i:031x}a", station_name="Cairns é", threshold=0.5
    )
    for i in range(40)
]
WRITTEN = HEADER.encode() + b"\n" + lines(ROWS)
SAME = ("feature_date", "target_date", "location", "rain_probability", "predicted_rain")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "outputs/preds_api.csv"
    path.parent.mkdir()
    return path


def french(data: bytes, separator: str = ";", date: str = r"\3/\2/\1") -> str:
    """What a French spreadsheet makes of it: dates, decimals and truths in its own way."""
    frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    for name in ("feature_date", "target_date"):
        frame[name] = frame[name].str.replace(r"(\d+)-(\d+)-(\d+)", date, regex=True)
    for name in ("rain_probability", "threshold"):
        frame[name] = frame[name].str.replace(".", ",")
    frame["use_latest"] = frame["use_latest"].map({"True": "VRAI", "False": "FAUX"})
    return frame.to_csv(sep=separator, index=False, lineterminator="\r\n")


FORMS: dict[str, Callable[[], bytes]] = {
    "French": lambda: french(WRITTEN).encode("cp1252"),
    "French, UTF-8 with a mark": lambda: french(WRITTEN).encode("utf-8-sig"),
    "tabs, UTF-16": lambda: french(WRITTEN, "\t").encode("utf-16"),
    "UTF-16": lambda: WRITTEN.decode().encode("utf-16"),
    "gzip": lambda: gzip.compress(WRITTEN),
    "CR line ends": lambda: WRITTEN.replace(b"\n", b"\r"),
    "CRLF line ends": lambda: WRITTEN.replace(b"\n", b"\r\n"),
    "Windows letters": lambda: WRITTEN.decode().encode("cp1252"),
    "month first": lambda: french(WRITTEN, ";", r"\2/\3/\1").encode(),
    "points between": lambda: french(WRITTEN, ";", r"\3.\2.\1").encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_another_form_says_the_same(form: str):
    found = reader.parse(FORMS[form]())
    assert found.unreadable.empty
    expected = reader.parse(WRITTEN).rows
    pd.testing.assert_frame_equal(found.rows[list(SAME)], expected[list(SAME)])
    assert found.rows["use_latest"].all()


@pytest.mark.parametrize("form", FORMS)
def test_the_next_append_loses_nothing_and_keeps_a_copy(path: Path, form: str):
    saved = FORMS[form]()
    path.write_bytes(saved)
    Journal(path).append([FORECAST])
    found = journal.Journal(path).examine()
    assert found.unreadable.empty
    assert found.rows["forecast_id"].tolist() == [
        *(row.forecast_id for row in ROWS),
        FORECAST.forecast_id,
    ]
    copies = [copy.read_bytes() for copy in path.parent.glob("preds_api.before-*.csv")]
    unchanged = path.read_bytes().startswith(saved)
    assert copies == ([] if unchanged else [saved])


@pytest.mark.parametrize(("header", "row"), [(FIXED, EIGHT)])
def test_a_copy_of_an_older_journal_is_kept_too(path: Path, header: tuple[str, ...], row: str):
    older = f"{','.join(header)}\n{row}\n".encode()
    path.write_bytes(older)
    Journal(path).append([FORECAST])
    assert [c.read_bytes() for c in path.parent.glob("preds_api.before-*.csv")] == [older]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b,c\n1,2,3\n",
        b"# Notes\n\nby hand\n",
        b"PK\x03\x04" + bytes(range(256)) * 20,
        b"x" * 300_000,
        b"Date;Location\n2024-05-19;Cairns\n",
    ],
    ids=["other columns", "a text", "a spreadsheet's own file", "one long line", "other names"],
)
def test_what_is_no_journal_is_not_written_over(path: Path, content: bytes):
    path.write_bytes(content)
    with pytest.raises(JournalFailed, match="expected a journal"):
        Journal(path).append([FORECAST])
    assert path.read_bytes() == content


def test_dates_that_may_be_two_are_refused_with_the_reason():
    line = "05/06/2026 06:00;06/07/2026;Cairns;VRAI;Cairns;0,5;1"
    header = "logged_at_utc;target_date;location;use_latest;station_name;rain_probability;"
    found = reader.parse(f"{header}predicted_rain\n{line}\n".encode())
    assert len(found.rows) == 0
    assert "found '05/06/2026 06:00'" in found.unreadable.iloc[0]


def test_rows_of_older_ages_under_a_newer_header_stay_what_they_are():
    data = f"{HEADER}\n{EIGHT}\n{SEVEN}\n2026-02-18,1/2\n".encode()
    assert len(reader.parse(data).rows) == 2


def score(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setenv("PROJECT_ROOT", str(root))
    done = CliRunner().invoke(app, ["score", "--json"], catch_exceptions=False)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_spreadsheets_journal_is_scored_like_our_own(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
):
    rain = {("Cairns", i): 5.0 * (i % 3 == 0) for i in range(30)}
    archive(Settings(root=tmp_path), rain)
    path.write_bytes(WRITTEN)
    expected = score(tmp_path, monkeypatch)
    path.write_bytes(FORMS["French"]())
    assert score(tmp_path, monkeypatch) == expected
    assert expected["scored_rows"] == 29


def test_a_journal_that_nobody_can_read_is_not_an_empty_one(tmp_path: Path, path: Path):
    path.write_text(f"{HEADER}\n" + "spoiled,row\n" * 980)
    with pytest.raises(BadInput, match="980 rows left out; line 2, found 2 cells"):
        monitor.score(Settings(root=tmp_path))


def test_unreadable_rows_beside_others_are_said_aloud(
    tmp_path: Path, path: Path, caplog: pytest.LogCaptureFixture
):
    path.write_text(f"{','.join(FIXED)}\n{EIGHT}\n" + "spoiled,row\n" * 3)
    assert monitor.score(Settings(root=tmp_path)).unreadable_rows == 3
    assert "3 rows left out; line 3, found 2 cells" in caplog.text


def batch(number: int) -> list[Forecast]:
    return [FORECAST._replace(forecast_id=f"{number:08x}{i:024x}") for i in range(1000)]


def _killed_while_writing(path: Path, number: int, after: int) -> None:
    """A writer of 1,000 rows that gets so many bytes onto the disk."""
    child = os.fork()
    if child == 0:

        def part(handle: int, data: bytes) -> None:
            os.write(handle, data[:after])
            os.kill(os.getpid(), signal.SIGKILL)

        appending._write = part
        Journal(path).append(batch(number))
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_call_of_1000_rows_stands_together_or_not_at_all(path: Path):
    Journal(path).append(batch(0))
    size = len(lines(batch(1)))
    for number, after in enumerate((0, 1, 100, size // 2, size - 1, size), start=1):
        _killed_while_writing(path, number, after)
        counts = journal.Journal(path).read()["forecast_id"].str[:8].value_counts()
        assert set(counts) == {1000}
        assert examined(journal.Journal(path).snapshot()).faults == []
        Journal(path).append(batch(100 + number))
    found = journal.Journal(path).examine()
    assert found.unreadable.empty
    assert set(found.rows["forecast_id"].str[:8].value_counts()) == {1000}
    assert examined(path.read_bytes()).faults == []
    assert appending.torn_file(path).stat().st_size > size // 2


def test_what_a_person_added_after_a_kill_is_kept(path: Path):
    Journal(path).append(batch(0))
    size = len(lines(batch(1)))
    _killed_while_writing(path, 1, size)
    with path.open("a") as file:
        file.write(EIGHT + "\n")
    Journal(path).append([FORECAST])
    assert len(journal.Journal(path).read()) == 2002


@pytest.mark.parametrize("cut", [1, 5, 40, 100, 150])
def test_a_torn_last_line_is_set_aside_and_validate_goes_on(path: Path, cut: int):
    path.write_bytes(WRITTEN[:-cut])
    assert examined(path.read_bytes()).faults
    Journal(path).append([FORECAST])
    assert examined(path.read_bytes()).faults == []
    rows = journal.Journal(path).read()
    assert len(rows) == 41 - (cut > 1)
    assert appending.torn_file(path).exists() == (cut > 1)


def test_a_row_by_hand_without_its_end_is_kept(path: Path):
    path.write_bytes(WRITTEN + EIGHT.encode())
    Journal(path).append([FORECAST])
    assert len(journal.Journal(path).read()) == 42


WHOLE = lines(ROWS[:3]).splitlines(keepends=True)


@pytest.mark.parametrize("between", [b"\n", b""], ids=["alone in its line", "before a whole row"])
@pytest.mark.parametrize("cut", [1, 40, 100, 205])
def test_a_torn_line_in_the_middle_is_set_aside_and_validate_goes_on(
    path: Path, cut: int, between: bytes
):
    piece = WHOLE[1][:cut]
    path.write_bytes(HEADER.encode() + b"\n" + WHOLE[0] + piece + between + WHOLE[2])
    assert examined(path.read_bytes()).faults
    Journal(path).append([FORECAST])
    assert examined(path.read_bytes()).faults == []
    ids = [ROWS[0].forecast_id, ROWS[2].forecast_id, FORECAST.forecast_id]
    assert journal.Journal(path).read()["forecast_id"].tolist() == ids
    assert appending.torn_file(path).read_bytes() == piece + b"\n"


def test_the_writer_that_lives_sets_aside_what_another_tore_meanwhile(path: Path):
    writer = Journal(path)
    writer.append([FORECAST])
    with path.open("ab") as file:
        file.write(WHOLE[1][:100] + b"\n" + EIGHT.encode() + b"\n")
    writer.append(ROWS[:1])
    assert examined(path.read_bytes()).faults == []
    assert len(journal.Journal(path).read()) == 3


def test_what_a_person_wrote_wrongly_stays_and_is_told(path: Path):
    line = EIGHT.replace("Cairns", "Gotham")
    path.write_bytes(
        HEADER.encode() + b"\n" + WHOLE[0] + line.encode() + b"\n" + WHOLE[1][:70] + b"\n"
    )
    Journal(path).append([FORECAST])
    (fault,) = examined(path.read_bytes()).faults
    assert fault.startswith("line 3: ")
    assert appending.torn_file(path).read_bytes() == WHOLE[1][:70] + b"\n"


def test_a_row_edited_in_place_is_not_taken_for_torn(path: Path):
    writer = Journal(path)
    writer.append(ROWS[:2])
    with path.open("r+b") as file:  # some editors keep the file: every line now begins elsewhere
        edited = file.read().replace("Cairns é".encode(), b"Cairns", 1) + EIGHT.encode() + b"\n"
        file.seek(0)
        file.truncate()
        file.write(edited)
    writer.append([FORECAST])
    assert len(journal.Journal(path).read()) == 4
    assert not appending.torn_file(path).exists()


def test_merging_sets_aside_what_is_torn_in_ours(path: Path, tmp_path: Path):
    path.write_bytes(HEADER.encode() + b"\n" + WHOLE[0] + WHOLE[1][:70] + b"\n")
    journal.Journal(path).merge(HEADER.encode() + b"\n" + WHOLE[2])
    assert examined(path.read_bytes()).faults == []
    assert len(journal.Journal(path).read()) == 2
