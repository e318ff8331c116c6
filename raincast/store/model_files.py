"""A model's two files, the pickled pipeline and its metadata, as one thing that is whole or
refused.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

from raincast.errors import BadFile, NoModel
from raincast.learning.metadata import ModelMetadata
from raincast.store import files, model_checks

PIPELINE, METADATA = "pipeline.joblib", "model_metadata.json"


def read_metadata(folder: Path) -> ModelMetadata:
    """The folder's metadata.

    Raises:
        NoModel: there is none, or it is not metadata.
    """
    path = folder / METADATA
    try:
        metadata = files.read_json(path)
    except BadFile as error:
        raise NoModel(f"{error}; `raincast models promote ID` writes it again") from error
    if metadata is None:
        raise NoModel(
            f"{path} is not there: `raincast train` makes a model, `raincast models promote ID`"
            " brings one"
        )
    return model_checks.require_sound(metadata, str(path))


def read(folder: Path) -> tuple[ModelMetadata, bytes]:
    """The metadata, and the pipeline's bytes whose SHA-256 it holds.

    Raises:
        NoModel: a file is missing, or the hash is another.
    """
    metadata = read_metadata(folder)
    path, remedy = (
        folder / PIPELINE,
        f"`raincast models promote {metadata.version}` puts the kept copy back",
    )
    if not path.exists():
        raise NoModel(f"{path} is not there: {remedy}")
    data = path.read_bytes()
    found = sha256(data)
    if found != metadata.sha256:
        raise NoModel(
            f"{path} is not opened: expected SHA-256 {metadata.sha256}, found {found}; {remedy}"
        )
    return metadata, data


def whole(folder: Path) -> bool:
    """Whether both files are there and belong together."""
    try:
        return bool(read(folder))
    except NoModel:
        return False


def write(folder: Path, metadata: ModelMetadata, data: bytes) -> None:
    """Each file whole, the metadata last: as long as it is the old
    one, the pair is not complete.
    """
    with files.replacing(folder / PIPELINE) as part:
        part.write_bytes(data)
    files.write_json(folder / METADATA, metadata.to_json())


def keep(folder: Path, metadata: ModelMetadata, data: bytes) -> None:
    """A new folder with the two files, whole or not at all; one that is there already stays.
    Callers take turns.
    """
    folder.parent.mkdir(exist_ok=True)
    for left_by_a_crash in folder.parent.glob(".*.part"):
        shutil.rmtree(left_by_a_crash)
    if folder.exists():
        return
    part = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=folder.parent))
    try:
        write(part, metadata, data)
        part.chmod(0o755)
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)  # a full disk leaves nothing behind
        raise
    files.sync_folder(folder.parent)
    files.sync_folder(folder.parent.parent)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
