"""A Dask cluster of real processes on loopback, each in a folder of its own."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

PATIENCE_SECONDS = 200.0


class Started:
    """A scheduler, and the workers that a test adds."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.workers = folder, dict[str, subprocess.Popen[bytes]]()
        told = folder / "scheduler.json"
        self.scheduler = self._begun(
            "scheduler", ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)]
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while not told.exists():
            assert self.scheduler.poll() is None, "the scheduler ended"
            assert time.monotonic() < until, "the scheduler did not begin"
            time.sleep(0.05)
        self.address: str = json.loads(told.read_text())["address"]

    def add(self, name: str, **environment: str) -> None:
        """One more worker, without a nanny to begin it again."""
        words = [self.address, "--no-nanny", "--nthreads", "1", "--name", name]
        self.workers[name] = self._begun("worker", words, name, **environment)

    def await_workers(self, count: int) -> None:
        """Waits until so many are there."""
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=PATIENCE_SECONDS)

    def _begun(
        self, what: str, words: list[str], name: str = "", **environment: str
    ) -> subprocess.Popen[bytes]:
        home = self._folder / (name or what)
        home.mkdir()
        kept = {k: v for k, v in os.environ.items() if k not in ("PROJECT_ROOT", "DASK_ADDRESS")}
        with (home / "log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *words],
                cwd=home,
                env=kept | environment,
                stdout=log,
                stderr=log,
            )

    def end(self) -> None:
        """Ends what is left of it."""
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.wait()

    @contextmanager
    def losing_one(self, work: str) -> Iterator[threading.Event]:
        """Kills the first worker that has a piece of that work; the event says that it has."""
        killed, over = threading.Event(), threading.Event()
        thread = threading.Thread(target=self._kill, args=(work, killed, over))
        thread.start()
        try:
            yield killed
        finally:
            over.set()
            thread.join()

    def _kill(self, work: str, killed: threading.Event, over: threading.Event) -> None:
        with Client(self.address, set_as_default=False) as client:
            names = {at: one["name"] for at, one in client.scheduler_info()["workers"].items()}
            while not over.is_set():
                for at, keys in client.processing().items():
                    if any(work in str(key) for key in keys):
                        victim = self.workers[names[at]]
                        victim.kill()
                        victim.wait()
                        killed.set()
                        return
                time.sleep(0.005)


@contextmanager
def running(folder: Path, *names: str) -> Iterator[Started]:
    """A cluster with workers of these names, all of them there."""
    folder.mkdir()
    started = Started(folder)
    try:
        for name in names:
            started.add(name)
        if names:
            started.await_workers(len(names))
        yield started
    finally:
        started.end()
