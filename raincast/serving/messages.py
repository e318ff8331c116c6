"""What callers get, as the schema has it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class Answer(BaseModel):
    """A forecast of rain tomorrow, and what it rests on."""

    rain_tomorrow: Literal[0, 1] = Field(
        description="1 where the probability reaches the threshold; the event stands above"
    )
    rain_probability: float = Field(ge=0, le=1)
    exceedance: dict[str, float] | None = Field(
        description="by amount in mm, smallest first, the chance of more than that; that of the"
        " event's amount is `rain_probability`; null with a model from before there were amounts"
    )
    location: str = Field(description="the data set's name of the station")
    station: Literal["known", "unseen"] = Field(
        description="unseen: the model was fitted without it, and forecasts it by its place"
    )
    station_name: str = Field(description="the station as it was asked for")
    feature_date: date = Field(description="the day of the observations")
    target_date: date = Field(description="the day after, whose 9 am reading decides")
    issued_at_utc: datetime = Field(description="the moment whose knowledge was used")
    window_hours_left: float = Field(
        ge=0, le=24, description="hours of the event's 24 that were still to come"
    )
    regime: Literal["9am", "3pm", "complete"] = Field(
        description="what was due of the station's own row"
    )
    threshold: float
    model_version: str
    missing: list[str] = Field(description="observations that were absent")
    use_latest: bool = Field(description="whether the observations are the Bureau's newest")
    logged_at_utc: datetime
    forecast_id: str
    basis: Literal["today", "alone", "yesterday", "neighbours", "climatology"] = Field(
        description="what it rests on: the station's own row of the feature date, the same where no"
        " other station's is known, that of the day before, other stations alone, or nothing but"
        " the climate"
    )
    cost_loss: float | None = Field(None, description="as it was asked with; else left out")
    protect: bool | None = Field(
        None, description="whether the probability reaches `cost_loss`; left out without it"
    )


class Item(BaseModel):
    """One outcome of a batch, in the order of what was asked: observations first, then stations.

    `status` says whether a station's own newest row could be had; where it could not, the forecast
    has a weaker basis and `detail` says why.
    """

    status: Literal["ok", "not_published", "unreachable"]
    forecast: Answer | None = None
    station_name: str
    detail: str | None = None


class Answers(BaseModel):
    """The outcomes of a batch."""

    items: list[Item]


class Weather(BaseModel):
    """A station's newest observations, as a forecast with `use_latest` has them."""

    location: str
    feature_date: date
    issued_at_utc: datetime
    regime: str
    observations: Mapping[str, float | str]
    missing: list[str]


class Part(BaseModel):
    """How far one kind of observation moved a forecast."""

    quantity: str = Field(
        description=(
            "rain, humidity, pressure, cloud, sunshine, wind, temperature, evaporation or place"
        )
    )
    scope: str = Field(
        description=(
            "seen here, before, around, west, south, north or east; or always, for place and season"
        )
    )
    log_odds: float = Field(description="above 0 towards rain")


class Reasons(BaseModel):
    """A forecast taken apart: base, parts and perceptrons add up to its log-odds."""

    location: str
    feature_date: date
    issued_at_utc: datetime
    regime: str
    model_version: str
    base: float = Field(description="the log-odds before anything is observed")
    parts: list[Part] = Field(
        description="what each kind of observation moved, in trees and networks together; the"
        " strongest first"
    )
    perceptrons: float = Field(
        description="what the perceptrons of a former model add; they are not taken apart"
    )


class Health(BaseModel):
    """Whether the service is up, and which model serves."""

    status: Literal["ok", "no model"]
    model_version: str | None
    trained_to: str | None = Field(description="last feature date of the model's training rows")
    problem: str | None = Field(
        description="why the newest model files are not in use; the details need the token"
    )
    raincast: str = Field(description="version of the program")


class Ready(BaseModel):
    """Whether forecasts can be made, and if not, why not."""

    ready: bool
    detail: str | None = Field(description="what is in the way; the service's log has the details")
    model: str | None = Field(description="what is in the way of a model; null where one serves")
    journal: str | None = Field(description="why the journal cannot be written; null where it can")
    archive: str | None = Field(description="why the archive cannot be read; null where it can")


class Refusal(BaseModel):
    """Why a request is not answered."""

    detail: str
    field: str | None = None
    found: Any = None
    expected: str | None = None
    request_id: str | None = Field(
        None, description="under which the service's log has the request; also in `X-Request-ID`"
    )
    errors: list[dict[str, Any]] | None = Field(
        None, description="all that is wrong; `index` says where in a batch"
    )
