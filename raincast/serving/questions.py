"""What callers send, with units, ranges, stations and examples as the schema has them."""

import re
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
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from raincast.errors import UnknownStation
from raincast.observations import event
from raincast.observations.network import find, in_force
from raincast.observations.plausibility import ORDERED, contradicted
from raincast.observations.schema import COMPASS, DIRECTIONS, FIELDS, OBSERVATIONS
from raincast.observations.schema import Field as Observed

FIRST_DATE = date(1900, 1, 1)
MOST_ITEMS = 1000
"""How many observations, and how many stations, one batch may have."""


def names() -> list[str]:
    """By which the stations are known; case, blanks and punctuation do not matter."""
    return sorted({name for s in in_force().stations for name in (s.location, s.bureau_name)})


OTHERS = {
    "Date": f"a day, YYYY-MM-DD, from {FIRST_DATE} to today at the station",
    "Location": "a station's name, the data set's or the Bureau's",
    "RainToday": (
        "Yes or No, in agreement with Rainfall: Yes where it is above"
        f" {event.RAIN_TODAY.threshold_mm} mm"
    ),
    "issued_at_utc": f"a moment from {FIRST_DATE} to now, ISO 8601; UTC if it has no zone",
    "observations": f"a list of at most {MOST_ITEMS} observations",
    "stations": f"a list of at most {MOST_ITEMS} stations' names, with use_latest true",
    "station_name": "a station's name, the data set's or the Bureau's",
    "use_latest": "true or false",
    "cost_loss": "a number above 0 and below 1: what protection costs over the loss that it averts",
}
EXAMPLE: dict[str, Any] = {
    "Date": "2024-05-19",
    "Location": "Sydney",
    "MinTemp": 9.5,
    "Rainfall": 2.4,
    "WindDir9am": "NNW",
    "WindSpeed9am": 13,
    "Humidity9am": 88,
    "Humidity3pm": 74,
    "Pressure3pm": 1006.0,
    "Cloud3pm": 7,
    "RainToday": "Yes",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CALM = "CALM"
_CALMED = {
    name: name.replace("Dir", "Speed") for name in DIRECTIONS if not name.startswith("WindGust")
}
"""The directions that a calm leaves without one, and the speeds that it makes 0."""


def expected(field: str) -> str:
    """What a field must hold, in words."""
    if field in DIRECTIONS:
        return "one of " + ", ".join(COMPASS) + (", Calm" if field in _CALMED else "")
    if field in FIELDS:
        return f"a number from {FIELDS[field].low:g} to {FIELDS[field].high:g} {FIELDS[field].unit}"
    return OTHERS.get(field, "one of the fields " + ", ".join((*OTHERS, *OBSERVATIONS)))


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("text", "should be text")
    return value


def _day(value: Any) -> Any:
    """Text as the schema has it: ten digits alone would be taken for seconds since 1970."""
    if not _DAY.fullmatch(_text(value)):
        raise PydanticCustomError("day", "should be a day")
    return value


def _moment(value: Any) -> Any:
    if not _DAY.match(_text(value)):
        raise PydanticCustomError("moment", "should be a moment")
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


def _say_names(schema: dict[str, Any]) -> None:
    schema["enum"] = names()


StationName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    Field(description=OTHERS["Location"], json_schema_extra=_say_names),
]
_Known = Annotated[StationName, BeforeValidator(_text)]
_Day = Annotated[
    date,
    BeforeValidator(_day),
    Field(ge=FIRST_DATE, json_schema_extra={"pattern": r"^(19|20)\d\d-\d\d-\d\d$"}),
]
Moment = Annotated[datetime, BeforeValidator(_moment), Field(description=OTHERS["issued_at_utc"])]


def _is_calm(value: Any) -> bool:
    return isinstance(value, str) and _point(value) == _CALM


