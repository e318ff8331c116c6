"""Many forecasts in one call: what is wrong is told of all rows at once; what is right is written
down together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from raincast.errors import NotPublished, SourceUnavailable
from raincast.forecasts import basis
from raincast.forecasts.request import Request
from raincast.forecasts.row import Forecast
from raincast.serving.replies import Refused
from raincast.serving.service import Service


async def answer_all(
    service: Service, rows: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> list[dict[str, Any]]:
    """The outcome of every row and then of every station, as `messages.Item` has them.

    Raises:
        Refused: any row or station is not as it must be; names them all.
    """
    sent = _checked(service, rows, names)
    newest = await service.newest.of_each(names)
    made = await service.forecast([*sent, *(request for request, _ in newest)])
    own, fetched = made[: len(sent)], made[len(sent) :]
    items = [_item(service, str(row["Location"]), f) for row, f in zip(rows, own, strict=True)]
    for (request, problem), f in zip(newest, fetched, strict=True):
        if problem is None and not basis.has_own_row(f.basis):
            problem = NotPublished(await service.newest.lack(request))
        items.append(_item(service, request.station_name, f, problem))
    return items


def _checked(
    service: Service, rows: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> list[Request]:
    requests, faults = [], []
    for i, row in enumerate(rows):
        try:
            requests.append(service.request(row))
        except Refused as error:
            faults += [found | {"index": i} for found in error.faults]
    for i, name in enumerate(names):
        try:
            service.trained(name, "stations")
        except Refused as error:
            faults += [found | {"index": i} for found in error.faults]
    if faults:
        raise Refused(*faults)
    return requests


def _item(
    service: Service, name: str, f: Forecast, problem: SourceUnavailable | None = None
) -> dict[str, Any]:
    status = "not_published" if isinstance(problem, NotPublished) else "unreachable"
    if problem is None or basis.has_own_row(f.basis):
        status = "ok"
    detail = None if problem is None else str(problem)
    return {"status": status, "station_name": name, "forecast": service.answer(f), "detail": detail}
