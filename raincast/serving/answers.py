"""What is said of a forecast, of what moved it, and of the newest weather."""

from typing import Any

from raincast.features import block
from raincast.forecasts import request
from raincast.forecasts.request import Request, Row, hours_left
from raincast.forecasts.row import Forecast
from raincast.learning import explanation
from raincast.learning.blend import Forecaster
from raincast.loop.contexts import Contexts
from raincast.observations.availability import moment
from raincast.observations.network import in_force


def answer(f: Forecast, unseen: bool) -> dict[str, Any]:
    """A forecast as `messages.Answer` has it."""
    left = hours_left(
        in_force().index[f.location], f.feature_date, int(f.issued_at_utc.timestamp())
    )
    said = f._asdict()
    return {
        "rain_tomorrow": said.pop("predicted_rain"),
        **said,
        "station": "unseen" if unseen else "known",
        "window_hours_left": round(left, 2),
    }


def reasons(asked: Request, model: Forecaster, contexts: Contexts) -> dict[str, Any]:
    """What moved the forecast of a request, as `messages.Reasons` has it."""
    known = contexts.of(asked.feature_date, asked.issued_at).at([asked.station])
    row = block.inputs(known, known.own if asked.own is None else asked.own[None])
    found = explanation.reasons(model, row)
    about = {**_of(asked), "model_version": model.version}
    return about | found._asdict() | {"parts": [part._asdict() for part in found.parts]}


def weather(newest: Request, row: Row) -> dict[str, Any]:
    """A station's newest row, as `messages.Weather` has it."""
    observed = {"observations": request.values(row), "missing": request.missing(row)}
    return _of(newest) | observed


def _of(asked: Request) -> dict[str, Any]:
    return {
        "location": in_force().stations[asked.station].location,
        "feature_date": asked.feature_date,
        "issued_at_utc": moment(asked.issued_at),
        "regime": asked.regime,
    }
