"""Where the tests find real data, and why they skip without it."""

import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# Two processes of tests share two cores: a library's second thread would mostly wait, and keep a
# core busy with it. NumPy reads this when it is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from raincast import logs
from raincast.observations.network import in_force, put_in_force, within
from tests import worlds
from tests.places import SMALL

ROOT = Path(__file__).resolve().parent.parent

# Two processes of tests share two cores: a thread that waits gives its core away.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# A command that fits, run within a process of tests, must not make all that follows stand back.
os.environ.setdefault("FIT_PRIORITY", "0")

# A compiler takes half a minute for a network of two stations and one epoch, too; this process, its
# children and the next run find what it has made. A folder is named before JAX is imported.
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(ROOT / "build" / "jax"))
# Of itself it keeps what took a second; a tiny network is a hundred functions of less.
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
# The tests' networks are so small that the compiler costs more than what it makes quicker.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("house", deadline=None, max_examples=15)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=30)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes do not stand in a test's name: a gzip holds the second in which it was made, and the
    processes of a run have to collect the same tests.
    """
    return argname if isinstance(val, bytes) else None


LONGEST = (
    "test_compose.py",
    "test_schema_cases.py",
    "test_clean_clone.py",
    "test_airflow.py",
    "test_ghcn_network.py",
    "test_replay.py",
    "test_retrain_killed.py",
    "test_tracking.py",
    "test_replay_search.py",
)
"""Files of many minutes, a part of them waiting: begun last, they would be waited for alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts what takes longest first; all else keeps its order."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(autouse=True)
def network_before() -> Iterator[None]:
    """What a command puts in force in this process holds for its test alone."""
    before = in_force()
    yield
    put_in_force(before)


@pytest.fixture(scope="module")
def four_stations() -> Iterator[None]:
    """The network of the small worlds (`learned`), for all tests of a file; the features of the
    shipped network's other stations would take most of their time.
    """
    with within(SMALL):
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_worlds(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the processes of this run keep what they make once (`worlds`)."""
    base = tmp_path_factory.getbasetemp()
    home = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    os.environ[worlds.HOME] = str(home)


@pytest.fixture(scope="session")
def history_path() -> Path:
    """The historical file."""
    path = Path(os.environ.get("RAINCAST_HISTORY", ROOT / "data/raw/weatherAUS.csv"))
    if not path.exists():
        pytest.skip(f"the historical file is not at {path}: `make data` fetches it")
    return path


@pytest.fixture(scope="session")
def bom_dir() -> Path:
    """A folder of the Bureau's own files: dwo, dwo_resaved, dwo_revisions."""
    path = Path(os.environ.get("RAINCAST_BOM", ROOT / "data/bom"))
    if not path.exists():
        pytest.skip(
            f"no Bureau files at {path}: put a folder of DWO files there, or name one in"
            " RAINCAST_BOM"
        )
    return path


@pytest.fixture(scope="session")
def cases() -> Path:
    """Small files in the forms that people have, with the right value of each."""
    path = Path(os.environ.get("RAINCAST_CASES", ROOT.parent / "shared/cases"))
    if not path.exists():
        pytest.skip(f"no files at {path}: name a folder of cases in RAINCAST_CASES")
    return path


@pytest.fixture
def quiet_afterwards() -> Iterator[None]:
    """Logs go where they went before, in the form that they had: who imports the API for a server,
    or starts logs, does so for its process.
    """
    root = logging.getLogger()
    before, form = list(root.handlers), warnings.formatwarning
    yield
    warnings.formatwarning = form
    root.handlers[:] = before
    logging.captureWarnings(False)
    logs._handler.setFormatter(logs._Terminal())
