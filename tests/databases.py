"""A PostgreSQL of the tests' own."""

import os
import runpy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tracked_runs import free_port

OURS = runpy.run_path(str(Path(__file__).resolve().parents[1] / "scripts/postgres.py"))


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of an empty database; for root it lies in PostgreSQL's own home, whose user may
    not enter ours.
    """
    try:
        OURS["program"]("initdb")
    except SystemExit as error:
        pytest.skip(str(error))
    port, data = (
        free_port(),
        (OURS["HOME"] if os.geteuid() == 0 else folder) / f"tests-{os.getpid()}",
    )
    OURS["start"](data, port, "tests", "of-the-tests")
    try:
        yield f"postgresql+psycopg2://tests:of-the-tests@127.0.0.1:{port}/postgres"
    finally:
        OURS["stop"](data)
        shutil.rmtree(data)
