"""How a task runs the product: as a process with the product's own Python; its last line, JSON, is
the task's result.

RAINCAST_PYTHON   the product's Python; `.venv/bin/python` of this repository without it
PROJECT_ROOT      where data, models, metrics and outputs lie; this repository without it
"""

import json
import logging
import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowException

REPOSITORY = Path(__file__).resolve().parents[2]
KEPT_LINES = 20
"""Of what a failed command said, as many lines are in the error."""

_OF_AIRFLOW = ("AIRFLOW", "PYTHON", "VIRTUAL_ENV", "_AIRFLOW")
_log = logging.getLogger(__name__)


OWNER = "raincast"
POOL = "heavy"
"""Searches and fits, each of which takes all processors: as many slots as OPTUNA_WORKERS."""
PARTLY = 7
"""How a command ends that was done for some stations and not for others."""


def product(*words: str, fine: tuple[int, ...] = (0,), **environment: object) -> Any:
    """Runs `python WORDS` in the repository; what it prints last, as JSON. What it says meanwhile
    is in the task's log.

    Args:
        fine: exit codes that are no failure.
        environment: variables besides those that Airflow has; None leaves a variable as it is.

    Raises:
        AirflowException: it fails; carries its exit code and the end of what it said.
    """
    python = os.environ.get("RAINCAST_PYTHON") or str(REPOSITORY / ".venv/bin/python")
    return last_json(command(python, *words, fine=fine, **environment), words)


def command(*words: str, fine: tuple[int, ...] = (0,), **environment: object) -> str:
    """Runs a command in the repository; what it prints. See `product`."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    # Words are this repository's own, never a shell's.
    process = subprocess.Popen(  # noqa: S603
        words, cwd=REPOSITORY, env=_environment(environment), start_new_session=True, **pipes
    )
    said: deque[str] = deque(maxlen=KEPT_LINES)
    listener = Thread(target=_listen, args=(process.stderr, said), daemon=True)
    listener.start()
    try:
        printed = process.stdout.read().decode("utf-8", "replace")
        code = process.wait()
    finally:  # a task that is stopped or out of time ends what it started
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    listener.join(timeout=5)
    if code not in fine:
        raise AirflowException(
            f"`{' '.join(words)}` ended with {code}:\n{chr(10).join(said) or printed[-2000:]}"
        )
    return printed


def _environment(added: Mapping[str, object]) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(_OF_AIRFLOW)
    }
    inherited["RAINCAST_RUN_ID"] = _run_id()
    return inherited | {name: str(value) for name, value in added.items() if value is not None}


def _run_id() -> str:
    """Of the run at work, for the product's log; none outside of a task."""
    try:
        return str(get_current_context()["run_id"])
    except RuntimeError:
        return ""


def _listen(pipe: IO[bytes], said: "deque[str]") -> None:
    for line in pipe:
        # A progress bar rewrites its line: what it last showed is enough.
        text = line.decode("utf-8", "replace").rstrip().rpartition("\r")[2]
        if text:
            said.append(text)
            _log.info(text)


def last_json(printed: str, words: tuple[str, ...]) -> Any:
    """The JSON on the last line that a command has printed.

    Raises:
        AirflowException: there is none.
    """
    last = printed.rstrip().rpartition("\n")[2]
    try:
        return json.loads(last)
    except ValueError as error:
        raise AirflowException(
            f"`{' '.join(words)}`: found {last[:200]!r}, expected JSON on its last line"
        ) from error


def say_what_to_do(advice: Mapping[str, str]) -> Any:
    """A failure call-back: writes into the task's log what helps, by task id. docs/operations.md
    says more.
    """

    def call_back(context: Mapping[str, Any]) -> None:
        task = context["task_instance"].task_id
        _log.error("%s failed. What to do: %s (docs/operations.md)", task, advice[task])

    return call_back
