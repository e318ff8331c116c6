"""How every command speaks: results on standard output, everything else on standard error, errors
in one line.
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from raincast import logs, signals
from raincast.documents import Document
from raincast.errors import BadInput, MissingSetting, RaincastError
from raincast.settings import Settings, from_environment, misspelt

FIRST_YEAR, LAST_YEAR = 1900, 2199
IN_SAMPLE = "in-sample: the model has seen days of this span; it says nothing of skill"


def guarded(work: Callable[[], Any]) -> Any:
    """What `work` returns. An error raised on purpose ends the process with one clear line and its
    exit code, a signal with one and 128 more than its number.
    """
    with signals.heard() as came:
        try:
            return _in_lines(work)
        except BaseException:  # whatever libraries make of what the signal raised in them
            if not came:
                raise
            say(f"stopped by {came[0].name}: what is finished is kept; run it again for the rest")
            sys.exit(128 + came[0])


def _in_lines(work: Callable[[], Any]) -> Any:
    """What `work` returns; what it cannot do in one line."""
    try:
        return work()
    except RaincastError as error:
        _fail(str(error))
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        remedy = "`pip install 'raincast[all]'` brings everything that a command may need"
        _fail(f"the library {error.name} is not installed: {remedy}")
        sys.exit(MissingSetting.exit_code)
    except BrokenPipeError:
        raise
    except OSError as error:
        _fail(_of_system(error))
        sys.exit(BadInput.exit_code)


def _of_system(error: OSError) -> str:
    """What the system refused, and where."""
    where = error.filename2 or error.filename or "the system"
    return (
        f"{where}: found {error.strerror or error}, expected a place that can be read and written;"
        " make room there, or name another (PROJECT_ROOT, or the command's path)"
    )


def say(text: str) -> None:
    """A line for the person at the terminal."""
    logs.speak(text)


def warn(text: str) -> None:
    """The same, of something that may be wrong."""
    logs.speak(text, logging.WARNING)


def _fail(text: str) -> None:
    """In one line, whatever it quotes."""
    logs.speak(logs.escaped(text), logging.ERROR)


def put(value: Any) -> None:
    """A result for a program: JSON on one line of standard output."""
    value = value.to_json() if isinstance(value, Document) else value
    print(json.dumps(value, default=str, allow_nan=False))  # noqa: T201


def stage(work: Callable[..., Any]) -> None:
    """Runs a step of the loop with the environment's settings and the clock; its result is the last
    line, as JSON.
    """
    put(guarded(lambda: work(settings=established(), now=datetime.now(UTC))))


def ready() -> tuple[Settings, datetime]:
    """What an entry point hands in: settings and the present moment. Names a setting that is
    misspelt. A model of one's own may be made by a module in the root.
    """
    for line in misspelt():
        warn(line)
    settings = established()
    if str(settings.root) not in sys.path:
        sys.path.append(str(settings.root))
    return settings, datetime.now(UTC)


def stand_back(settings: Settings) -> None:
    """Lets this process, which will fit a model, stand back for what else runs on the machine: its
    threads, begun from now on, have the settings' priority and cores. What stands back further
    already stays there.
    """
    if not hasattr(os, "sched_setaffinity"):  # only Linux has both
        return
    os.setpriority(
        os.PRIO_PROCESS, 0, max(settings.fit_priority, os.getpriority(os.PRIO_PROCESS, 0))
    )
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[: settings.fit_cores or len(cores)])


def environment() -> Settings:
    """The environment's settings, whatever lies in their folder.

    Raises:
        BadInput: a setting cannot be meant, or the root is no folder and cannot become one.
    """
    settings = from_environment()
    there = next(path for path in (settings.root, *settings.root.parents) if path.exists())
    if not there.is_dir():
        raise BadInput(
            f"PROJECT_ROOT: found {there}, which is a file, expected a folder; name another, or"
            " leave it out for the repository"
        )
    return settings


def established() -> Settings:
    """The environment's settings, with the network of their folder in force."""
    from raincast.store import network

    settings = environment()
    logs.start(settings.log_format)
    if not settings.root.exists():
        warn(f"PROJECT_ROOT: {settings.root} is new; is it spelt right?")
    network.establish(settings.stations)
    return settings


def require_order(start: datetime, end: datetime) -> None:
    """Refuses a span that ends before it begins, or reaches beyond all calendars in use.

    Raises:
        BadInput: names both ends.
    """
    for name, day in (("--start", start), ("--end", end)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise BadInput(
                f"{name}: found {day.date()}, expected a day of the years {FIRST_YEAR} to"
                f" {LAST_YEAR}; is a digit wrong?"
            )
    if end < start:
        raise BadInput(
            f"--end: found {end:%Y-%m-%d}, expected a day from --start on, {start:%Y-%m-%d}; are"
            " the two exchanged?"
        )
