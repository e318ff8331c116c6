"""The ledger of verdicts, `metrics/verdicts.jsonl`: what was decided at each slot, and why."""

import logging
from datetime import UTC, datetime

from pydantic import AwareDatetime

from raincast.decisions.decided import Decision
from raincast.documents import Document
from raincast.loop import ask
from raincast.settings import Settings
from raincast.store import stores

_log = logging.getLogger(__name__)


class KeptVerdict(Document):
    """A line of the ledger.

    Attributes:
        slot: the scheduled issue time that the verdict belongs to.
        decision, case, reason: see `decided.Verdict`.
        rule: the one in force then.
        recall_live: None where it was not known.
        new_rows: for the next retraining.
    """

    slot: AwareDatetime
    decision: str
    case: str
    reason: str
    rule: str
    recall_live: float | None
    new_rows: int


def keep(settings: Settings, now: datetime, found: Decision) -> None:
    """Adds the verdict, unless the newest line says the same of the same slot. A folder that cannot
    be written costs the line alone.

    Args:
        now: aware moment.

    Raises:
        Busy: another process has been inside the ledger for too long.
        BadFile: a line of it is none.
    """
    line = _line(now, found).to_json()
    ledger = stores.of(settings).verdicts()
    try:
        with ledger.alone():
            if ledger.read()[-1:] != [line]:
                ledger.append(line)
    except OSError as error:
        _log.warning("%s: %s; the verdict is not kept", ledger.name, error)


def _line(now: datetime, found: Decision) -> KeptVerdict:
    return KeptVerdict(
        slot=ask.slot(now).astimezone(UTC),
        decision=found.decision,
        case=found.case,
        reason=found.reason,
        rule=found.evidence.limits.rule,
        recall_live=found.evidence.recall_live,
        new_rows=found.new_rows_for_retrain,
    )


def read(settings: Settings) -> list[KeptVerdict]:
    """The last verdict of each slot, in the order in which they were written.

    Raises:
        BadFile: a line is none.
    """
    ledger = stores.of(settings).verdicts()
    lines = (KeptVerdict.from_json(entry, ledger.name) for entry in ledger.read())
    return list({line.slot: line for line in lines}.values())
