"""What a caller's row becomes: a request by the station's own clock, or a refusal of its field."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier

from raincast.errors import NoModel
from raincast.learning.blend import Forecaster
from raincast.learning.metadata import ModelMetadata
from raincast.observations.schema import OBSERVATIONS
from raincast.serving import asked
from raincast.serving.replies import Refused
from tests.places import INDEX

# 14:30 UTC: half past midnight of the 20th in Sydney, half past ten on the 19th in Perth.
NOW = datetime(2024, 5, 19, 14, 30, tzinfo=UTC)
TODAY = date(2024, 5, 20)


def model(*stations: str, network: bool = False) -> Forecaster:
    said: dict[str, Any] = {"version": "v1", "sha256": "0", "threshold": 0.5}
    said |= {"network": [("Albury", -36.07, 146.95)]} if network else {}
    metadata = ModelMetadata(**said, stations=list(stations))
    return Forecaster(DummyClassifier(), 0.5, "v1", metadata)


def known() -> Forecaster:
    return model("Sydney", "Perth", "NorfolkIsland")


def nobody() -> Forecaster:
    raise NoModel("none serves")


def row(**given: Any) -> dict[str, Any]:
    return dict.fromkeys(("Date", "Location", *OBSERVATIONS)) | given


def refused(row: dict[str, Any], issued_at: datetime | None = None) -> list[dict[str, Any]]:
    with pytest.raises(Refused) as caught:
        asked.of_row(row, known, NOW, issued_at)
    return caught.value.faults


def test_a_day_has_begun_where_the_stations_clock_says_so() -> None:
    assert asked.of_row(row(Location="Sydney", Date=TODAY), known, NOW).feature_date == TODAY
    (told,) = refused(row(Location="Perth", Date=TODAY))
    assert (told["field"], told["found"]) == ("Date", "2024-05-20")
    asked.of_row(row(Location="Perth", Date=TODAY - timedelta(days=1)), known, NOW)


def test_all_that_is_not_there_is_told_at_once() -> None:
    assert [told["field"] for told in refused(row())] == ["Date", "Location"]
    assert [told["field"] for told in refused(row(Date=TODAY))] == ["Location"]


def test_values_make_a_request_that_is_issued_when_they_are_known() -> None:
    """At 3 pm in Sydney it is 5 am UTC; 07:00 UTC stands for 3 pm everywhere."""
    day = TODAY - timedelta(days=1)
    found = asked.of_row(row(Location="Sydney", Date=day, Rainfall=2.5, Humidity3pm=40), known, NOW)
    assert (found.station, found.regime, found.station_name) == (INDEX["Sydney"], "3pm", "Sydney")
    assert found.issued_at == datetime(2024, 5, 19, 7, tzinfo=UTC).timestamp()
    assert found.own is not None
    assert found.own[OBSERVATIONS.index("Rainfall")] == 2.5
    assert np.isnan(found.own).sum() == len(OBSERVATIONS) - 2
    early = asked.of_row(row(Location="Sydney", Date=TODAY, Humidity3pm=40), known, NOW)
    assert early.issued_at == NOW.timestamp(), "nothing is issued in the future"


@pytest.mark.parametrize(
    "given",
    [
        datetime(2024, 5, 19, 6),
        datetime(2024, 5, 19, 6, tzinfo=UTC),
        datetime(2024, 5, 19, 16, tzinfo=timezone(timedelta(hours=10))),
    ],
)
def test_a_moment_makes_a_request_for_the_archives_row_and_is_utc_without_a_zone(
    given: datetime,
) -> None:
    found = asked.of_row(
        row(Location="Sydney", Date=date(2024, 5, 19), Rainfall=2.5), known, NOW, given
    )
    assert found.issued_at == datetime(2024, 5, 19, 6, tzinfo=UTC).timestamp()
    assert (found.regime, found.own) == ("3pm", None), "the body's values are not looked at"


@pytest.mark.parametrize(
    "given",
    [
        NOW + timedelta(seconds=1),
        datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime.min,
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_a_moment_of_no_time_is_refused_by_its_field(given: datetime) -> None:
    (told,) = refused(row(Location="Sydney", Date=date(2024, 5, 19)), given)
    assert told["field"] == "issued_at_utc"
    assert told["found"] == given.isoformat()


@pytest.mark.parametrize(("place", "nine"), [("Sydney", 23), ("NorfolkIsland", 22)])
def test_before_nine_by_the_stations_clock_there_is_no_row_to_explain(
    place: str, nine: int
) -> None:
    """In May Sydney is 10 hours ahead of UTC and Norfolk Island 11."""
    there = row(Location=place, Date=date(2024, 5, 19))
    begins = datetime(2024, 5, 18, nine, tzinfo=UTC)
    (told,) = refused(there, begins - timedelta(seconds=1))
    assert told["detail"] == f"issued_at_utc: is before 9 am of 2024-05-19 at {place}"
    assert asked.of_row(there, known, NOW, begins).regime == "9am"


def test_a_station_is_refused_by_the_field_in_which_it_stands() -> None:
    with pytest.raises(Refused) as caught:
        asked.trained("Pert", "station_name", known)
    (told,) = caught.value.faults
    assert (told["field"], told["found"]) == ("station_name", "Pert")
    assert "did you mean Perth" in told["detail"]


def test_a_former_model_is_not_asked_of_a_station_that_it_has_not_seen() -> None:
    with pytest.raises(Refused, match="model v1 was not trained on it; expected one of its 1"):
        asked.trained("Perth", "Location", lambda: model("Sydney"))
    found = asked.trained("Perth", "Location", lambda: model("Sydney", network=True))
    assert found.location == "Perth", "one that knows its network forecasts others by their place"


def test_without_a_model_that_is_said_and_not_the_station() -> None:
    with pytest.raises(NoModel, match="none serves"):
        asked.trained("Sydney", "Location", nobody)
    with pytest.raises(Refused, match="did you mean"):
        asked.trained("Sydne", "Location", nobody)
