"""The browser's network is a loopback of its own, and what comes after has the machine's again."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.still import still_network


@contextmanager
def made() -> Iterator[None]:
    with still_network() as own:
        if not own:
            pytest.skip("only root on Linux may make a network")
        yield


def test_nothing_but_loopback_is_in_it_and_the_machines_comes_back():
    before = socket.if_nameindex()
    with made():
        assert [name for _, name in socket.if_nameindex()] == ["lo"]
    assert socket.if_nameindex() == before


def test_a_server_in_it_answers_there_and_not_outside():
    with made():
        server = socket.create_server(("127.0.0.1", 0))
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=10):
            pass
    with server, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)
