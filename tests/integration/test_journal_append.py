"""Appends from several processes lose and tear nothing, and what was acknowledged is there whatever
happens next.
"""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from raincast.errors import JournalFailed
from raincast.forecasts.reader import header_of
from raincast.forecasts.row import COLUMNS, FIXED, OLDER
from raincast.store.journal import Journal
from tests.journals import EIGHT, SEVEN, WHOLE
from tests.writers import ids, numbered


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outputs/preds_api.csv"


def test_the_first_append_makes_folder_file_and_header(path: Path):
    Journal(path).append(numbered(1, 2))
    assert header_of(path.read_bytes().splitlines()[0]) == COLUMNS
    assert ids(path) == [f.forecast_id for f in numbered(1, 2)]


def test_no_journal_is_no_rows(path: Path):
    assert list(Journal(path).read().columns) == list(COLUMNS)
    assert len(Journal(path).read()) == 0


def test_reading_needs_no_right_to_write(path: Path):
    Journal(path).append(numbered(1))
    path.parent.chmod(0o500)
    assert len(Journal(path).read()) == 1


def test_unreadable_rows_are_told_once_and_the_others_read(
    path: Path, caplog: pytest.LogCaptureFixture
):
    path.parent.mkdir()
    path.write_text(
        "\n".join([",".join(FIXED), EIGHT, EIGHT.replace("Cairns", "Gotham"), "torn"]) + "\n"
    )
    with caplog.at_level(logging.WARNING):
        assert len(Journal(path).read()) == 1
    assert "2 rows left out; line 3, location: found 'Gotham'" in caplog.text


@pytest.mark.parametrize(("header", "row"), [(OLDER, SEVEN), (FIXED, EIGHT)])
def test_an_older_journal_is_migrated_whole_before_the_first_append(
    path: Path, header: tuple[str, ...], row: str
):
    path.parent.mkdir()
    path.write_text("\n".join([",".join(header), row, row, "torn,line"]))
    before = Journal(path).examine()
    Journal(path).append(numbered(1))
    after = Journal(path).examine()
    assert header_of(path.read_bytes().splitlines()[0]) == COLUMNS
    assert after.rows.iloc[:2].equals(before.rows)
    assert after.rows["forecast_id"].iloc[2] == f"{1:032x}"
    assert list(after.unreadable) == list(before.unreadable) != []


@pytest.mark.parametrize("tail", [WHOLE[:-7], WHOLE[:40], EIGHT, '2026-02-18,"Adel'])
def test_what_a_crash_or_a_hand_left_without_line_end_does_not_swallow_the_next_row(
    path: Path, tail: str
):
    Journal(path).append(numbered(1))
    with path.open("a") as file:
        file.write(tail)
    Journal(path).append(numbered(2))
    assert {f"{1:032x}", f"{2:032x}"} <= set(Journal(path).examine().rows["forecast_id"].dropna())


@pytest.mark.parametrize("start", [b"", b"\n", b"\xef\xbb\xbf" + ",".join(COLUMNS).encode()])
def test_an_empty_or_odd_beginning_gets_its_header(path: Path, start: bytes):
    path.parent.mkdir()
    path.write_bytes(start)
    Journal(path).append(numbered(1))
    assert ids(path) == [f"{1:032x}"]


def test_columns_of_others_stay_and_ours_are_filled(path: Path):
    path.parent.mkdir()
    path.write_text(",".join((*FIXED, "note")) + "\n" + EIGHT + ",fine\n")
    journal = Journal(path)
    journal.append(numbered(1))
    journal.append(numbered(2))
    text = path.read_text().splitlines()
    assert text[0] == ",".join((*COLUMNS, "note"))
    assert [line.rsplit(",", 1)[1] for line in text[1:]] == ["fine", "", ""]
    assert ids(path)[1:] == [f"{1:032x}", f"{2:032x}"]


def test_a_header_that_a_person_lengthened_meanwhile_is_kept_to(path: Path):
    journal = Journal(path)
    journal.append(numbered(1))
    header, row = path.read_text().splitlines()
    path.write_text(f"{header},note\n{row},mine\n")
    journal.append(numbered(2))
    assert path.read_text().splitlines()[2].count(",") == header.count(",") + 1
    assert ids(path) == [f"{1:032x}", f"{2:032x}"]


def test_a_journal_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path):
    (tmp_path / "outputs").write_text("a file where the folder should be")
    with pytest.raises(JournalFailed, match=r"preds_api\.csv"):
        Journal(tmp_path / "outputs/preds_api.csv").append(numbered(1))


def test_a_journal_that_somebody_replaced_is_appended_to_where_it_is_now(path: Path):
    journal = Journal(path)
    journal.append(numbered(1))
    other = path.with_name("edited.csv")
    other.write_text(",".join(FIXED) + "\n" + EIGHT + "\n")
    other.replace(path)
    journal.append(numbered(2))
    assert Journal(path).examine().rows["location"].tolist() == ["Cairns", "AliceSprings"]


def test_where_the_disk_was_taken_away_no_journal_is_begun_anew(tmp_path: Path):
    other = Path("/dev/shm")  # noqa: S108 (a second disk, on Linux)
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    link, left = tmp_path / "outputs", tmp_path / "left"
    left.mkdir()
    with TemporaryDirectory(dir=other) as disk:
        link.symlink_to(disk)
        journal = Journal(link / "preds_api.csv")
        journal.append(numbered(1))
        link.unlink()
        link.symlink_to(left)
        with pytest.raises(JournalFailed, match=r"on another disk than before.*mount it again"):
            journal.append(numbered(2))
        assert not list(left.iterdir())
        link.unlink()
        link.symlink_to(disk)
        journal.append(numbered(3))
        assert ids(journal.path) == [f.forecast_id for f in numbered(1, 3)]
