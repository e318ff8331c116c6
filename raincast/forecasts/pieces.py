"""A journal in pieces, so that what reads it holds some rows at a time and not all of them."""

from collections.abc import Iterator
from typing import IO, NamedTuple

from raincast.forecasts import reader
from raincast.forecasts.row import COLUMNS

PIECE_BYTES = 1 << 24
"""Of lines that are read at once: about 60,000 rows. Their cells as text take some 80 MiB."""


class Piece(NamedTuple):
    """Lines that stand one after the other.

    Attributes:
        header: the first line of the journal, with its end; empty where the piece is a whole
            journal in another form.
        lines: those of the piece.
        skipped: how many lines stand between the two.
    """

    header: bytes
    lines: bytes
    skipped: int = 0

    def reading(self) -> reader.Reading:
        """What it says, with the numbers that its lines have in the journal."""
        return reader.parse(self.header + self.lines, self.skipped)

    @property
    def own(self) -> bytes:
        """What the journal has in this place: the pieces' put together are the journal."""
        return self.lines if self.skipped else self.header + self.lines


def of(file: IO[bytes], size: int, at_once: int = PIECE_BYTES) -> Iterator[Piece]:
    """The first so many bytes of an open journal; of an empty one, an empty piece.

    One in another form comes whole. So does one that has a date with strokes: which of its numbers
    is the day follows from all of them (`forms`).

    Args:
        at_once: so many bytes of lines, and the rest of the last one.
    """
    header = file.readline(size)
    if not _is_todays(header) or _strokes(file, size - len(header)):
        file.seek(0)
        yield Piece(b"", file.read(size))
        return
    file.seek(len(header))
    yield from _of_lines(file, header, size - len(header), at_once)


def _of_lines(file: IO[bytes], header: bytes, left: int, at_once: int) -> Iterator[Piece]:
    skipped = 0
    while True:
        lines = file.read(min(at_once, left))
        lines += file.readline(left - len(lines))
        left -= len(lines)
        if lines or not skipped:
            yield Piece(header, lines, skipped)
        if not lines or not left:
            return
        skipped += lines.count(b"\n")


def _is_todays(header: bytes) -> bool:
    names = reader.header_of(header.rstrip(b"\r\n"))
    return header.endswith(b"\n") and names[: len(COLUMNS)] == COLUMNS


def _strokes(file: IO[bytes], size: int) -> bool:
    return any(b"/" in file.read(min(PIECE_BYTES, size)) for _ in range(0, size, PIECE_BYTES))
