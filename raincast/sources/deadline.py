"""A deadline over a whole try. httpx limits each read alone, so a server that drips its header, or
sends one 1xx answer after the other, would outlast every time-out.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx


class _Clock:
    """Runs from the first thing that is sent: whoever waits for their turn loses nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._until = seconds, 0.0

    def left(self, timeout: float | None) -> float:
        now = time.monotonic()
        self._until = self._until or now + self._seconds
        left = self._until - now
        if left <= 0:
            raise httpcore.ReadTimeout(f"no whole answer within {self._seconds:g} s")
        return left if timeout is None else min(timeout, left)


_clock: ContextVar[_Clock | None] = ContextVar("clock", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is read and written inside, by a transport that is `limited`, ends after so long.

    Raises:
        httpx.TimeoutException: it did not come to its end.
    """
    token = _clock.set(_Clock(seconds))
    try:
        yield
    finally:
        _clock.reset(token)


def limited(transport: httpx.HTTPTransport) -> httpx.HTTPTransport:
    """The same transport, which keeps to `within`. httpx has no argument for its network."""
    pool = transport._pool
    if not isinstance(pool._network_backend, _Network):
        pool._network_backend = _Network(pool._network_backend)
    return transport


def _left(timeout: float | None) -> float | None:
    clock = _clock.get()
    return timeout if clock is None else clock.left(timeout)


class _Network(httpcore.NetworkBackend):
    def __init__(self, network: httpcore.NetworkBackend) -> None:
        self._network = network

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *args: Any, **more: Any
    ) -> httpcore.NetworkStream:
        return _Stream(self._network.connect_tcp(host, port, _left(timeout), *args, **more))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
