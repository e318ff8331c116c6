"""Rows that the journal's tests share: one of each age, and any."""

import io
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from raincast.forecasts import pieces, publication
from raincast.forecasts.row import Forecast, lines
from raincast.observations.availability import REGIMES
from raincast.observations.schema import OBSERVATIONS
from tests.places import LOCATIONS

FORECAST = Forecast(
    logged_at_utc=datetime(2026, 11, 23, 6, 0, 0, 125, UTC),
    feature_date=date(2026, 11, 23),
    target_date=date(2026, 11, 24),
    location="AliceSprings",
    use_latest=False,
    station_name="Alice Springs",
    rain_probability=0.25,
    predicted_rain=0,
    issued_at_utc=datetime(2026, 11, 23, 6, tzinfo=UTC),
    regime="3pm",
    threshold=0.31,
    model_version="20261101T000000Z-0123abcd",
    missing=("Sunshine", "Cloud9am"),
    forecast_id="0123456789abcdef" * 2,
    exceedance={"0.2": 0.4, "1": 0.25, "5": 0.1, "10": 0.05, "25": 1e-05},
)

WHOLE = lines([FORECAST]).decode().strip()
EIGHT = "2026-02-18T06:00:12+00:00,2026-02-18,2026-02-19,Cairns,True,Cairns,0.125,0"
SEVEN = "2026-02-18 06:00:12.5,2026-02-19,Albury,False,Albury,0.75,1"

moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))

TYPED = "Pert h=+-@'\",;|\r\n\t\x00é°\u2028\ud800"
"""Letters that a caller might type."""


@st.composite
def forecasts(draw: st.DrawFn) -> Forecast:
    day = draw(st.dates(date(2008, 1, 1), date(2030, 1, 1)))
    missing = tuple(draw(st.lists(st.sampled_from(OBSERVATIONS), max_size=4)))
    return Forecast(
        draw(moments),
        day,
        day + timedelta(days=1),
        draw(st.sampled_from(LOCATIONS)),
        draw(st.booleans()),
        draw(st.text(TYPED, max_size=30)),
        draw(st.floats(0, 1)),
        draw(st.integers(0, 1)),
        draw(moments),
        draw(st.sampled_from(REGIMES)),
        draw(st.floats(0, 1)),
        draw(st.sampled_from(["v1", "20261101T000000Z-01"])),
        missing,
        draw(st.uuids()).hex,
        exceedance=draw(st.none() | st.just({"0.2": 0.5, "1": 0.1})),
    )


def examined(data: bytes) -> publication.Examined:
    """What is found in a journal of these bytes."""
    return publication.examine(pieces.of(io.BytesIO(data), len(data)))
