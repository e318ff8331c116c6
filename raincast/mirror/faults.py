"""What goes wrong on the way from the Bureau: refusals, silence,
and bodies that are not the file.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from raincast.errors import BadInput
from raincast.observations.network import find, in_force

RETRY_AFTER_SECONDS = 1
PATIENCE_SECONDS = 60.0
"""How long a request that is never answered is held, and how long a slow body takes."""

_PIECES = 600
_POLL_SECONDS = 0.02
_SPEC = re.compile(r"(?P<kind>[a-z0-9]+)(?:@(?P<where>[^*]+))?(?:\*(?P<times>[1-9]\d{0,8}))?")
_PAGE = b"<!DOCTYPE html>\n<html><head><title>%s</title></head><body><p>%s</p></body></html>\n"

Answer = Callable[[Request, Response], Awaitable[Response]]
"""Makes, of a request and the right answer to it, another answer."""


@dataclass(frozen=True)
class Fault:
    """One kind of trouble.

    Attributes:
        kind: one of `KINDS`.
        product: whose files it hits; None for every station's.
        times: how many requests it hits; None for all.
    """

    kind: str
    product: str | None = None
    times: int | None = None


def parse(text: str) -> Fault:
    """A fault from `KIND[@PRODUCT or station][*TIMES]`, such as `429@IDCJDW2002*2`.

    Raises:
        BadInput: the text is not of that form, or its kind is unknown.
        UnknownStation: no station has that name.
    """
    found = _SPEC.fullmatch(text)
    if found is None or found["kind"] not in KINDS:
        expected = f"KIND[@PRODUCT or station][*TIMES], the kind one of {', '.join(KINDS)}"
        raise BadInput(f"fault: found {text!r}, expected {expected}")
    return Fault(
        found["kind"], _product(found["where"]), int(found["times"]) if found["times"] else None
    )


def _product(where: str | None) -> str | None:
    return where and (in_force().of_product(where) or find(where)).product


class Faults:
    """The faults that are still to come; may be used by several threads."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = Lock()
        self._left: list[tuple[Fault, float]] = [
            (f, float("inf") if f.times is None else f.times) for f in faults
        ]

    def take(self, product: str) -> str | None:
        """The kind of the first fault that hits this request, which then counts as hit; None where
        all is well.
        """
        with self._lock:
            for i, (fault, left) in enumerate(self._left):
                if left and fault.product in (None, product):
                    self._left[i] = fault, left - 1
                    return fault.kind
        return None


def _refused(status: int, **headers: str) -> Answer:
    async def answer(_: Request, __: Response) -> Response:
        words = HTTPStatus(status).phrase.encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(_PAGE % (words, words), status, named, "text/html")

    return answer


async def _never(request: Request, _: Response) -> Response:
    for _poll in range(round(PATIENCE_SECONDS / _POLL_SECONDS)):
        if await request.is_disconnected():
            break
        await asyncio.sleep(_POLL_SECONDS)
    return Response(status_code=HTTPStatus.GATEWAY_TIMEOUT)


async def _slow(_: Request, right: Response) -> Response:
    content = bytes(right.body)
    size = -(-len(content) // _PIECES)
    pieces = [content[i : i + size] for i in range(0, len(content), size)]

    async def dripping() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece
            await asyncio.sleep(PATIENCE_SECONDS / _PIECES)

    return StreamingResponse(dripping(), right.status_code, _headers(right))


async def _html(_: Request, __: Response) -> Response:
    return Response(_PAGE % (b"Notice", b"This service has moved."), media_type="text/html")


def _spoilt(change: Callable[[Sequence[bytes]], Sequence[bytes]]) -> Answer:
    """The file with its lines changed, under the right file's headers: nothing but the content
    tells.
    """

    async def answer(_: Request, right: Response) -> Response:
        body = b"\r\n".join(change(bytes(right.body).split(b"\r\n")))
        return Response(body, right.status_code, _headers(right))

    return answer


def _headers(right: Response) -> dict[str, str]:
    return {name: value for name, value in right.headers.items() if name != "content-length"}


def _truncated(lines: Sequence[bytes]) -> Sequence[bytes]:
    return [*lines[:-1], lines[-1][: len(lines[-1]) // 2]]


def _garbled(lines: Sequence[bytes]) -> Sequence[bytes]:
    return [*lines[:-1], bytes(byte ^ 0x80 * (i % 3 == 0) for i, byte in enumerate(lines[-1]))]


KINDS: dict[str, Answer] = {
    "403": _refused(403),
    "404": _refused(404),
    "429": _refused(429, Retry_After=str(RETRY_AFTER_SECONDS)),
    "500": _refused(500),
    "timeout": _never,
    "slow": _slow,
    "truncated": _spoilt(_truncated),
    "garbled": _spoilt(_garbled),
    "html": _html,
}
