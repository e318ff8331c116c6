"""Files of this machine, refused by their kind and size before they are read."""

import stat
from pathlib import Path

from raincast.errors import BadFile
from raincast.sources import text


def content(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        BadFile: it is no regular file, or too large.
        OSError: it cannot be had.
    """
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):
        raise BadFile(str(path), "no regular file", "a file or folder that can be read")
    if told.st_size > text.MOST_BYTES:
        raise text.too_large(str(path), told.st_size)
    return path.read_bytes()
