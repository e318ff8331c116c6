"""What an operator is told: a trouble when it begins, a reminder while it lasts, and its end. Pure.

A step examines some troubles and leaves the others as they were. News, such as a promotion, are
told once. What could not be sent stays in the record and goes out with the next message.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import Field

from raincast.documents import Document

MOST_UNSENT, MOST_NEWS = 50, 200
"""How many messages, and keys of news, are kept, the newest: a mail server that is away for weeks
must not fill the record."""


class Trouble(NamedTuple):
    """Something that is wrong now.

    Attributes:
        title: a few words; troubles of one title that are told together are one message.
        found: what was found, one line.
        remedy: what to do.
        since: when it began; None if that is not known.
        reminded: whether it is told again after each cool-down; once otherwise.
    """

    title: str
    found: str
    remedy: str
    since: datetime | None = None
    reminded: bool = True


class News(NamedTuple):
    """Something that happened; `key` names it, so that it is told once."""

    key: str
    title: str
    text: str


class Message(Document):
    """What is sent."""

    title: str
    body: str


class Alarm(Document):
    """What is known about one trouble.

    Attributes:
        title, found: of the trouble.
        since: when this episode began.
        over: whether it has ended.
        announced: whether this episode was told.
        told_at: the last message that said that it is there, of whichever episode.
    """

    title: str
    found: str
    since: datetime
    over: bool = False
    announced: bool = False
    told_at: datetime | None = None


class Alarms(Document):
    """The whole record: alarms by key, the keys of news, and messages that wait to be sent."""

    alarms: dict[str, Alarm] = Field(default_factory=dict)
    news: list[str] = Field(default_factory=list)
    unsent: list[Message] = Field(default_factory=list)


Examined = Mapping[str, Trouble | None]
"""Troubles by key; None where all is well. Keys that are not there were not looked at."""


class _Due(NamedTuple):
    title: str
    found: str
    since: datetime
    last: str


def after(
    known: Alarms, examined: Examined, news: Sequence[News], now: datetime, cool_down: timedelta
) -> Alarms:
    """The record after a look; its `unsent` has the messages that are due.

    A trouble that ends and comes back within the cool-down is told when that has passed.
    """
    alarms, due = dict(known.alarms), list[_Due]()
    for key, trouble in examined.items():
        alarm, told = _step(alarms.get(key), trouble, now, cool_down)
        alarms |= {key: alarm} if alarm else {}
        due += [told] if told else []
    new = [one for one in news if one.key not in known.news]
    messages = [*_messages(due), *(Message(title=one.title, body=one.text) for one in new)]
    return Alarms(
        alarms={key: alarm for key, alarm in alarms.items() if _matters(alarm, now, cool_down)},
        news=[*known.news, *(one.key for one in new)][-MOST_NEWS:],
        unsent=[*known.unsent, *messages][-MOST_UNSENT:],
    )


def _matters(alarm: Alarm, now: datetime, cool_down: timedelta) -> bool:
    """Whether it holds, or was told so lately that its return would be a flutter."""
    return not alarm.over or (alarm.told_at is not None and now - alarm.told_at < cool_down)


def _step(
    alarm: Alarm | None, trouble: Trouble | None, now: datetime, cool_down: timedelta
) -> tuple[Alarm | None, _Due | None]:
    """One trouble's alarm after a look, and what is due to be told of it."""
    if trouble is None:
        return _ended(alarm, now)
    begins = alarm is None or alarm.over
    since = trouble.since or now if alarm is None or alarm.over else alarm.since
    known = Alarm(
        title=trouble.title,
        found=trouble.found,
        since=since,
        announced=alarm is not None and not begins and alarm.announced,
        told_at=alarm.told_at if alarm else None,
    )
    rested = known.told_at is None or now - known.told_at >= cool_down
    if not rested or (known.announced and not trouble.reminded):
        return known, None
    title = f"Still: {trouble.title}" if known.announced else trouble.title
    told = known.model_copy(update={"announced": True, "told_at": now})
    return told, _Due(title, trouble.found, since, f"What to do: {trouble.remedy}")


def _ended(alarm: Alarm | None, now: datetime) -> tuple[Alarm | None, _Due | None]:
    if alarm is None or alarm.over:
        return alarm, None
    ended = alarm.model_copy(update={"over": True, "announced": False})
    if not alarm.announced:
        return ended, None
    found = f"It was: {alarm.found}"
    return ended, _Due(f"Over: {alarm.title}", found, alarm.since, f"Over: {_moment(now)}")


def _messages(due: Iterable[_Due]) -> list[Message]:
    """One message for each title."""
    by_title: dict[str, list[_Due]] = {}
    for one in due:
        by_title.setdefault(one.title, []).append(one)
    return [
        Message(
            title=title,
            body="\n".join(
                (
                    *(one.found for one in found),
                    f"Since: {_moment(min(one.since for one in found))}",
                    found[0].last,
                )
            ),
        )
        for title, found in by_title.items()
    ]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
