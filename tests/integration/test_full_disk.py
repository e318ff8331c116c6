"""A disk that is full is told with the file that did not fit, which stays as it was."""

import errno
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from raincast.store import files


@pytest.fixture
def small() -> Iterator[int]:
    """The system takes no file above so many bytes from this process, and says so as it does of a
    full disk: by an error without a name.
    """
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.SIGXFSZ
    was = signal.signal(ignored, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield 4096
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(ignored, was)


def test_the_file_is_named_and_stays(tmp_path: Path, small: int) -> None:
    path = tmp_path / "report.json"
    files.write_text(path, "as it was")
    with pytest.raises(OSError) as refused:
        files.write_text(path, "x" * 10 * small)
    assert (refused.value.errno, refused.value.filename) == (errno.EFBIG, str(path))
    assert path.read_text() == "as it was"
    assert [found.name for found in tmp_path.iterdir()] == ["report.json"]
