"""Answers and refusals as JSON."""

import logging
import math
import reprlib
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from raincast import logs
from raincast.errors import BadFile, BadInput, RaincastError
from raincast.serving.questions import expected

HEADER = "X-Request-ID"
REQUEST_ID = "raincast.request_id"
"""Where a request's scope has its id."""
MOST_FAULTS = 100
"""So many are told of one request."""
MOST_LETTERS = 200
_UNREADABLE = "There was an error parsing the body"
"""FastAPI's words for a body of another encoding, too deep, or with a number of too many digits."""
_LONGEST_INTEGER = 2**63
_log = logging.getLogger(__name__)


class Refused(BadInput):
    """A request that cannot be answered: `fault` says field, what
    was found and what was expected.
    """

    def __init__(self, *faults: dict[str, Any]) -> None:
        self.faults = list(faults)
        super().__init__(faults[0]["detail"])


def reply(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, headers, "application/json")


def error_reply(
    content: dict[str, Any], status: int, headers: dict[str, str] | None = None
) -> Response:
    """A refusal, with the id under which the log has the request."""
    return reply(content | {"request_id": logs.known("request_id")}, status, headers)


def fault(
    field: str, found: Any, told: str | None = None, index: int | None = None
) -> dict[str, Any]:
    """What is wrong with one field, and where in a batch."""
    shown = _shown(found)
    said = told or f"found {shown!r}, expected {expected(field)}"
    where = {} if index is None else {"index": index}
    return {
        "detail": f"{field}: {said}",
        "field": field,
        "found": shown,
        "expected": expected(field),
    } | where


def _shown(found: Any) -> str | float:
    """What can be sent back of it."""
    if isinstance(found, int) and abs(found) < _LONGEST_INTEGER:
        return found
    if isinstance(found, float) and math.isfinite(found):
        return found
    return _short(found if isinstance(found, str) else _described(found))


def _described(found: Any) -> str:
    if isinstance(found, int):
        return f"a whole number of {found.bit_length()} bits"
    return repr(found) if isinstance(found, float) else reprlib.repr(found)


def _short(text: str) -> str:
    return text[:MOST_LETTERS].encode("utf-8", "replace").decode()


def _of_pydantic(error: dict[str, Any]) -> dict[str, Any]:
    if error["type"] == "json_invalid":
        return {"detail": f"the body is not JSON: {error['ctx']['error']}"}
    names = [part for part in error["loc"][1:] if isinstance(part, str) and part.isidentifier()]
    index = next((part for part in error["loc"] if isinstance(part, int)), None)
    if error["type"] == "model_attributes_type" and not names:
        return {"detail": "the body: expected a JSON object, sent as Content-Type application/json"}
    if not names:
        return {"detail": f"the body: {error['msg']}"}
    found = None if error["type"] == "missing" else error["input"]
    return fault(_short(names[-1]), found, error.get("ctx", {}).get("told"), index)


def refusal(faults: list[dict[str, Any]], status: int = 422) -> Response:
    """The first thing that is wrong, and all of them under `errors`."""
    first = {name: value for name, value in faults[0].items() if name != "index"}
    return error_reply(first | {"errors": faults}, status)


def _status(error: RaincastError) -> int:
    """A file of ours that is not as it must be is no fault of the caller's."""
    theirs = isinstance(error, BadInput) and not isinstance(error, BadFile)
    return 422 if theirs else 503


async def _unprocessable(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return refusal([_of_pydantic(e) for e in error.errors()[:MOST_FAULTS]])


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.detail == _UNREADABLE:
        return refusal([{"detail": "the body cannot be read: expected JSON in UTF-8"}])
    return error_reply({"detail": error.detail}, error.status_code, dict(error.headers or {}))


async def _failed(request: Request, error: Exception) -> Response:
    if isinstance(error, Refused):
        return refusal(error.faults)
    assert isinstance(error, RaincastError)  # noqa: S101
    _log.warning("%s %s: %s", request.method, request.url.path, error)
    return error_reply({"detail": str(error)}, _status(error))


async def _broken(request: Request, error: Exception) -> Response:
    # The framework asks this outside of all that the app has put around its routes.
    request_id = str(request.scope.get(REQUEST_ID))
    with logs.about(request_id=request_id):
        _log.error("%s %s", request.method, request.url.path, exc_info=error)
        said = {"detail": "internal error; the service's log has it"}
        return error_reply(said, 500, {HEADER: request_id})


def install(app: FastAPI) -> None:
    """Makes every failure of the app a JSON answer."""
    app.add_exception_handler(RequestValidationError, _unprocessable)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RaincastError, _failed)
    app.add_exception_handler(Exception, _broken)
