"""One file from an FTP server, the channel that the Bureau leaves to programs."""

import ftplib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from urllib.parse import unquote, urlsplit

from raincast.errors import NotPublished
from raincast.sources.web import ELSEWHERE, unavailable

_NO_SUCH_FILE = "550"


@contextmanager
def _within(seconds: float) -> Iterator[ftplib.FTP]:
    """A connection that ends after so long. ftplib limits each read alone, so a server whose
    replies drip would outlast every time-out.
    """
    server, end = ftplib.FTP(timeout=seconds), time.monotonic() + seconds  # noqa: S321 (it is what the Bureau offers)

    def cut() -> None:
        if server.sock:
            with suppress(OSError):  # the other side may have gone
                server.sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        with server:
            yield server
    except (ftplib.Error, OSError, EOFError) as error:
        if time.monotonic() < end:
            raise
        raise TimeoutError(f"no whole answer within {seconds:g} s") from error
    finally:
        timer.cancel()


def get(url: str, login: tuple[str, str] | None, most_bytes: int, seconds: float) -> bytes:
    """The file, read in binary.

    Args:
        url: `ftp://host[:port]/path`, without a login.
        login: user and password; anonymous if None.
        most_bytes: a larger file is refused.
        seconds: how long it may take.

    Raises:
        NotPublished: the server has no such file.
        SourceUnavailable: it cannot be reached, refuses, or takes too long.
    """
    parts, body, end = urlsplit(url), bytearray(), time.monotonic() + seconds

    def take(piece: bytes) -> None:
        body.extend(piece)
        if len(body) > most_bytes:
            raise unavailable(url, f"more than {most_bytes} bytes", later=False)
        if time.monotonic() > end:
            raise TimeoutError(f"only {len(body)} bytes after {seconds:g} s")

    try:
        with _within(seconds) as server:
            server.connect(parts.hostname or "", parts.port or ftplib.FTP_PORT)
            server.login(*(login or ()))
            server.retrbinary(f"RETR {unquote(parts.path)}", take)
    except ftplib.error_perm as error:
        if str(error).startswith(_NO_SUCH_FILE):
            raise NotPublished(f"{url}: found {error}, expected the file; {ELSEWHERE}") from error
        raise unavailable(url, error, later=False) from error
    except (ftplib.Error, OSError, EOFError, ValueError, OverflowError) as error:
        # The last two: replies that are no text, ports and paths that cannot be.
        raise unavailable(url, f"{type(error).__name__} ({error})") from error
    return bytes(body)
