"""The Bureau's addresses over HTTP, and the mirror's clock."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles

from raincast import __version__
from raincast.documents import Json
from raincast.errors import BadInput
from raincast.mirror.clock import Clock
from raincast.mirror.faults import KINDS, Faults
from raincast.mirror.shelf import Page, Shelf
from raincast.observations.network import in_force
from raincast.observations.stations import Station

_NAME = re.compile(r"(IDCJDW\d{4})\.(\d{6})\.csv")
_conditional = StaticFiles()


class Move(BaseModel):
    """What to do with the clock.

    Attributes:
        at: the instant to put it to, with its offset from UTC.
        advance_seconds: by how much to move it, back if negative.
        rate: its seconds per second from now on: 0 stands, 1 runs.
    """

    model_config = ConfigDict(extra="forbid")

    at: AwareDatetime | None = None
    advance_seconds: float = Field(default=0.0, ge=-1e10, le=1e10, allow_inf_nan=False)
    rate: float | None = Field(default=None, ge=0, le=1e6, allow_inf_nan=False)

    @model_validator(mode="after")
    def _something(self) -> "Move":
        if not self.model_fields_set:
            raise ValueError("expected at, advance_seconds or rate")
        return self


def create_mirror(shelf: Shelf, clock: Clock, faults: Faults) -> FastAPI:
    """The mirror: the Bureau's files as they stood at the clock's instant, unless a fault comes
    between.
    """
    app = FastAPI(title="raincast mirror", version=__version__)

    @app.get("/climate/dwo/{when}/text/{name}")
    async def month(request: Request, when: str, name: str) -> Response:
        asked = _asked(when, name)
        kind = faults.take(name.partition(".")[0])
        right = _answer(None if asked is None else shelf.page(*asked, clock.now()))
        if kind is not None:
            return await KINDS[kind](request, right)
        unchanged = right.status_code == 200 and _conditional.is_not_modified(
            right.headers, request.headers
        )
        return NotModifiedResponse(right.headers) if unchanged else right

    @app.get("/clock")
    async def shown() -> Json:
        return _told(clock.now(), clock)

    @app.post("/clock")
    async def moved(move: Move) -> Response:
        try:
            at = clock.move(move.at, timedelta(seconds=move.advance_seconds), move.rate)
        except BadInput as error:
            return JSONResponse({"detail": str(error)}, 422)
        return JSONResponse(_told(at, clock))

    @app.exception_handler(RequestValidationError)
    async def refused(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return JSONResponse({"detail": f"{first['loc'][-1]}: {first['msg']}"}, 422)

    return app


def _told(at: datetime, clock: Clock) -> Json:
    return {"at": at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "rate": clock.rate}


def _asked(when: str, name: str) -> tuple[Station, date] | None:
    """Whose file and of which month; None where there can be no such file."""
    found = _NAME.fullmatch(name)
    station = in_force().of_product(found[1]) if found else None
    if found is None or station is None or found[2] != when:
        return None
    try:
        return station, datetime.strptime(when, "%Y%m").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _answer(page: Page | None) -> Response:
    if page is None:
        return Response("no such file\n", 404, media_type="text/plain")
    validators = {
        "ETag": f'"{blake2b(page.content, digest_size=12).hexdigest()}"',
        "Last-Modified": format_datetime(page.prepared_at, usegmt=True),
    }
    return Response(page.content, 200, {**validators, "Content-Type": "text/csv"})
