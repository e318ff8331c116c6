"""The API: what is asked over HTTP, and how it is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Query
from fastapi import Request as Call
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, Response

from raincast import __version__, logs
from raincast.observations.network import find, in_force
from raincast.serving import access, examples, page, replies
from raincast.serving.access_log import AccessLog
from raincast.serving.batches import answer_all
from raincast.serving.body import BodyLimit
from raincast.serving.direct import Direct
from raincast.serving.figures import CONTENT_TYPE, Counted, Figures
from raincast.serving.messages import Answer, Answers, Health, Ready, Reasons, Weather
from raincast.serving.questions import Batch, Moment, Observation, Predictable, StationName
from raincast.serving.replies import Refused, fault, reply
from raincast.serving.service import Clock, Service, opened
from raincast.serving.strict import StrictRoute, require_known_query
from raincast.settings import Settings

MOST_BYTES = 2_000_000
"""How long a request's body may be."""

_open = APIRouter()
_guarded = APIRouter(
    route_class=StrictRoute,
    dependencies=[Depends(access.bearer), Depends(require_known_query)],
    responses=examples.REFUSALS,
)


def create_app(settings: Settings, clock: Clock) -> FastAPI:
    """The API over one folder of data; `clock` gives the present moment (aware). Nothing happens
    until it is served.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, clock, app.state.figures.forecasts) as app.state.service:
            yield

    about = f"The chance of rain tomorrow: {in_force().event.statement}."
    app = FastAPI(
        title="raincast",
        version=__version__,
        description=about,
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own pages load their scripts from another host
        redoc_url=None,
    )
    app.include_router(_guarded)  # looked through first: what is asked the most
    app.include_router(_open)
    guarded = _paths(_guarded)
    app.add_middleware(BodyLimit, most=MOST_BYTES)
    app.add_middleware(access.TokenGate, guarded=guarded)  # the last one added is asked first
    figures = app.state.figures = Figures(settings)
    app.add_middleware(Counted, figures=figures, routes=guarded | _paths(_open))
    app.add_middleware(AccessLog)
    replies.install(app)
    return app


def _paths(router: APIRouter) -> set[str]:
    return {route.path for route in router.routes if isinstance(route, APIRoute)}


def _service(call: Call) -> Service:
    service: Service = call.app.state.service
    return service


def _known(service: Service, name: str, field: str) -> None:
    """See `Service.trained`; the log names the station."""
    logs.note(station=service.trained(name, field).location)


@_open.head("/health", include_in_schema=False)
@_open.get("/health", response_model=Health, responses=examples.HEALTH)
async def health(call: Call) -> Response:
    """Whether the service is up, and which model serves. Needs no token; with it, a problem comes
    with its details.
    """
    trusted = access.fault(call.headers) is None
    return reply(_service(call).health(in_detail=trusted))


@_open.head("/health/ready", include_in_schema=False)
@_open.get("/health/ready", response_model=Ready, responses=examples.READY)
async def ready(call: Call) -> Response:
    """Whether forecasts can be made now: a model serves, the journal can be written and the archive
    read. Needs no token.
    """
    found = await _service(call).readiness(in_detail=access.fault(call.headers) is None)
    return reply(found, 200 if found["ready"] else 503)


@_open.get("/docs", include_in_schema=False)
async def docs(call: Call) -> Response:
    """These calls as a page."""
    text = page.rendered(call.app.openapi())
    return HTMLResponse(text, headers={"Content-Security-Policy": page.POLICY})


@_open.get("/metrics", include_in_schema=False)
async def metrics(call: Call) -> Response:
    """Figures for Prometheus."""
    text = await asyncio.to_thread(call.app.state.figures.text)
    return Response(text, media_type=CONTENT_TYPE)


@_guarded.get("/latest_weather", response_model=Weather, responses=examples.WEATHER)
async def latest_weather(
    call: Call, station_name: Annotated[StationName, examples.STATION]
) -> Response:
    """A station's newest observations, fetched from the Bureau now."""
    _known(_service(call), station_name, "station_name")
    return reply(await _service(call).weather(station_name))


