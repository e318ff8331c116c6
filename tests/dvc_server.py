"""A DVC remote over HTTP on loopback, which wants a login, and
keeps what it is given in a folder.
"""

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

USER, TOKEN = "somebody", secrets.token_hex()
_LOGIN = "Basic " + base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()


class _Remote(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path

    def _say(self, status: int, body: bytes = b"", length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="tests"')
        self.end_headers()
        self.wfile.write(body)

    def _path(self) -> Path:
        return self.folder / self.path.lstrip("/")

    def _status(self) -> int:
        known = self.headers.get("Authorization") == _LOGIN
        return 401 if not known else 200 if self._path().is_file() else 404

    def do_GET(self) -> None:
        status = self._status()
        self._say(status, self._path().read_bytes() if status == 200 else b"")

    def do_HEAD(self) -> None:
        status = self._status()
        self._say(status, length=self._path().stat().st_size if status == 200 else 0)

    def do_POST(self) -> None:
        body = self._body()
        if self._status() == 401:
            self._say(401)
            return
        self._path().parent.mkdir(parents=True, exist_ok=True)
        self._path().write_bytes(body)
        self._say(200)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().strip() or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def dvc_server(folder: Path) -> Iterator[str]:
    """The remote's address, for as long as the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Remote", (_Remote,), {"folder": folder}))
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
