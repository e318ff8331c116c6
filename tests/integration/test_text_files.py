"""A daily file that was saved as text is found in a folder."""

from datetime import UTC, datetime
from pathlib import Path

from raincast.loop import ingest
from raincast.settings import Settings

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAILY = Path(__file__).parents[1] / "golden" / "IDCJDW2002.202405.csv"


def test_it_is_taken_by_what_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "IDCJDW2002.202405.txt").write_bytes(DAILY.read_bytes())
    (folder / "notes.txt").write_text("rain at Canberra, a lot of it")
    report = ingest.ingest_paths(Settings(root=tmp_path / "root"), [folder], NOW)
    assert (report.files, report.errors) == (1, ())
    assert report.stations == ("Albury",)