async def predict(
    call: Call,
    observation: Annotated[Predictable | None, Body(openapi_examples=examples.OBSERVATION)] = None,
    use_latest: Annotated[
        bool, Query(description="forecast from the Bureau's newest observations")
    ] = False,
    station_name: Annotated[StationName | None, examples.STATION] = None,
    cost_loss: Annotated[
        float | None,
        Query(
            gt=0,
            lt=1,
            allow_inf_nan=False,
            description="cost of protection over the loss that it averts; the answer then says"
            " whether to protect",
        ),
    ] = None,
) -> Response:
    """Forecasts rain for the day after the observations' date, and writes the forecast into the
    journal.

    Send an observation, or `use_latest=true` with a station.
    """
    service, row = _service(call), {} if observation is None else vars(observation)
    name = station_name or row.get("Location")
    if use_latest and name:
        _known(service, name, "station_name" if station_name else "Location")
        asked = await service.newest.due(name)
    elif observation is None:
        expected = "send an observation as JSON, or use_latest=true with station_name"
        raise HTTPException(400, f"found neither observations nor a station: {expected}")
    else:
        _same_station(station_name, row)
        asked = service.request(row | {"Location": row["Location"] or station_name})
    made = (await service.forecast([asked]))[0]
    logs.note(station=made.location, forecast_id=made.forecast_id)
    said = service.answer(made)
    if cost_loss is not None:
        said |= {"cost_loss": cost_loss, "protect": said["rain_probability"] >= cost_loss}
    return reply(said)


_guarded.add_api_route(
    "/predict",
    predict,
    methods=["POST"],
    response_model=Answer,
    responses=examples.ANSWER,
    route_class_override=Direct,
)


@_guarded.post("/explain", response_model=Reasons, responses=examples.REASONS)
async def explain(
    call: Call,
    observation: Annotated[Observation, Body(openapi_examples=examples.OBSERVATION)],
    issued_at_utc: Annotated[
        Moment | None,
        Query(description="explain the archive's row as known then, instead of the body's values"),
    ] = None,
) -> Response:
    """What moved a forecast: the contribution of each kind of observation. Gives out no forecast
    and writes nothing.

    Send what was sent to `/predict`; or only a date and a station, with the issue time of a
    forecast made from the archive.
    """
    service, row = _service(call), vars(observation)
    if row["Location"]:
        _known(service, row["Location"], "Location")
    return reply(await service.explain(service.request(row, issued_at_utc)))


def _same_station(station_name: str | None, row: dict[str, Any]) -> None:
    """An observation that comes with another station's name is refused, not guessed at."""
    if station_name and row["Location"] and find(station_name) != find(row["Location"]):
        raise Refused(
            fault(
                "station_name",
                station_name,
                f"is another station than Location {row['Location']!r}",
            )
        )


@_guarded.post("/predict/batch", response_model=Answers, responses=examples.ANSWERS)
async def predict_batch(
    call: Call, batch: Annotated[Batch, Body(openapi_examples=examples.BATCH)]
) -> Response:
    """Many forecasts, written into the journal together: from observations, from the Bureau's
    newest, or both.

    If anything in the call is not as it must be, nothing is forecast. A station whose newest
    observations cannot be had
    is reported and keeps no other out; 503 where none can be had.
    """
    if not batch.observations and not batch.stations:
        raise HTTPException(
            400, "found neither observations nor stations: send at least one of them"
        )
    if batch.stations and not batch.use_latest:
        raise Refused(
            fault(
                "use_latest",
                batch.use_latest,
                "stations are forecast from the Bureau's newest: send true",
            )
        )
    rows = [vars(o) for o in batch.observations]
    return reply({"items": await answer_all(_service(call), rows, batch.stations)})
