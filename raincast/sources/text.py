"""A file's bytes as text, in every wrapping that people save one in: gzip, UTF-16, UTF-8, cp1252.
Pure.
"""

import codecs
import re
import zlib
from datetime import date

from raincast.errors import BadFile

MOST_BYTES = 100_000_000
"""The largest file that is read, and the largest that a compressed one may become. The historical
file of 2026 has 27 MB.
"""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
GZIP = b"\x1f\x8b"
_WHOLE = "a whole one; fetch it again"
_GUNZIP = 16 + zlib.MAX_WBITS
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BEGINNING = 4000
"""Bytes inside a gzip that its beginning is taken from."""
_LOOK = 400
"""Bytes at the beginning by which UTF-16 without a mark is known: every other one is zero."""


def too_large(name: str, size: int, most: int = MOST_BYTES) -> BadFile:
    """The refusal of a file by its size alone."""
    expected = f"a file of at most {most / 1e6:g} MB; is it the right one?"
    return BadFile(name, f"{size / 1e6:.1f} MB", expected)


def unwrapped(content: bytes, name: str, most: int = MOST_BYTES) -> bytes:
    """The bytes themselves, those inside where they are gzip.

    Raises:
        BadFile: larger than `most`, or a damaged gzip.
    """
    if content.startswith(GZIP):
        content = _gunzipped(content, name, most)
    if len(content) > most:
        raise too_large(name, len(content), most)
    return content


def _gunzipped(content: bytes, name: str, most: int) -> bytes:
    """All members, since a gzip may have several; zeros behind them are padding."""
    inside, rest = bytearray(), content
    while rest.startswith(GZIP) and len(inside) <= most:
        reading = zlib.decompressobj(_GUNZIP)
        try:
            inside += reading.decompress(rest, most + 1 - len(inside))
        except zlib.error as error:
            raise BadFile(name, f"a damaged gzip ({error})", _WHOLE) from error
        if len(inside) <= most and not reading.eof:
            raise BadFile(name, "a gzip that is cut off", _WHOLE)
        rest = reading.unused_data
    if rest.strip(b"\0") and len(inside) <= most:
        raise BadFile(name, f"{len(rest)} bytes behind a gzip", _WHOLE)
    return bytes(inside)


def beginning(start: bytes) -> bytes:
    """What the first bytes of a file say of its beginning, unwrapped; nothing where they are a
    damaged gzip. Of a small gzip there is more than of the bytes themselves.
    """
    if not start.startswith(GZIP):
        return start
    try:
        return zlib.decompressobj(_GUNZIP).decompress(start, _BEGINNING)
    except zlib.error:
        return b""


def decoded(content: bytes) -> str:
    """The text of unwrapped bytes. Bytes that mean nothing become U+FFFD, so that one of them costs
    one cell.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if (guess := _without_mark(content[:_LOOK])) is not None:
        return content.decode(guess, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _without_mark(start: bytes) -> str | None:
    """UTF-16 by its zeros; None where there are few."""
    half = len(start) // 2
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and start[offset::2].count(0) > 0.9 * half and start[1 - offset :: 2].count(0) == 0:
            return encoding
    return None


def day(cell: str) -> date | None:
    """The day of `2024-05-01`; None where it is none."""
    try:
        return date(*map(int, cell.split("-"))) if _DAY.fullmatch(cell) else None
    except ValueError:
        return None


def lines(text: str) -> list[str]:
    """The lines, ended by CR, LF, both, or some by the one and some by the other."""
    return re.split(r"\r\n|\r|\n", text)
