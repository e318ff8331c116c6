"""A small FTP server on loopback: anonymous, passive, files by path."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from types import MappingProxyType

_REPLIES = {"PASS": "230 in", "TYPE": "200 binary", "QUIT": "221 bye"}


class Session(socketserver.StreamRequestHandler):
    """One client's commands, in a class made by `serving`."""

    files: Mapping[str, bytes]
    user: str
    replies: Mapping[str, bytes]
    passive: socket.socket

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            verb, _, rest = line.decode().strip().partition(" ")
            if verb in self.replies:
                self.wfile.write(self.replies[verb] + b"\r\n")
            elif verb == "USER":
                self.say("331 password" if rest == self.user else "530 not logged in")
            elif verb == "PASV":
                self.passive = socket.create_server(("127.0.0.1", 0))
                port = self.passive.getsockname()[1]
                self.say(f"227 (127,0,0,1,{port // 256},{port % 256})")
            elif verb == "RETR":
                self.send(rest)
            else:
                self.say(_REPLIES.get(verb, "502 unknown"))

    def send(self, path: str) -> None:
        with self.passive:
            reached, _ = self.passive.accept()
        with reached:
            if path not in self.files:
                self.say("550 no such file")
                return
            self.say("150 coming")
            reached.sendall(self.files[path])
        self.say("226 sent")


MOST_DRIPS = 600


class Dripping(socketserver.StreamRequestHandler):
    """Half a minute of a greeting that does not end."""

    drop: str

    def handle(self) -> None:
        with suppress(OSError):
            for _ in range(MOST_DRIPS):
                self.wfile.write(self.drop.encode())
                time.sleep(0.05)


def dripping(drop: str) -> AbstractContextManager[str]:
    """A server whose greeting drips; its address."""
    return _listening(type("Mine", (Dripping,), {"drop": drop}))


def serving(
    files: Mapping[str, bytes],
    user: str = "anonymous",
    replies: Mapping[str, bytes] = MappingProxyType({}),
) -> AbstractContextManager[str]:
    """A server for as long as the block lasts; its address.

    Args:
        replies: by command, what it answers in place of what is right.
    """
    return _listening(type("Mine", (Session,), {"files": files, "user": user, "replies": replies}))


@contextmanager
def _listening(handler: type[socketserver.BaseRequestHandler]) -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"ftp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
