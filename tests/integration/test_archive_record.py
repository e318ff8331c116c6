"""What became of every file is recorded; a wrong version can be taken back out, and in again."""

import os
from datetime import UTC, date, datetime

import pytest

from raincast.errors import BadInput
from raincast.loop.ingest import ingest_paths
from raincast.settings import Settings
from raincast.store.archive import Archive
from tests import commands
from tests.archives import NOON, hour, rain
from tests.dwo_files import written

DAY = date(2024, 5, 1)
NOW = datetime(2024, 6, 20, tzinfo=UTC)


@pytest.fixture
def archive(held) -> Archive:
    """A station-day with a right version and a wrong one after it."""
    archive = held.archive()
    archive.append(rain([0.2]), NOON, "right")
    archive.append(rain([99.0]), hour(1), "wrong")
    return archive


def reading(archive: Archive, at: datetime | None = None) -> list[float]:
    return archive.as_known_at(at)["Rainfall"].tolist()


def test_a_withdrawn_version_is_in_no_answer_and_comes_back(archive):
    wrong = archive.sightings("Albury", DAY)[-1].version
    before = archive.revision()
    archive.withdraw("Albury", DAY, wrong, "the gauge was blocked", NOW)
    assert reading(archive) == reading(archive, hour(2)) == [0.2]
    assert archive.revision() > before, "those who keep answers look again"
    archive.observe(rain([99.0]), hour(3), "wrong again")
    assert reading(archive) == [0.2], "the same values seen again stay out"
    archive.observe(rain([1.4]), hour(4), "put right")
    assert reading(archive) == [1.4]
    archive.withdraw("Albury", DAY, wrong, "it was not", NOW, back=True)
    assert reading(archive, hour(3)) == [99.0]
    told = [(row.reason, row.withdrawn) for row in archive.withdrawals()]
    assert told == [("the gauge was blocked", True), ("it was not", False)]


def test_a_withdrawal_needs_a_version_that_is_there_and_a_reason(archive):
    wrong = archive.sightings("Albury", DAY)[-1].version
    with pytest.raises(BadInput, match="expected 0123"):
        archive.withdraw("Albury", DAY, "0123", "why", NOW)
    with pytest.raises(BadInput, match="found no reason"):
        archive.withdraw("Albury", DAY, wrong, " ", NOW)
    with pytest.raises(BadInput, match="is taken in already"):
        archive.withdraw("Albury", DAY, wrong, "why", NOW, back=True)
    assert archive.withdrawals() == []


def test_every_file_is_recorded_once_with_what_became_of_it(engine, held, tmp_path):
    settings = engine
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "IDCJDW2002.202405.csv").write_bytes(written().replace(b"18.2", b"182"))
    (folder / "page.csv").write_text("<html></html>")
    for _ in range(2):
        ingest_paths(settings, [folder], NOW)
    good, page = held.archive().files()
    assert (good["state"], good["station"], good["month"]) == ("taken", "Albury", "2024-05")
    assert "found '182', expected a number from -20 to 55" in good["remarks"][0]
    assert page["state"] == "refused"
    assert "a web page" in page["reason"]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    settings = Settings(root=tmp_path / "root")
    large = tmp_path / "IDCJDW2002.202405.csv"
    large.touch()
    os.truncate(large, 200_000_000)
    os.mkfifo(tmp_path / "pipe.csv")
    report = ingest_paths(settings, [large, tmp_path / "pipe.csv"], NOW)
    assert "found '200.0 MB', expected a file of at most 100 MB" in report.errors[0]
    assert "found 'no regular file'" in report.errors[1]


@pytest.mark.parametrize(("names", "code"), [(("good",), 0), (("good", "bad"), 7), (("bad",), 2)])
def test_ingest_says_by_its_exit_code_whether_all_some_or_none_came_in(tmp_path, names, code):
    (tmp_path / "good").write_bytes(written())
    (tmp_path / "bad").write_text("<html></html>")
    environment = {"PROJECT_ROOT": str(tmp_path / "root"), "PATH": "/usr/bin:/bin"}
    words = ["ingest", *(str(tmp_path / name) for name in names)]
    done = commands.command(words, environment)
    assert done.returncode == code, done.stderr
    assert ("refused: found 'a web page'" in done.stderr) is ("bad" in names)
