"""Starts the API in this process."""

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import uvicorn

from raincast import logs
from raincast.errors import BadInput
from raincast.serving.protocol import GuardedProtocol
from raincast.settings import Settings
from raincast.store import stores

if TYPE_CHECKING:
    from fastapi import FastAPI

KEEP_ALIVE_SECONDS = 5
GRACE_SECONDS = 30
"""How long those who wait are served when the service is told to end."""


def config(app: "FastAPI", host: str = "127.0.0.1", port: int = 8000) -> uvicorn.Config:
    """How the API is served, here and in the image: with limits on what a connection may cost."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=GuardedProtocol,
        ws="none",
        log_config=None,
        access_log=False,  # `AccessLog` has a line for each request
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def run(settings: Settings, host: str, port: int) -> None:
    """Serves until it is stopped; one process, so that one desk writes for all who wait.

    Raises:
        BadInput: nothing can listen at that address.
    """
    from raincast.serving.app import create_app  # the web framework is loaded by this command only

    stores.of(
        settings
    ).archive()  # one that cannot be opened is told in a line, not from the server
    with _bound(host, port) as listener:
        logs.start(settings.log_format, service=True)
        served = config(create_app(settings, lambda: datetime.now(UTC)), host, port)
        uvicorn.Server(served).run(sockets=[listener])


def _bound(host: str, port: int) -> socket.socket:
    """Refuses connections until the server listens: whoever asks early knows that it is not up."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise BadInput(
            f"{host}:{port}: found {error.strerror}, expected an address that is free; name another"
            " (--host, --port)"
        ) from error
    return listener
