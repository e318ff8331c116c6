"""A file, or each of those in a tar, on its way in."""

from datetime import datetime

import pandas as pd

from raincast.errors import BadFile, NothingHere
from raincast.loop import intake
from raincast.loop.batch import Batch, Read
from raincast.sources import history, known_forms, packed
from raincast.sources.readings import Readings


def read(batch: Batch, name: str, content: bytes) -> None:
    """Adds what the file holds to the batch; one of a tar that cannot be read is refused alone.

    Raises:
        BadFile: it cannot be read.
        NothingHere: nothing is in it that is looked for, in no file of a tar either.
    """
    parts = packed.files(content, name)
    if [inner for inner, _ in parts] == [name]:
        batch.read += [Read(name, content, one) for one in _of(name, parts[0][1], batch.now)]
        return
    empty = [inner for inner, part in parts if not _read_part(batch, inner, part)]
    if len(empty) == len(parts):
        expected = "one with readings of a station of the network at 9 am or 3 pm"
        raise NothingHere(name, f"a tar of {len(parts)} files", expected)


def _read_part(batch: Batch, name: str, content: bytes) -> bool:
    """Whether anything is in it that is looked for: a tar has a state's stations, most of them
    nobody's.
    """
    try:
        batch.read += [Read(name, content, one) for one in _of(name, content, batch.now)]
    except NothingHere:
        return False
    except BadFile as error:
        batch.refuse(name, content, error)
    return True


def _of(name: str, content: bytes, now: datetime) -> list[Readings | pd.DataFrame]:
    if history.is_historical(content):
        return [intake.begun(history.parse(content, name), name, now)]
    return [intake.possible(name, one, now) for one in known_forms.parse(content, name)]
