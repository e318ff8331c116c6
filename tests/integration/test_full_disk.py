"""A disk that is full is told with the file that did not fit, which stays as it was."""

import errno
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from raincast.errors import BadFile
from raincast.store import files
from raincast.store.registry import Registry
from tests.registries import at, keep


@contextmanager
def no_room(above: int) -> Iterator[None]:
    """The system takes no file of more bytes from this process, and says so as it does of a full
    disk: by an error without a name.
    """
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.SIGXFSZ
    was = signal.signal(ignored, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (above, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(ignored, was)


def test_the_file_is_named_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    files.write_text(path, "as it was")
    with no_room(4096), pytest.raises(OSError) as refused:
        files.write_text(path, "x" * 40960)
    assert (refused.value.errno, refused.value.filename) == (errno.EFBIG, str(path))
    assert path.read_text() == "as it was"
    assert [found.name for found in tmp_path.iterdir()] == ["report.json"]


def test_a_promotion_without_room_says_that_it_will_be_carried_out(tmp_path: Path) -> None:
    first, second = keep(tmp_path, 0.3, 0), keep(tmp_path, 0.6, 1)
    registry = Registry(tmp_path)
    registry.promote(first, at(2), "first")
    size = (tmp_path / "pipeline.joblib").stat().st_size
    with no_room(size - 1), pytest.raises(BadFile, match=f"'promote' of {second} is recorded"):
        registry.promote(second, at(3), "second")
    assert registry.load_active().version == second
