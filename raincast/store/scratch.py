"""Room on disk for what a work needs while it goes on."""

import tempfile
from contextlib import AbstractContextManager


def folder() -> AbstractContextManager[str]:
    """A folder that is gone when it is closed; under `TMPDIR` where that is set. What is killed
    leaves it behind.
    """
    return tempfile.TemporaryDirectory(prefix="raincast-")
