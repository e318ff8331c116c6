"""The forms of file that are read, and which of them a file is. The historical file is none of
them: it has all stations and its own times (`history`).
"""

from collections.abc import Sequence
from pathlib import Path

from raincast.sources import (
    climate,
    dwo,
    feed_axf,
    feed_json,
    feed_xml,
    ghcn,
    packed,
    rain_table,
    text,
)
from raincast.sources.readings import FileForm, Readings

FORMS: tuple[FileForm, ...] = (
    feed_json.FORM,
    feed_axf.FORM,
    feed_xml.FORM,
    climate.FORM,
    rain_table.FORM,
    ghcn.FORM,
    dwo.FORM,  # last: it takes what no other has, and names what is not read
)
_START = 4000
"""Bytes at the beginning by which a form is recognised."""


ENDINGS = (*dict.fromkeys(form.ending for form in FORMS), ".txt")
"""How files of these forms are named; a browser saves a daily file as text."""


def is_recognised(path: Path) -> bool:
    """Whether a file begins, as it is or inside its gzip, as one of the forms that are read, or as
    a tar.
    """
    try:
        with path.open("rb") as file:
            start = text.beginning(file.read(_START))
        return packed.is_tar(start) or of(start) is not dwo.FORM or dwo.begins(start)
    except OSError:
        return False


def of(content: bytes) -> FileForm:
    """The form of a file's unwrapped bytes."""
    start = text.decoded(content[:_START])
    return next(form for form in FORMS if form.recognises(start))


def parse(content: bytes, name: str) -> Sequence[Readings]:
    """What a file says, by station.

    Raises:
        BadFile: as `FileForm.parse`.
    """
    content = text.unwrapped(content, name)
    return of(content).parse(content, name)