def _observed(field: Observed) -> Any:
    """The type and default of one observation."""

    def extra(schema: dict[str, Any]) -> None:
        schema["unit"] = field.unit
        if field.name in (*_CALMED, *_CALMED.values()):
            schema["anyOf"].insert(1, {"const": "Calm"})

    if field.name in DIRECTIONS:
        point = Annotated[Literal[COMPASS], BeforeValidator(_point)]  # type: ignore[valid-type]
        return point | None, Field(None, description=field.about, json_schema_extra=extra)
    number = Annotated[float, Field(strict=True, ge=field.low, le=field.high, allow_inf_nan=False)]
    about = f"{field.about}, {field.unit}"
    return number | None, Field(None, description=about, json_schema_extra=extra)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Checks(_Strict):
    @model_validator(mode="before")
    @classmethod
    def _calm(cls, row: Any) -> Any:
        """Calm, as the Bureau writes it, is speed 0 without a direction."""
        if not isinstance(row, dict):
            return row
        calm: dict[str, Any] = {}
        for direction, speed in _CALMED.items():
            if _is_calm(row.get(direction)):
                calm |= {direction: None, speed: row.get(speed, 0)}
            if _is_calm(calm.get(speed, row.get(speed))):
                calm[speed] = 0
        return row | calm

    @field_validator("Location", check_fields=False)
    @classmethod
    def _station(cls, name: str | None) -> str | None:
        return name if name is None else _known(name)

    @field_validator("RainToday", check_fields=False)
    @classmethod
    def _agrees(cls, rained: bool | None, info: ValidationInfo) -> bool | None:
        rain = info.data.get("Rainfall")
        if (
            rained is not None
            and rain is not None
            and rained != bool(event.RAIN_TODAY.occurred(rain))
        ):
            raise PydanticCustomError("disagrees", "disagrees with Rainfall")
        return rained

    @field_validator(*ORDERED, check_fields=False)
    @classmethod
    def _fits(cls, value: float | None, info: ValidationInfo) -> float | None:
        """Such a pair is set aside where it comes in a file."""
        field = str(info.field_name)
        told = contradicted(info.data | {field: value}, field)
        if told:
            raise PydanticCustomError("contradicted", "{told}", {"told": told})
        return value


def _say_yes_no(schema: dict[str, Any]) -> None:
    schema["anyOf"].insert(0, {"type": "string", "pattern": "^([Yy][Ee][Ss]|[Nn][Oo])$"})


_RAIN_TODAY = OTHERS["RainToday"] + "; nothing else is made of it, so give Rainfall"
_CALM_TOO = "One station's row of a day. What is not known is left out or null; calm is Calm, or 0."


def _model(name: str, doc: str, **keys: Any) -> Any:
    return create_model(
        name,
        __base__=_Checks,
        __doc__=f"{_CALM_TOO} {doc}".strip(),
        **keys,
        **{field.name: _observed(field) for field in FIELDS.values()},
        RainToday=(
            Annotated[bool, BeforeValidator(_yes_no), Field(strict=True)] | None,
            Field(None, description=_RAIN_TODAY, json_schema_extra=_say_yes_no),
        ),
    )


Observation: Any = _model(
    "Observation",
    "",
    Date=(_Day, Field(description=OTHERS["Date"])),
    Location=(_Known, Field()),
)
Predictable: Any = _model(
    "Predictable",
    "With use_latest the station is all that is looked at.",
    Date=(_Day | None, Field(None, description=OTHERS["Date"] + "; needed unless use_latest")),
    Location=(
        _Known | None,
        Field(None, description=OTHERS["Location"] + "; needed unless station_name"),
    ),
)

_OF_BATCH = {
    "anyOf": [
        {
            "required": ["observations"],
            "properties": {"observations": {"minItems": 1}, "stations": {"maxItems": 0}},
        },
        {
            "required": ["stations", "use_latest"],
            "properties": {"stations": {"minItems": 1}, "use_latest": {"const": True}},
        },
    ]
}
"""One of observations or stations; stations only with `use_latest`."""


class Batch(_Strict):
    """Many forecasts in one call: from the caller's observations, from the Bureau's newest, or
    both.
    """

    model_config = ConfigDict(json_schema_extra=_OF_BATCH)  # type: ignore[typeddict-item]

    observations: list[Observation] = Field([], max_length=MOST_ITEMS)
    stations: list[StationName] = Field([], max_length=MOST_ITEMS)
    use_latest: bool = Field(False, strict=True)

    @field_validator("stations")
    @classmethod
    def _stations(cls, names: list[str]) -> list[str]:
        return [_known(name) for name in names]
