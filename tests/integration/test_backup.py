"""A root that is written to while it is backed up comes back whole, and goes on."""

import gzip
import io
import json
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from raincast.errors import BadFile, BadInput
from raincast.loop import backup as backups
from raincast.loop import round as rounds
from raincast.loop.doctor import examine
from raincast.settings import Settings
from raincast.store import journal
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.model_files import read_metadata
from tests import served
from tests.observed import day, forecast, observations, write_journal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def lived(tmp_path: Path) -> Settings:
    """A root with a little of everything that grows."""
    settings = Settings(root=tmp_path / "root")
    Archive(settings.archive).append(observations({("Cairns", 1): 0.2}), NOW, "test")
    write_journal(settings.journal, [forecast("Cairns", 1, 0.7)])
    settings.metrics.mkdir()
    settings.runs.write_text('{"run": 1}\n{"run": ')
    settings.fetch_cache.mkdir()
    (settings.fetch_cache / "IDCJDW2002.202405.csv").write_text("again")
    return settings


@contextmanager
def writing(settings: Settings) -> Iterator[list[int]]:
    """Forecasts and observations that come all the while; how many have."""
    over, done = threading.Event(), [0]

    def write() -> None:
        while not over.is_set():
            done[0] += 1
            at = forecast("Cairns", 2, 0.5, forecast_id=f"{done[0]:032x}")
            Journal(settings.journal).append([at])
            rain = observations({("Cairns", 3): float(done[0] % 50)})
            Archive(settings.archive).append(rain, NOW + timedelta(seconds=done[0]), "test")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()


def test_what_is_written_meanwhile_tears_nothing(lived: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    with writing(lived) as done:
        while done[0] < 3:
            pass
        before = done[0]
        backups.backup(lived, file, NOW)
    back = replace(lived, root=tmp_path / "back")
    backups.restore(back, file)
    reading = journal.Journal(back.journal).examine()
    assert len(reading.unreadable) == 0
    assert before <= len(reading.rows) <= done[0] + 1
    with closing(sqlite3.connect(back.archive)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert Archive(back.archive).newest_day() == day(3)
    assert back.runs.read_text() == '{"run": 1}\n'
    assert not back.fetch_cache.exists()
    assert not [path for path in back.root.iterdir() if path.name.startswith(".")]


def test_a_restored_root_goes_on(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    backups.backup(settings, file, served.NOW)
    back = replace(settings, root=tmp_path / "back")
    backups.restore(back, file)
    assert not [f for f in examine(back, served.NOW) if f.level == "bad" and f.check != "space"]
    with served.bureau(tmp_path / "bureau") as server:
        here = replace(back, bureau_url=server.url, fetch_per_second=1000.0)
        done = rounds.run(here, served.NOW, lambda _: None)
    assert done.failed == {}
    assert len(done.forecast) > 40
    assert read_metadata(back.models).version == read_metadata(settings.models).version


def test_settings_are_kept_without_secrets(
    lived: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", "a-secret-of-the-tests")
    here = replace(
        lived, optuna_storage="postgresql://loop:hidden@db/studies", recall_threshold=0.7
    )
    file = tmp_path / "backup.tar.gz"
    manifest = backups.backup(here, file, NOW)
    assert manifest.settings == {
        "RECALL_THRESHOLD": "0.7",
        "OPTUNA_STORAGE": "postgresql://db/studies",
    }
    content = gzip.decompress(file.read_bytes())
    assert b"hidden" not in content
    assert b"a-secret-of-the-tests" not in content


def test_only_an_empty_root_is_filled(lived: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    backups.backup(lived, file, NOW)
    before = lived.journal.read_bytes()
    with pytest.raises(BadInput, match="expected an empty folder"):
        backups.restore(lived, file)
    assert lived.journal.read_bytes() == before


def test_a_backup_does_not_hold_itself(lived: Settings) -> None:
    with pytest.raises(BadInput, match="outside"):
        backups.backup(lived, lived.root / "data/backup.tar.gz", NOW)


def rewritten(file: Path, name: str, content: bytes | None) -> None:
    """The backup with one file's content changed, or the file left out."""
    with tarfile.open(file) as tar:
        held = {m.name: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]
    held[name] = content if content is not None else b""
    with tarfile.open(file, "w:gz") as tar:
        for key, value in held.items():
            if key != name or content is not None:
                about = tarfile.TarInfo(key)
                about.size = len(value)
                tar.addfile(about, io.BytesIO(value))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("outputs/preds_api.csv", b"other"),
        ("outputs/preds_api.csv", None),
        ("data/more.csv", b"more"),
        ("../outside", b"x"),
        ("/etc/outside", b"x"),
        ("elsewhere/file", b"x"),
        (backups.MANIFEST, None),
        (backups.MANIFEST, json.dumps({"files": {}}).encode()),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_leaves_nothing(
    lived: Settings, tmp_path: Path, name: str, content: bytes | None
) -> None:
    file, back = tmp_path / "backup.tar.gz", replace(lived, root=tmp_path / "back")
    backups.backup(lived, file, NOW)
    rewritten(file, name, content)
    with pytest.raises(BadFile):
        backups.restore(back, file)
    assert list(back.root.iterdir()) == []
    assert not (tmp_path / "outside").exists()


def test_a_backup_that_was_cut_short_is_refused(lived: Settings, tmp_path: Path) -> None:
    file, back = tmp_path / "backup.tar.gz", replace(lived, root=tmp_path / "back")
    backups.backup(lived, file, NOW)
    file.write_bytes(file.read_bytes()[:-500])
    with pytest.raises(BadFile):
        backups.restore(back, file)
    assert list(back.root.iterdir()) == []


def test_a_backup_that_fails_leaves_the_former_one(lived: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    backups.backup(lived, file, NOW)
    before = file.read_bytes()
    (lived.root / "optimisations").mkdir()
    (lived.root / "optimisations/broken.db").write_text("no database at all, though named so")
    with pytest.raises(BadFile, match="broken"):
        backups.backup(lived, file, NOW)
    assert file.read_bytes() == before
