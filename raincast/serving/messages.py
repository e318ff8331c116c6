"""What callers send and get, with units and ranges as the schema has them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from raincast.errors import UnknownStation
from raincast.observations import event
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS
from raincast.observations.schema import Field as Observed
from raincast.observations.stations import find

FIRST_DATE = date(1900, 1, 1)
MOST_ITEMS = 1000
"""How many observations, and how many stations, one batch may have."""

OTHERS = {
    "Date": f"a day, YYYY-MM-DD, from {FIRST_DATE} to today at the station",
    "Location": "a station's name, the data set's or the Bureau's",
    "RainToday": (
        f"Yes or No, in agreement with Rainfall: Yes where it is above {event.THRESHOLD_MM} mm"
    ),
    "observations": f"a list of at most {MOST_ITEMS} observations",
    "stations": f"a list of at most {MOST_ITEMS} stations' names, with use_latest true",
    "station_name": "a station's name, the data set's or the Bureau's",
    "use_latest": "true or false",
}


def expected(field: str) -> str:
    """What a field must hold, in words."""
    if field in DIRECTIONS:
        return "one of " + ", ".join(COMPASS)
    if field in FIELDS:
        return f"a number from {FIELDS[field].low:g} to {FIELDS[field].high:g} {FIELDS[field].unit}"
    return OTHERS.get(field, "one of the fields " + ", ".join((*OTHERS, *OBSERVATIONS)))


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("text", "should be text")
    return value


def _point(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


def _yes_no(value: Any) -> Any:
    return (
        {"yes": True, "no": False}.get(value.strip().casefold(), value)
        if isinstance(value, str)
        else value
    )


def _known(name: str) -> str:
    try:
        find(name)
    except UnknownStation as error:
        raise PydanticCustomError("unknown_station", "{told}", {"told": str(error)}) from error
    return name


StationName = Annotated[
    str, StringConstraints(max_length=100), Field(description=OTHERS["Location"])
]
_Known = Annotated[StationName, BeforeValidator(_text)]
_Day = Annotated[date, BeforeValidator(_text), Field(ge=FIRST_DATE)]


def _observed(field: Observed) -> Any:
    """The type and default of one observation."""
    unit: dict[str, Any] = {"unit": field.unit}
    if field.name in DIRECTIONS:
        point = Annotated[Literal[COMPASS], BeforeValidator(_point)]  # type: ignore[valid-type]
        return point | None, Field(None, description=field.about, json_schema_extra=unit)
    number = Annotated[float, Field(strict=True, ge=field.low, le=field.high, allow_inf_nan=False)]
    return number | None, Field(
        None, description=f"{field.about}, {field.unit}", json_schema_extra=unit
    )


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Checks(_Strict):
    @field_validator("Location", check_fields=False)
    @classmethod
    def _station(cls, name: str | None) -> str | None:
        return name if name is None else _known(name)

    @field_validator("RainToday", check_fields=False)
    @classmethod
    def _agrees(cls, rained: bool | None, info: ValidationInfo) -> bool | None:
        rain = info.data.get("Rainfall")
        if rained is not None and rain is not None and rained != bool(event.occurred(rain)):
            raise PydanticCustomError("disagrees", "disagrees with Rainfall")
        return rained


Observation: Any = create_model(
    "Observation",
    __base__=_Checks,
    __doc__=(
        "One station's row of a day. What is not known is left out or null; calm is speed 0 without"
        " a direction."
    ),
    Date=(_Day | None, Field(None, description=OTHERS["Date"] + "; needed unless use_latest")),
    Location=(
        _Known | None,
        Field(None, description=OTHERS["Location"] + "; needed unless station_name"),
    ),
    **{field.name: _observed(field) for field in FIELDS.values()},
    RainToday=(
        Annotated[bool, BeforeValidator(_yes_no), Field(strict=True)] | None,
        Field(
            None, description=OTHERS["RainToday"] + "; nothing else is made of it, so give Rainfall"
        ),
    ),
)


class Batch(_Strict):
    """Many forecasts in one call: from the caller's observations, from the Bureau's newest, or
    both.
    """

    observations: list[Observation] = Field([], max_length=MOST_ITEMS)
    stations: list[StationName] = Field([], max_length=MOST_ITEMS)
    use_latest: bool = False

    @field_validator("stations")
    @classmethod
    def _stations(cls, names: list[str]) -> list[str]:
        return [_known(name) for name in names]


class Answer(BaseModel):
    """A forecast of rain tomorrow, and what it rests on."""

    rain_tomorrow: Literal[0, 1] = Field(
        description=f"1 where the probability reaches the threshold; {event.STATEMENT}"
    )
    rain_probability: float = Field(ge=0, le=1)
    location: str = Field(description="the data set's name of the station")
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


class Item(BaseModel):
    """One outcome of a batch, in the order of what was asked: observations first, then stations."""

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
    base: float = Field(description="the trees' log-odds before anything is known")
    parts: list[Part] = Field(
        description="SHAP values of the trees, added up by kind; the strongest first"
    )
    perceptrons: float = Field(
        description="what the perceptrons add to the trees; they are not taken apart"
    )


class Health(BaseModel):
    """Whether the service is up, and which model serves."""

    status: Literal["ok", "no model"]
    model_version: str | None
    trained_to: str | None = Field(description="last feature date of the model's training rows")
    problem: str | None = Field(description="why the newest model files are not in use")
    raincast: str = Field(description="version of the program")


class Refusal(BaseModel):
    """Why a request is not answered."""

    detail: str
    field: str | None = None
    found: Any = None
    expected: str | None = None
    errors: list[dict[str, Any]] | None = Field(
        None, description="all that is wrong; `index` says where in a batch"
    )
