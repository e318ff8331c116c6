"""Several files in one: a tar, as the FTP server has a state's feeds. Pure."""

import tarfile
from io import BytesIO

from raincast.errors import BadFile
from raincast.sources import text

_MAGIC, _AT = b"ustar", 257


def is_tar(content: bytes) -> bool:
    """Whether unwrapped bytes begin as a tar."""
    return content[_AT : _AT + len(_MAGIC)] == _MAGIC


def files(content: bytes, name: str) -> list[tuple[str, bytes]]:
    """Names and unwrapped bytes: of a tar those of its files, else the one that it is.

    Raises:
        BadFile: too large, or damaged.
    """
    content = text.unwrapped(content, name)
    if not is_tar(content):
        return [(name, content)]
    try:
        with tarfile.open(fileobj=BytesIO(content), mode="r:") as tar:
            opened = [(one.name, tar.extractfile(one)) for one in tar if one.isfile()]
            return [(f"{name}/{inner}", file.read()) for inner, file in opened if file]
    except (tarfile.TarError, OSError, ValueError) as error:
        raise BadFile(name, f"a damaged tar ({error})", "a whole one; fetch it again") from error
