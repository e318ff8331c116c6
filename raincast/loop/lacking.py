"""Why a station's row of a day is not there, as far as is known, and what to do."""

import re
from collections.abc import Iterator
from datetime import date

from raincast.forecasts.request import Request
from raincast.loop.batch import IngestReport
from raincast.observations.network import in_force
from raincast.store.archive import Archive

NOT_YET = "its file has none yet"
NO_FILE = "the Bureau has no file of it; where it has none at all, BUREAU_URL leads elsewhere"
NOT_HAD = "its file could not be had, as is said above"
AWAY = "the Bureau could not be asked"
NOT_ASKED = "--use-latest asks the Bureau for it, `raincast ingest FILE` takes a file"

_OF_A_ROW = re.compile(r"line \d+(, field 'Date')?: ")
"""How a remark begins that is about a whole row (`sources.cells.Remark`)."""
_DATE = re.compile(r"\b([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?=['\", ])")


def after(fetched: IngestReport, location: str) -> str:
    """Why the row is not there after a fetch."""
    why = fetched.failed.get(location)
    if why is None:
        return NOT_YET
    if why in fetched.not_published:
        return NO_FILE
    return AWAY if fetched.unreachable and not fetched.files else NOT_HAD


def lack(archive: Archive, asked: Request, why: str = NOT_YET) -> str:
    """What a forecast with a weaker basis lacks, and why.

    Args:
        why: holds unless the row came and was set aside.
    """
    name = in_force().locations[asked.station]
    day = asked.feature_date
    return f"{name}: expected a row of {day}, found none; {set_aside(archive, name, day) or why}"


def set_aside(archive: Archive, location: str, day: date) -> str:
    """The remark by which a station's row of a day was set aside, or one whose day nobody can read;
    empty if there is none.
    """
    remarks = archive.remarks(location, day)
    undated = ""
    for remark in filter(_OF_A_ROW.match, remarks):
        days = list(_days(remark, day))
        if day.day in days:
            return f"it came and was set aside ({remark}); `raincast files` names the file"
        undated = undated or ("" if days else remark)
    if undated:
        return f"a row whose day cannot be read was set aside; is it this one? ({undated})"
    return ""


def _days(remark: str, month: date) -> Iterator[int]:
    """The days of that month that a remark names."""
    for found in _DATE.findall(remark):
        *whole, day = map(int, found)
        if whole == [month.year, month.month]:
            yield day
