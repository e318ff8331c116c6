"""Files and fetched months go into the archive, whatever their
order; a bad one keeps no other out.
"""

import gzip
import io
import sqlite3
import tarfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from tqdm import tqdm
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.loop.batch import IngestReport
from raincast.loop.ingest import ingest_paths
from raincast.settings import Settings
from raincast.store.archive import Archive
from tests.dwo_files import BARE, published, row, written
from tests.feeds import as_json, look
from tests.history_files import text
from tests.web_servers import hurried

NOW = datetime(2024, 6, 20, tzinfo=UTC)
MAY = datetime(2024, 5, 15, 5, 36, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return hurried(tmp_path / "root", tries=1)


@pytest.fixture
def folder(tmp_path):
    """Two editions of Albury's May, one of Cairns's without prose, and the historical file, at
    several depths.
    """
    files = {
        "a/IDCJDW2002.202405.csv": written(),
        "b/later/IDCJDW2002.202405.csv": published(
            "Albury",
            "202405",
            (row("2024-05-1", "3.2"), row("2024-05-12", "1")),
            "05:36 UTC on Thursday 16 May 2024",
        ),
        "c/IDCJDW4024.202405.CSV": written(
            (), BARE, (row("2024-05-1", "", "20"), row("2024-05-2", "7.0", "21"))
        ),
        "history.csv": text(),
        "notes.txt": b"not ours",
    }
    for name, content in files.items():
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "files"


def test_a_folder_goes_in(settings, folder):
    assert ingest_paths(settings, [folder], NOW) == IngestReport(4, 4 + 2 + 3, 5 + 2 + 3, ())
    archive = Archive(settings.archive)
    may_day = archive.versions("Albury", date(2024, 5, 1))
    assert may_day["Rainfall"].tolist() == [0.0, 3.2]
    assert may_day["known_at"].tolist() == [MAY, MAY.replace(day=16)]
    assert may_day["source"].tolist() == ["file IDCJDW2002.202405"] * 2
    cairns = archive.versions("Cairns", date(2024, 5, 2))
    assert cairns["known_at"].tolist() == [NOW], "nobody says when it was prepared"
    assert archive.versions("Albury", date(2008, 12, 1))["source"].tolist() == ["historical"]
    assert archive.rainfall(first=date(2024, 5, 2)).query("accumulated")["Location"].tolist() == [
        "Albury",
        "Cairns",
    ]


def test_it_is_said_whose_files_they_were(settings, folder, monkeypatch):
    """The name of a file has the Bureau's number alone, and a number is easily mistaken."""
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    cairns = CliRunner().invoke(app, ["ingest", str(folder / "c")])
    assert cairns.stdout == (
        "1 file, 2 station-days of Cairns from 2024-05-01 to 2024-05-02, 2 new versions\n"
    )
    report = ingest_paths(settings, [folder], NOW)
    assert (report.first_date, report.last_date) == ("2008-12-01", "2024-05-12")


def test_a_station_day_of_which_nothing_is_known_is_said_to_be(settings, monkeypatch):
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    said = CliRunner().invoke(app, ["versions", "Cairns", "2024-05-03"])
    assert said.stdout == ""
    assert "nothing is known of Cairns on 2024-05-03" in said.stderr


def test_a_second_time_nothing_is_new(settings, folder):
    first, second = (ingest_paths(settings, [folder], NOW) for _ in range(2))
    assert second == replace(first, versions=0)
    assert ingest_paths(settings, [folder / "history.csv", folder / "a"], NOW).versions == 0


def test_the_order_of_files_does_not_matter(settings, folder, tmp_path):
    paths = sorted(path for path in folder.rglob("*.[cC]*") if path.is_file())
    whole, turned, single = (
        replace(settings, root=tmp_path / name) for name in ("whole", "turned", "single")
    )
    ingest_paths(whole, [folder], NOW)
    ingest_paths(turned, reversed(paths), NOW)
    for path in reversed(paths):
        ingest_paths(single, [path], NOW)
    for at in (None, MAY, NOW):
        expected = Archive(whole.archive).as_known_at(at)
        for other in (turned, single):
            pd.testing.assert_frame_equal(Archive(other.archive).as_known_at(at), expected)


def test_a_bad_file_is_told_of_and_keeps_no_other_out(settings, folder):
    (folder / "page.csv").write_text("<html></html>")
    (folder / "b/cut.csv").write_bytes(written()[:-30])
    report = ingest_paths(settings, [folder, folder / "absent.csv", folder / "notes.txt"], NOW)
    assert (report.files, report.versions) == (5, 10)
    page, absent, notes = report.errors
    (cut,) = report.set_aside
    assert "b/cut.csv, line 10: found" in cut
    assert "22 fields" in cut
    assert "page.csv: found 'a web page', expected a file of Daily Weather Observations" in page
    assert (
        "absent.csv: found No such file or directory, expected a file or folder that can be read"
        in absent
    )
    assert "notes.txt: found 'not ours', expected a DWO file" in notes


def test_a_folder_without_files_is_said_so(settings, tmp_path):
    (tmp_path / "empty").mkdir()
    report = ingest_paths(settings, [tmp_path / "empty"], NOW)
    assert (report.files, report.versions) == (0, 0)
    assert "empty: found an empty folder, expected .csv" in report.errors[0]
    (tmp_path / "empty/feed.json").write_text("{}")
    report = ingest_paths(settings, [tmp_path / "empty"], NOW)
    assert "found 1 file (.json), expected .csv" in report.errors[0]


def _tar(name: str, content: bytes) -> bytes:
    told, packed = tarfile.TarInfo(name), io.BytesIO()
    told.size = len(content)
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.addfile(told, io.BytesIO(content))
    return packed.getvalue()


def test_a_folder_is_looked_through_for_what_is_packed_and_not_for_shadows(settings, tmp_path):
    feed = as_json([look("2024-05-01 09:00")])
    packed = {
        "IDN60910.tgz": _tar("IDN60903.json", feed),
        "feed.json.gz": gzip.compress(feed),
        "IDCJDW2002.202405.csv": written(),
        "._IDCJDW2002.202405.csv": b"\0\5\x16\7Mac OS X",
        ".IDCJDW2002.202405.csv.part": written()[:900],
    }
    for name, content in packed.items():
        (tmp_path / name).write_bytes(content)
    report = ingest_paths(settings, [tmp_path], NOW)
    assert (report.files, report.stations, report.errors) == (3, ("Albury", "Canberra"), ())


@pytest.mark.parametrize(
    ("prepared", "warned"), [("05:36 UTC on Thursday 16 May 2024", 0), (None, 1)]
)
def test_two_files_that_neither_corrects_the_other_are_told_of(
    settings, tmp_path, prepared, warned
):
    first = "05:36 UTC on Wednesday 15 May 2024"
    for folder, rain, when in (("a", "1.0", first), ("b", "5.0", prepared or first)):
        path = tmp_path / folder / "IDCJDW2002.202405.csv"
        path.parent.mkdir()
        path.write_bytes(published("Albury", "202405", (row("2024-05-1", rain),), when))
    report = ingest_paths(settings, [tmp_path / "a", tmp_path / "b"], NOW)
    assert len(report.warnings) == warned
    assert all("found Rainfall 5.0 on 2024-05-01, expected 1.0" in one for one in report.warnings)


def test_a_path_that_the_system_refuses_keeps_no_other_out(settings, folder):
    (folder / "refused.csv").symlink_to("x" * 300)
    report = ingest_paths(settings, [folder, folder / ("y" * 300)], NOW)
    assert report.files == 4
    assert "found File name too long" in report.errors[-1]


def test_it_shows_how_far_it_is(settings, folder, capsys):
    ingest_paths(settings, [folder], NOW, progress=tqdm)
    assert "4/4" in capsys.readouterr().err


@pytest.fixture(scope="module")
def real(bom_dir, tmp_path_factory):
    settings = Settings(root=tmp_path_factory.mktemp("real"))
    return settings, ingest_paths(settings, [bom_dir], NOW.replace(year=2026))


@pytest.mark.slow
def test_all_the_bureaus_files_go_in_once(real, bom_dir):
    settings, report = real
    assert report == IngestReport(1059, 22_258, 23_093, ())
    again = ingest_paths(
        settings, [bom_dir / "dwo_revisions", bom_dir / "dwo"], NOW.replace(year=2027)
    )
    assert (again.files, again.versions) == (1035, 0)


@pytest.mark.slow
def test_how_much_the_bureau_corrects(real):
    """Rainfall of each station-day that was seen at two times or more: as it was seen first, and
    last.
    """
    connection = sqlite3.connect(real[0].archive)
    told = pd.read_sql(
        "SELECT * FROM sightings JOIN contents USING (location, day, digest) ORDER BY known_at",
        connection,
    )
    connection.close()
    key = ["location", "day"]
    first, last = (
        told.drop_duplicates(key, keep=which).set_index(key)["Rainfall"]
        for which in ("first", "last")
    )
    rain = pd.DataFrame({"first": first, "last": last})[told.groupby(key)["known_at"].nunique() > 1]
    both = rain.dropna()
    assert len(rain) == 5_969
    assert (both["first"] != both["last"]).sum() == 167
    assert (rain["first"].isna() & rain["last"].notna()).sum() == 32
    assert (rain["first"].notna() & rain["last"].isna()).sum() == 2
    assert ((both["first"] > 1) != (both["last"] > 1)).sum() == 7
