"""Processes that append to a journal."""

from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from raincast.forecasts.row import Forecast
from raincast.store.journal import Journal
from tests.journals import FORECAST

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["raincast.store.journal", "tests.journals"])


def numbered(*numbers: int) -> list[Forecast]:
    return [FORECAST._replace(forecast_id=f"{i:032x}") for i in numbers]


def ids(path: Path) -> list[str]:
    reading = Journal(path).examine()
    assert reading.unreadable.empty
    return reading.rows["forecast_id"].tolist()


def append_and_tell(path: Path, writer: int, count: int, told: Connection) -> None:
    journal = Journal(path)
    for i in range(count):
        journal.append([FORECAST._replace(forecast_id=f"{writer:08x}{i:024x}")])
        told.send(f"{writer:08x}{i:024x}")


def begun(target: Callable[..., None], *args: Any) -> BaseProcess:
    process = PROCESSES.Process(target=target, args=args)
    process.start()
    return process


def start_writer(path: Path, writer: int, count: int) -> tuple[BaseProcess, Connection]:
    hears, tells = PROCESSES.Pipe(duplex=False)
    process = begun(append_and_tell, path, writer, count, tells)
    tells.close()
    return process, hears


def heard(hears: Connection) -> set[str]:
    """Everything that was acknowledged before the writer ended."""
    told = set()
    with suppress(EOFError):
        while True:
            told.add(hears.recv())
    return told
