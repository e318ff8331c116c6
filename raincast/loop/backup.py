"""A living root as one file, and back.

Databases are copied by SQLite, the journal and other growing files end at a whole line, all else
was written whole. The watermark's folder comes before the models': an older one repeats work on
return, a newer one would skip it. The manifest comes last and has the hash of every file.
"""

import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, nullcontext
from datetime import datetime
from pathlib import Path, PurePosixPath

from raincast import __version__
from raincast.documents import Document
from raincast.errors import BadFile, BadInput
from raincast.settings import Settings, variables
from raincast.sources.web import without_login
from raincast.store import files, journal
from raincast.store.locks import PATIENCE_SECONDS, locked

MANIFEST = "manifest.json"
FOLDERS = ("metrics", "models", "optimisations", "outputs", "data")
"""In the order in which they are copied."""

_DATABASES = (".sqlite", ".db")
_GROWING = (".jsonl",)
_PASSING = (".lock", ".part", "-wal", "-shm", "-journal")
_FETCHED = "fetched"
"""The Bureau's files as they were fetched: the archive has what they say."""


class Manifest(Document):
    """What a backup holds.

    Attributes:
        files: the SHA-256 of each, by its path in the root.
        settings: those that differed from their defaults, without logins; no secret.
    """

    made_at: datetime
    raincast: str
    files: dict[str, str]
    settings: dict[str, str]


def backup(settings: Settings, target: Path, now: datetime) -> Manifest:
    """Writes the root's files into a compressed tar file, whole or not at all; the root lives on.

    Raises:
        BadInput: the target lies in one of the folders that are copied, or there is none of them.
    """
    if any(target.resolve().is_relative_to(settings.root / name) for name in FOLDERS):
        raise BadInput(f"{target}: expected a file outside {', '.join(FOLDERS)}")
    hashes: dict[str, str] = {}
    with files.replacing(target) as part, tarfile.open(part, "w:gz", compresslevel=3) as tar:
        for name, content in _contents(settings):
            hashes[name] = hashlib.sha256(content).hexdigest()
            _add(tar, name, content, now)
        if not hashes:
            raise BadInput(f"{settings.root} has nothing to back up; is PROJECT_ROOT right?")
        manifest = Manifest(
            made_at=now, raincast=__version__, files=hashes, settings=_settings(settings)
        )
        _add(tar, MANIFEST, json.dumps(manifest.to_json(), indent=2).encode(), now)
    return manifest


def _contents(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Every file's path in the root and its bytes."""
    for folder in (*FOLDERS, settings.params.name):
        models = folder == settings.models.name and settings.models.is_dir()
        # While the files are read nobody promotes: the pair that serves belongs together.
        with locked(settings.models, PATIENCE_SECONDS, shared=True) if models else nullcontext():
            for path in _paths(settings.root / folder):
                content = _content(settings, path)
                if content is not None:
                    yield path.relative_to(settings.root).as_posix(), content


def _paths(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        passing = path.name.startswith(".") or path.name.endswith(_PASSING)
        if path.is_file() and not passing and path.parent.name != _FETCHED:
            yield path


def _content(settings: Settings, path: Path) -> bytes | None:
    """A file's bytes at one moment; None where it has gone meanwhile."""
    if path in (settings.journal, settings.shadow_journal):
        return journal.Journal(path).snapshot()
    if path.suffix in _DATABASES:
        return _database(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return content[: content.rfind(b"\n") + 1] if path.suffix in _GROWING else content


def _database(path: Path) -> bytes:
    """A database as it stood after a whole transaction, however many write meanwhile."""
    with tempfile.TemporaryDirectory(prefix="raincast-") as folder:
        copy = Path(folder) / path.name
        try:
            with (
                closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.DatabaseError as error:
            raise BadFile(str(path), str(error), "an SQLite database that can be read") from error
        return copy.read_bytes()


def _add(tar: tarfile.TarFile, name: str, content: bytes, now: datetime) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mtime, about.mode = len(content), int(now.timestamp()), 0o644
    tar.addfile(about, io.BytesIO(content))


def _settings(settings: Settings) -> dict[str, str]:
    usual = Settings()
    return {
        variable.name: without_login(str(getattr(settings, name)))[0]
        for name, variable in variables().items()
        if name != "root" and getattr(settings, name) != getattr(usual, name)
    }


def restore(settings: Settings, source: Path) -> Manifest:
    """Fills an empty root from a backup: every file is checked before the first is in its place.

    Raises:
        BadInput: the root is not empty.
        BadFile: the backup is damaged, or none; the root is left empty.
    """
    root = settings.root
    root.mkdir(parents=True, exist_ok=True)
    taken = sorted(path.name for path in root.iterdir())
    if taken:
        raise BadInput(f"PROJECT_ROOT {root}: found {taken[0]}, expected an empty folder")
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=root) as folder:
        staged = Path(folder)
        try:
            manifest = _unpacked(source, staged)
        except (tarfile.TarError, OSError, EOFError, ValueError) as error:
            if isinstance(error, BadFile):
                raise
            raise BadFile(
                str(source), str(error), "a backup that `raincast backup` made"
            ) from error
        for path in sorted(staged.iterdir()):
            shutil.move(path, root / path.name)
    files.sync_folder(root)
    return manifest


def _unpacked(source: Path, staged: Path) -> Manifest:
    hashes, manifest = dict[str, str](), None
    with tarfile.open(source, "r:gz") as tar:
        for member in tar:
            content = _checked(source, tar, member)
            if member.name == MANIFEST:
                manifest = Manifest.from_json(json.loads(content), f"{source}: {MANIFEST}")
                continue
            hashes[member.name] = hashlib.sha256(content).hexdigest()
            path = staged / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    if manifest is None:
        raise BadFile(str(source), f"no {MANIFEST}", "a whole backup: it was cut short")
    for name in sorted({*hashes, *manifest.files}):
        if hashes.get(name) != manifest.files.get(name):
            expected = f"the SHA-256 {manifest.files.get(name)}; take another backup"
            raise BadFile(f"{source}: {name}", hashes.get(name), expected)
    return manifest


def _checked(source: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """The content of a plain file that stays within the root."""
    parts = PurePosixPath(member.name).parts
    within = parts and (parts[0] in FOLDERS or member.name in (MANIFEST, "params.yaml"))
    content = tar.extractfile(member) if member.isfile() else None
    if not within or ".." in parts or content is None:
        expected = f"plain files in {', '.join(FOLDERS)}"
        raise BadFile(str(source), member.name, expected)
    return content.read()
