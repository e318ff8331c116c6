"""Starts a mirror in this process."""

import socket
from collections.abc import Callable

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
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise BadInput(
            f"{host}:{port}: found {error.strerror}, expected an address that is free; name another"
        ) from error
    with listener:
        ready(f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}")
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=GOODBYE_SECONDS, http="httptools"
        )
        uvicorn.Server(config).run(sockets=[listener])
