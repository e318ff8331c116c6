"""What the tests of the API and of both engines start from."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from raincast.serving.app import create_app
from raincast.settings import Settings
from raincast.store import stores
from tests import clones, databases, served, worlds
from tests.dvc_server import dvc_server

TOKEN = "a token of the tests"
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="session")
def served_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with observations and two models; copied, never changed."""
    return worlds.copied("served", served.build, tmp_path_factory.mktemp("served"))


@pytest.fixture
def root(served_root: Path, tmp_path: Path) -> Path:
    """A copy of that folder of the test's own."""
    return shutil.copytree(served_root, tmp_path / "root")


def settings_of(root: Path) -> Settings:
    """Settings with that folder and a Bureau that nobody reaches."""
    return Settings(
        root=root,
        bureau_url=NOBODY,
        fetch_tries=1,
        fetch_per_second=1000.0,
        fetch_timeout_seconds=2.0,
    )


@pytest.fixture
def settings(root: Path) -> Settings:
    """Settings with the test's own folder."""
    return settings_of(root)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Settings], httpx.Client]]:
    """Starts the API with settings, and gives a client that has the token."""
    monkeypatch.setenv("API_KEY", TOKEN)
    with ExitStack() as running:

        def started(settings: Settings) -> httpx.Client:
            return running.enter_context(
                served.listening(create_app(settings, lambda: served.NOW), TOKEN)
            )

        yield started


@pytest.fixture
def api(settings: Settings, start: Callable[[Settings], httpx.Client]) -> httpx.Client:
    """The API as it mostly is, over the test's own folder."""
    return start(settings)


@pytest.fixture(scope="session")
def shared_root(served_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `shared_api`."""
    return shutil.copytree(served_root, tmp_path_factory.mktemp("shared") / "root")


@pytest.fixture(scope="session")
def shared_api(shared_root: Path) -> Iterator[httpx.Client]:
    """One API for all tests that only ask and compare."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("API_KEY", TOKEN)
        app = create_app(settings_of(shared_root), lambda: served.NOW)
        with served.listening(app, TOKEN) as client:
            yield client


@pytest.fixture
def api_with_bureau(
    settings: Settings, start: Callable[[Settings], httpx.Client], tmp_path: Path
) -> Iterator[httpx.Client]:
    """The API beside a Bureau that has published the morning and the afternoon of the day."""
    with served.bureau(tmp_path / "bureau") as server:
        yield start(replace(settings, bureau_url=server.url))


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of the tests' own; skips where there is none."""
    with databases.postgres(tmp_path_factory.mktemp("postgres")) as address:
        yield address


_NUMBERS = itertools.count()


@pytest.fixture
def database(database_server: str) -> str:
    """The address of a database of the test's own."""
    return databases.fresh(database_server, f"test{next(_NUMBERS)}")


@pytest.fixture(params=["files", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A root on either engine."""
    shared = request.param == "postgres"
    return Settings(
        root=tmp_path / "root", database=request.getfixturevalue("database") if shared else ""
    )


@pytest.fixture
def held(engine: Settings) -> stores.Stores:
    """What is kept of that root."""
    return stores.of(engine)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Where a registry of the test's own lies; not there yet."""
    return tmp_path / "models"


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository of this code; copied, never pushed to."""
    return clones.published(tmp_path_factory.mktemp("published"))


@pytest.fixture
def origin(published_once: Path, tmp_path: Path) -> Path:
    """A copy of that repository of the test's own."""
    return shutil.copytree(published_once, tmp_path / "origin.git")


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[str]:
    """The address of a DVC remote that wants a login."""
    with dvc_server(tmp_path / "remote") as address:
        yield address
