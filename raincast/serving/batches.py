"""Many forecasts in one call: what is wrong is told of all rows at once; what is right is written
down together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from raincast.errors import NotPublished, SourceUnavailable
from raincast.forecasts.request import Request
from raincast.forecasts.row import Forecast
from raincast.serving.replies import Refused, answer
from raincast.serving.service import Service


async def answer_all(
    service: Service, rows: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> tuple[list[dict[str, Any]], bool]:
    """The outcome of every row and then of every station, as `messages.Item` has them, and whether
    any is a forecast.

    Raises:
        Refused: any row or station is not as it must be; names them all.
    """
    asked = _checked(service, rows, names)
    found: list[Request | SourceUnavailable] = [*asked, *await service.newest.of_each(names)]
    requests = [outcome for outcome in found if isinstance(outcome, Request)]
    made = iter(await service.forecast(requests) if requests else [])
    spoken = [*(str(row["Location"]) for row in rows), *names]
    outcomes = [next(made) if isinstance(outcome, Request) else outcome for outcome in found]
    return [_item(name, outcome) for name, outcome in zip(spoken, outcomes, strict=True)], bool(
        requests
    )


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


def _item(name: str, outcome: Forecast | SourceUnavailable) -> dict[str, Any]:
    if isinstance(outcome, Forecast):
        return {"status": "ok", "station_name": name, "forecast": answer(outcome), "detail": None}
    status = "not_published" if isinstance(outcome, NotPublished) else "unreachable"
    return {"status": status, "station_name": name, "forecast": None, "detail": str(outcome)}
