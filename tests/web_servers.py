"""A small web server on loopback that answers as a test tells it to."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from raincast.settings import Settings

PAGE = b"<!DOCTYPE html><html><body>Your access is blocked</body></html>"

Answer = Callable[[BaseHTTPRequestHandler], None]


def hurried(root: Path, tries: int) -> Settings:
    """The product before such a server: it asks fast, and gives up soon."""
    return Settings(root=root, fetch_per_second=200, fetch_timeout_seconds=0.5, fetch_tries=tries)


def says(status: int, body: bytes = b"", /, **headers: str) -> Answer:
    """An answer of that status and body; `Retry_After="1"` is the header `Retry-After: 1`."""

    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | named).items():
            asked.send_header(name, value)
        asked.end_headers()
        asked.wfile.write(body)

    return answer


class Asked(NamedTuple):
    """One request."""

    path: str
    headers: Message


@dataclass
class Server:
    """Gives its answers one after the other, the last one again and again, and remembers what it
    was asked.
    """

    url: str
    answers: list[Answer]
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        self.asked.append(Asked(asked.path, asked.headers))
        self.answers[min(len(self.asked), len(self.answers)) - 1](asked)


class _Loopback(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller who hangs up is what some tests are about; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(*answers: Answer) -> Iterator[Server]:
    """A server for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.answer(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    http = _Loopback(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}", list(answers))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
