"""A call as it stands: a key of the body or a parameter of the query that is there twice, or that
nobody knows, is refused. A parser would take one of the two, and pass by a slip of the pen.
"""

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request as Call
from fastapi.routing import APIRoute
from starlette.responses import Response

from raincast.serving.replies import Refused, fault

_MOST_LETTERS = 60


class StrictCall(Call):
    """A call in whose body each key stands once."""

    async def json(self) -> Any:
        """The body's value.

        Raises:
            json.JSONDecodeError: it is no JSON, or has a key twice.
        """
        return value(await self.body())


def value(body: bytes) -> Any:
    """See `StrictCall.json`."""
    return json.loads(body, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        said = f"found the key {twice[:_MOST_LETTERS]!r} twice, expected it once"
        raise json.JSONDecodeError(said, "", 0)
    return found


def strict(call: Call) -> StrictCall:
    """The call, in whose body each key stands once."""
    return call if isinstance(call, StrictCall) else StrictCall(call.scope, call.receive)


class StrictRoute(APIRoute):
    """A route of strict calls."""

    def get_route_handler(self) -> Callable[[Call], Coroutine[Any, Any, Response]]:
        handled = super().get_route_handler()

        async def handle(call: Call) -> Response:
            return await handled(strict(call))

        return handle


def require_known_query(call: Call) -> None:
    """Refuses a parameter that is there twice, or that the call does not have.

    Raises:
        Refused: names them all.
    """
    known = [parameter.alias for parameter in call.scope["route"].dependant.query_params]
    faults = []
    for name, times in Counter(key for key, _ in call.query_params.multi_items()).items():
        if name not in known:
            expected = f"one of {', '.join(known)}" if known else "none"
            faults.append(_fault(name, call, f"found an unknown parameter, expected {expected}"))
        elif times > 1:
            faults.append(_fault(name, call, f"found it {times} times, expected it once"))
    if faults:
        raise Refused(*faults)


def _fault(name: str, call: Call, told: str) -> dict[str, Any]:
    shown = name[:_MOST_LETTERS].encode("utf-8", "replace").decode()
    return fault(shown, ", ".join(call.query_params.getlist(name)), told)
