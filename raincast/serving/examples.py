"""An example of every call and its answer, for the schema and its page."""

from typing import Any

from fastapi import Query

from raincast.observations.network import find
from raincast.serving.messages import Ready, Refusal
from raincast.serving.questions import EXAMPLE

THEIRS = find("Sydney").bureau_name

Responses = dict[int | str, dict[str, Any]]

_FORECAST: dict[str, Any] = {
    "rain_tomorrow": 1,
    "rain_probability": 0.43,
    "exceedance": {"0.2": 0.56, "1": 0.43, "5": 0.2, "10": 0.11, "25": 0.03, "50": 0.01},
    "location": "Sydney",
    "station": "known",
    "station_name": "Sydney",
    "feature_date": "2024-05-19",
    "target_date": "2024-05-20",
    "issued_at_utc": "2024-05-19T07:00:00+00:00",
    "window_hours_left": 16.0,
    "regime": "3pm",
    "threshold": 0.31,
    "model_version": "20240501T000000Z-0123abcd",
    "missing": ["Sunshine", "WindGustDir", "WindGustSpeed"],
    "use_latest": False,
    "logged_at_utc": "2024-05-19T07:00:01+00:00",
    "forecast_id": "0123456789abcdef0123456789abcdef",
    "basis": "today",
}
_WEATHER: dict[str, Any] = {
    "location": "Sydney",
    "feature_date": "2024-05-19",
    "issued_at_utc": "2024-05-19T07:00:00+00:00",
    "regime": "3pm",
    "observations": {"MinTemp": 9.5, "Rainfall": 2.4, "WindDir9am": "NNW", "Humidity3pm": 74.0},
    "missing": ["Sunshine"],
}
_REASONS: dict[str, Any] = {
    "location": "Sydney",
    "feature_date": "2024-05-19",
    "issued_at_utc": "2024-05-19T07:00:00+00:00",
    "regime": "3pm",
    "model_version": "20240501T000000Z-0123abcd",
    "base": -1.2,
    "parts": [{"quantity": "humidity", "scope": "here", "log_odds": 0.7}],
    "perceptrons": 0.1,
}
_HEALTH = {
    "status": "ok",
    "model_version": "20240501T000000Z-0123abcd",
    "trained_to": "2024-04-30",
    "problem": None,
    "raincast": "1.0",
}
_READY = {"ready": True, "detail": None, "model": None, "journal": None, "archive": None}
_NOT_READY = _READY | {"ready": False, "detail": "no model", "model": "no model"}


def _good(example: dict[str, Any]) -> Responses:
    return {200: {"content": {"application/json": {"example": example}}}}


def _refusal(description: str, **more: Any) -> dict[str, Any]:
    return {"model": Refusal, "description": description, **more}


REFUSALS: Responses = {
    400: _refusal("neither observations nor a station"),
    401: _refusal("no token, or not the right one"),
    413: _refusal("the body is too long"),
    422: _refusal("a body that is no JSON, an unknown station or an impossible value"),
    429: _refusal(
        "too many wrong tokens",
        headers={"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}},
    ),
    503: _refusal(
        "no model, no answer from the Bureau, or the journal or the archive cannot be used"
    ),
}
HEALTH, WEATHER, ANSWER, REASONS = map(_good, (_HEALTH, _WEATHER, _FORECAST, _REASONS))
READY: Responses = _good(_READY) | {
    503: {
        "model": Ready,
        "description": "something is in the way of forecasts",
        "content": {"application/json": {"example": _NOT_READY}},
    }
}
ANSWERS = _good(
    {
        "items": [
            {"status": "ok", "station_name": "Sydney", "forecast": _FORECAST, "detail": None},
            {
                "status": "not_published",
                "station_name": "Cairns",
                "forecast": None,
                "detail": "Cairns: expected a row of 2026-11-26, found none; its file has none yet",
            },
        ]
    }
)
STATION: Any = Query(
    openapi_examples={
        "ours": {"summary": "the data set's name", "value": "Sydney"},
        "theirs": {"summary": "the Bureau's name", "value": THEIRS},
    }
)
OBSERVATION: Any = {
    "afternoon": {"summary": "what is known at 3 pm", "value": EXAMPLE},
    "bare": {
        "summary": "a date and a station alone",
        "value": {"Date": "2024-05-19", "Location": THEIRS},
    },
}
BATCH: Any = {
    "observations": {"summary": "observations of one's own", "value": {"observations": [EXAMPLE]}},
    "newest": {
        "summary": "the Bureau's newest",
        "value": {"stations": ["Sydney", "Cairns"], "use_latest": True},
    },
}
