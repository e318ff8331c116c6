"""Processes that one command starts and another ends: each is known by its id and the moment at
which it began.
"""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 30


class Started:
    """The processes of a folder, in the order in which they were started; kept in `processes.json`,
    logs beside it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "processes.json"

    def all(self) -> dict[str, dict[str, int]]:
        """By name, `pid` and `began`."""
        return json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}

    def alive(self) -> list[str]:
        """The names of those that still run."""
        return [name for name, one in self.all().items() if _began(one["pid"]) == one["began"]]

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], cwd: Path
    ) -> int:
        """Starts one, its output in logs/NAME.log; it outlives this process."""
        log = self.folder / "logs" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.keep(name, process.pid)
        return process.pid

    def keep(self, name: str, pid: int) -> None:
        """Notes a process that was started otherwise."""
        told = self.all() | {name: {"pid": pid, "began": _began(pid)}}
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(told, indent=2), "utf-8")
        os.replace(part, self._file)

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends one and what it has started, if it still is the process that was started."""
        one = self.all().get(name)
        if one is None or _began(one["pid"]) != one["began"]:
            return
        for sent in (how, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(one["pid"], sent)
            if _gone(one):
                return

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)


def _began(pid: int) -> int:
    """When the process of that id began, in ticks since the machine did; 0 where there is none, or
    only its remains.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[19])


def _gone(one: Mapping[str, int]) -> bool:
    until = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < until:
        if _began(one["pid"]) != one["began"]:
            return True
        time.sleep(0.1)
    return False


def answers(url: str) -> bool:
    """Whether a server says that it is well."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_for(url: str, started: Started, name: str, seconds: float) -> None:
    """Waits until a server that was started says that it is well.

    Raises:
        SystemExit: it has ended, or the time has; says where its log is.
    """
    until = time.monotonic() + seconds
    while not answers(url):
        if name not in started.alive():
            raise SystemExit(f"{name} has ended; its log: {started.folder / 'logs' / name}.log")
        if time.monotonic() > until:
            raise SystemExit(
                f"{name}: no answer at {url} within {seconds:g} s; its log:"
                f" {started.folder / 'logs' / name}.log"
            )
        time.sleep(0.5)
