"""Pieces of work on a Dask cluster.

What the pieces share goes to the workers once, as bytes, and lies with the scheduler besides: a
worker that ends, or comes later, costs time only. No worker needs a folder of ours.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple, TypeVar

import cloudpickle
import dask
from distributed import Client, KilledWorker
from distributed.comm import CommClosedError
from tqdm import tqdm

from raincast.errors import BadInput, ServerUnavailable
from raincast.observations.network import in_force, put_in_force

S = TypeVar("S")
P = TypeVar("P")
R = TypeVar("R")

PATIENCE_SECONDS = 10
"""How long to wait for the scheduler, and for its first worker."""
PACKAGES = ("raincast", "numpy", "scipy", "xgboost-cpu", "jax")
"""What figures depend on: it must be the same here and there."""
_LARGE = {"distributed.admin.large-graph-warning-threshold": "1 TB"}
"""What is shared is meant to be large."""
_ONE_AT_A_TIME = threading.Lock()
"""A piece takes the cores that it likes, and the network in force is its process's."""


class Opened(NamedTuple):
    """What a worker has of a work.

    Attributes:
        packages: versions where the work was asked for.
    """

    do: Callable[[Any, Any], Any]
    shared: Any
    network: Any
    packages: dict[str, str]


class Cluster:
    """Workers that a Dask scheduler knows.

    Args:
        address: the scheduler's, such as `tcp://HOST:8786`.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def each(
        self, do: Callable[[S, P], R], shared: S, pieces: Sequence[P], name: str
    ) -> Iterator[R]:
        """See `pieces.Workers.each`.

        Raises:
            ServerUnavailable: nobody answers at the address, it has no worker, or a piece ends one
                worker after the other.
            BadInput: a worker has other versions of what figures depend on.
        """
        # One pickle, so that the network in force is the very one of what is shared.
        whole = cloudpickle.dumps(Opened(do, shared, in_force(), packages()))
        with _told(self._address, name), self._client() as client:
            with dask.config.set(_LARGE):
                opened = client.submit(cloudpickle.loads, whole, pure=False)
            asked = deque(client.map(_done, pieces, opened=opened, pure=False, key=name))
            with tqdm(total=len(asked), desc=name, leave=False, disable=None) as bar:
                while asked:
                    yield asked.popleft().result()
                    bar.update()

    @contextmanager
    def _client(self) -> Iterator[Client]:
        """A connection for one work; the cluster forgets the work with it."""
        where = f"DASK_ADDRESS: {self._address}"
        try:
            client = Client(self._address, timeout=PATIENCE_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ServerUnavailable(
                f"{where} does not answer as a Dask scheduler ({error}); start one there"
                " (`dask scheduler`), or leave DASK_ADDRESS empty to work alone"
            ) from error
        with client:
            try:
                client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
            except TimeoutError as error:
                raise ServerUnavailable(
                    f"{where} has no worker; start one (`dask worker {self._address} --nthreads"
                    " 1`), or leave DASK_ADDRESS empty to work alone"
                ) from error
            _require_alike(client)
            yield client


def packages() -> dict[str, str]:
    """The versions here of what figures depend on."""
    return {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _require_alike(client: Client) -> None:
    """Refuses workers of another environment, and a scheduler that has none of ours.

    Nothing of ours is called there: it might not be there.
    """
    for name in PACKAGES:
        found = client.run(version, name, on_error="return")
        for where, there in found.items():
            _require(f"worker {where}", name, _version(name), _said(there))
    try:
        there = client.run_on_scheduler(version, "raincast")
    except PackageNotFoundError as error:
        there = error
    _require("the scheduler", "raincast", _version("raincast"), _said(there))


def _said(found: object) -> str:
    return found if isinstance(found, str) else "none"


def _require(where: str, name: str, here: str, there: str) -> None:
    if there != here:
        raise BadInput(
            f"DASK_ADDRESS: {where} has {name} {there}, expected {here} as here; install the same"
            " there (`requirements.txt`), or leave DASK_ADDRESS empty to work alone"
        )


def _done(piece: Any, opened: Opened) -> Any:
    """On a worker: what was asked of one piece."""
    for name, here in opened.packages.items():
        _require("a worker that came later", name, here, _version(name))
    with _ONE_AT_A_TIME:
        put_in_force(opened.network)
        return opened.do(opened.shared, piece)


@contextmanager
def _told(address: str, name: str) -> Iterator[None]:
    """What Dask says of its own troubles, in our words."""
    try:
        yield
    except KilledWorker as error:
        raise ServerUnavailable(
            f"DASK_ADDRESS: a piece of {name} ended one worker of {address} after the other, the"
            f" last {error.last_worker.address}; expected workers with memory enough for it: give"
            " them more (`--memory-limit`), or leave DASK_ADDRESS empty to work alone"
        ) from error
    except (CancelledError, CommClosedError) as error:
        raise ServerUnavailable(
            f"DASK_ADDRESS: the scheduler at {address} went away during {name}; start it again,"
            " and the command"
        ) from error
