"""Starts a mirror in this process."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from raincast.errors import BadInput

GOODBYE_SECONDS = 1


def run(app: FastAPI, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves until it is stopped; `ready` is told the address once it can be asked.

    Raises:
        BadInput: nothing can listen at that address.
    """
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        raise BadInput(
            f"{host}:{port}: found {error.strerror}, expected an address that is free; name another"
        ) from error
    with listener:
        ready(f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}")
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GOODBYE_SECONDS,
            http="httptools",
        )
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Serves on a free port of loopback, in a thread, as long as the block lasts; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="warning", access_log=False, http="httptools")
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="mirror", daemon=True
        )
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
