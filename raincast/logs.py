"""What the program logs: one line a record on standard error, as text or as JSON.

A line has what is known of the work in hand: the step, the run, the request, the station. It never
has a secret: those in the environment are struck out of every text, as are logins in addresses.
"""

import json
import logging
import re
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

from raincast.settings import run_id, secrets

STRUCK = "***"
WORD = 8
"""A secret of fewer characters is struck out where it stands alone: within words its letters stand
by chance, and striking them there would spoil the log and tell the secret.
"""
PREFIXES = {logging.WARNING: "warning: ", logging.ERROR: "raincast: "}
"""What a line for the person at the terminal begins with."""

_LOGIN = re.compile(r"(\w://)[^/\s@'\"]+@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
"""A caller's text must not make a line of its own."""
_MADE_RUN = uuid.uuid4().hex[:12]
_work: ContextVar[dict[str, str]] = ContextVar("work")


@contextmanager
def about(**known: str) -> Iterator[None]:
    """What is logged within has these fields."""
    token = _work.set(_work.get({}) | known)
    try:
        yield
    finally:
        _work.reset(token)


def note(**known: str) -> None:
    """What the innermost `about` logs from here on has these fields too."""
    _work.get({}).update(known)


def known(name: str) -> str | None:
    """A field of the work in hand; None if it is not known."""
    return _work.get({}).get(name)


@lru_cache(maxsize=4)
def _pattern(values: tuple[str, ...]) -> re.Pattern[str]:
    """Finds each secret, also as Python, JSON and addresses write it."""
    forms = {
        form: len(value) < WORD
        for value in values
        for form in (value, repr(value)[1:-1], json.dumps(value)[1:-1], quote(value, safe=""))
    }
    parts = (
        rf"(?<!\w){re.escape(form)}(?!\w)" if short else re.escape(form)
        for form, short in sorted(forms.items(), key=lambda one: -len(one[0]))
    )
    return re.compile("|".join(parts) or r"(?!)")


def struck(text: str) -> str:
    """The text without the environment's secrets and without logins in addresses."""
    return _strike()(text)


def _strike() -> Callable[[str], str]:
    """`struck` for the texts of one line: the environment is asked once."""
    secret = _pattern(secrets())
    return lambda text: secret.sub(STRUCK, _LOGIN.sub(rf"\1{STRUCK}@", text))


def escaped(text: str) -> str:
    """The text in one line, without what moves a terminal."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


class _Terminal(logging.Formatter):
    """For the person who runs a command."""

    def format(self, record: logging.LogRecord) -> str:
        return PREFIXES.get(record.levelno, "") + struck(super().format(record))


class _Line(logging.Formatter):
    def _fields(self, record: logging.LogRecord) -> dict[str, object]:
        added: Mapping[str, object] = getattr(record, "fields", {})
        return {"run_id": run_id() or _MADE_RUN, **_work.get({}), **added}

    def _trace(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


def _moment(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Text(_Line):
    """For whoever reads a service's log."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value}" for name, value in self._fields(record).items())
        said = f"{record.levelname.lower()} {record.name}: {record.getMessage()} ({fields})"
        trace = self._trace(record)
        line = f"{_moment(record)} {escaped(struck(said))}"
        return f"{line}\n{struck(trace)}" if trace else line


class _Json(_Line):
    """For programs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        trace = self._trace(record)
        said |= self._fields(record) | ({"trace": trace} if trace else {})
        strike = _strike()
        clean = {name: strike(v) if isinstance(v, str) else v for name, v in said.items()}
        return json.dumps(clean, ensure_ascii=False, default=lambda value: strike(str(value)))


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,  # noqa: ARG001 (`warnings` says what is given)
    lineno: int,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> str:
    """A library's warning in a line; the rest of its text is advice to programmers."""
    first = str(message).strip().partition("\n")[0].rstrip(":")
    return f"{category.__name__}: {first}"


class _Once(logging.Filter):
    """A library's warning once: a model is fitted several times."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name != "py.warnings":
            return True
        text = record.getMessage()
        new = text not in self._said
        self._said.add(text)
        return new


class _StandardError(logging.Handler):
    """Standard error as it is when a line is written."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stderr, flush=True)  # noqa: T201


_handler = _StandardError()
_handler.setFormatter(_Terminal())
_handler.addFilter(_Once())


def start(form: str, service: bool = False) -> None:
    """Logs go to standard error from here on; of other libraries their warnings.

    Args:
        form: `text` or `json`.
        service: whether the text is for a log rather than for a terminal.
    """
    text = _Text() if service else _Terminal()
    _handler.setFormatter(_Json() if form == "json" else text)
    root = logging.getLogger()
    if _handler not in root.handlers:
        root.addHandler(_handler)
    logging.getLogger("raincast").setLevel(logging.INFO)
    logging.captureWarnings(True)
    warnings.formatwarning = _warned
    if service:
        logging.getLogger("uvicorn").setLevel(logging.INFO)
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True


def speak(text: str, level: int = logging.INFO) -> None:
    """A line for whoever runs a command, in the form of all others."""
    _handler.handle(logging.LogRecord("raincast", level, "", 0, text, None, None))
