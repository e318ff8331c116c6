"""The commonest call past the framework's reading of parameters, which costs more than all else
above the desk.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request as Call
from pydantic import BaseModel, TypeAdapter
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from raincast.serving.questions import Predictable
from raincast.serving.strict import StrictRoute, strict, value

_PREDICTABLE: TypeAdapter[BaseModel] = TypeAdapter(Predictable)


class Direct(StrictRoute):
    """A route whose function takes the call and a `Predictable`.

    An observation without a query is read here. Any other call, and any that is not as it must be,
    goes the framework's way, so that there is one place that refuses.
    """

    def get_route_handler(self) -> Callable[[Call], Coroutine[Any, Any, Response]]:
        of_framework, answer = super().get_route_handler(), self.endpoint

        async def handle(call: Call) -> Response:
            call = strict(call)
            observation = await _observation(call)
            if observation is None:
                return await of_framework(call)
            said: Response = await answer(call, observation)
            return said

        return handle


async def _observation(call: Call) -> BaseModel | None:
    if call.scope["query_string"] or call.headers.get("content-type") != "application/json":
        return None
    try:
        row = value(await call.body())
        return _PREDICTABLE.validate_python(row) if isinstance(row, dict) else None
    except (ValueError, RecursionError, ClientDisconnect):
        return None
