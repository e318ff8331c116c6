"""A PostgreSQL of the tests' own."""

import os
import runpy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from raincast.store.postgres.database import Database
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
    port = free_port()
    home = OURS["HOME"] if os.geteuid() == 0 else folder
    data = home / f"tests-{os.getpid()}-{port}"
    OURS["start"](data, port, "tests", "of-the-tests")
    try:
        yield f"postgresql+psycopg2://tests:of-the-tests@127.0.0.1:{port}/postgres"
    finally:
        OURS["stop"](data)
        shutil.rmtree(data)


def plain(address: str) -> str:
    """The address as `DATABASE_URL` and programs other than SQLAlchemy have it."""
    return address.replace("+psycopg2", "")


def fresh(server: str, name: str) -> str:
    """The address of a new database there, with the program's tables."""
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    address = plain(server).rpartition("/")[0] + f"/{name}"
    Database(address).upgrade()
    return address
