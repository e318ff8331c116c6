"""When each step of the loop last went well, and when it last failed: one small file a step.

The API's `/metrics` reads them, so that every worker says the same.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from raincast.documents import Document
from raincast.errors import BadFile
from raincast.settings import Settings
from raincast.store import files

_log = logging.getLogger(__name__)


class StepRecord(Document):
    """How a step ended.

    Attributes:
        last_success, last_failure: when it began, of the newest of each; None if there was none.
        case, new_rows: of a decision.
    """

    last_success: datetime | None = None
    last_failure: datetime | None = None
    case: str | None = None
    new_rows: int | None = None

    @property
    def failing(self) -> bool:
        """Whether its newest end was a failure."""
        if self.last_failure is None:
            return False
        return self.last_success is None or self.last_failure > self.last_success


def ended(settings: Settings, now: datetime, name: str, well: bool, **more: object) -> None:
    """Keeps how a step ended; never fails.

    Args:
        now: when it began (aware).
        more: of a decision its `case` and `new_rows`.
    """
    path = settings.steps / f"{name}.json"
    try:
        changed = {"last_success" if well else "last_failure": now} | more
        files.write_json(path, _known(path).model_copy(update=changed).to_json())
    except OSError as error:  # a folder that cannot be used must cost no forecast
        _log.warning("%s: %s; the step's end is not kept", path, error)


def _known(path: Path) -> StepRecord:
    """What is kept; nothing where that is damaged."""
    try:
        return StepRecord.from_json(files.read_json(path) or {}, str(path))
    except BadFile:
        return StepRecord()


def kept(settings: Settings) -> Iterator[tuple[str, StepRecord]]:
    """Every step's name and record.

    Raises:
        BadFile: a file is not one.
    """
    for path in sorted(settings.steps.glob("*.json")):
        yield path.stem, StepRecord.from_json(files.read_json(path), str(path))
