"""HTTP connections with limits: what a stranger may cost before anyone looks at the token.

uvicorn limits neither the size of a header nor how long one takes, nor how long a silent connection
may stay. A proxy in front does too (`docs/operations.md`); these hold without one.
"""

import asyncio
import resource
from asyncio.events import TimerHandle
from functools import cache

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MOST_HEADER_BYTES = 32_768
"""nginx takes 4 times 8 KiB."""
MOST_MESSAGE_BYTES = 4_000_000
"""A header with a body of the longest kind, its chunks' sizes and trailers."""
HEADER_SECONDS = 10.0
MESSAGE_SECONDS = 30.0
"""From the end of a header to the end of its body."""
MOST_CONNECTIONS = 512
_STEP = 4096
"""A header is read in pieces, so that one that is too long is noticed before it is all parsed."""


@cache
def most_connections() -> int:
    """Half of the descriptors that the system allows, the rest being for files."""
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(4, min(MOST_CONNECTIONS, allowed // 2))


class GuardedProtocol(HttpToolsProtocol):
    """One connection; for `uvicorn --http raincast.serving.protocol:GuardedProtocol`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._timer: TimerHandle | None = None
        self._in_header, self._header_bytes, self._message_bytes = True, 0, 0
        super().connection_made(transport)
        self.since = self.loop.time()
        self._allow(HEADER_SECONDS)
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    @property
    def waits(self) -> bool:
        """Whether it is the other side's turn: nothing is lost but a connection if it ends."""
        return self._answered or self.cycle.more_body or self.flow.write_paused

    @property
    def _answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        if self._timer is None and self._in_header:
            self._allow(HEADER_SECONDS)
        self._message_bytes += len(data)
        while data and self._in_header and not self.transport.is_closing():
            piece, data = data[:_STEP], data[_STEP:]
            self._header_bytes += len(piece)
            super().data_received(piece)
            if self._in_header and self._header_bytes > MOST_HEADER_BYTES:
                return self._refuse(431, f"the header is longer than {MOST_HEADER_BYTES} bytes")
        if data and not self.transport.is_closing():
            super().data_received(data)
        if self._message_bytes > MOST_MESSAGE_BYTES:
            self._refuse(413, f"the request is longer than {MOST_MESSAGE_BYTES} bytes")
        return None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._allow(HEADER_SECONDS)

    def on_headers_complete(self) -> None:
        self._in_header = False
        self._allow(MESSAGE_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._disarm()
        self._in_header, self._header_bytes, self._message_bytes = True, 0, 0

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, msg)

    def _allow(self, seconds: float) -> None:
        self._disarm()
        self.since = self.loop.time()
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        if self.flow.read_paused:  # it is this side that does not read
            self._allow(MESSAGE_SECONDS)
        else:
            self._refuse(408, "the request took too long")

    def _make_room(self) -> None:
        """A full house ends whoever has been waited for the longest, not whoever comes."""
        if len(self.connections) <= most_connections():
            return
        others = [c for c in self.connections if isinstance(c, GuardedProtocol)]
        idle = [c for c in others if c.waits and not c.transport.is_closing()]
        min(idle, key=lambda c: c.since, default=self).transport.abort()

    def _refuse(self, status: int, detail: str) -> None:
        self._disarm()
        if self.pipeline or (self.cycle and self.cycle.response_started and not self._answered):
            self.transport.abort()  # this would be read as part of another answer
            return
        body = b'{"detail":"%s"}' % detail.encode()
        self.transport.write(
            STATUS_LINE[status]
            + b"content-type: application/json\r\nconnection: close\r\ncontent-length: "
            + str(len(body)).encode()
            + b"\r\n\r\n"
            + body
        )
        self.transport.close()
