"""Observations and journals in a few words, for the tests of the loop."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pandas as pd

from raincast.forecasts.row import COLUMNS, Forecast, lines
from raincast.loop import monitor
from raincast.observations import frame, schema
from raincast.settings import Settings
from raincast.store.archive import Archive
from tests.journals import FORECAST

FIRST = date(2024, 11, 1)


def day(i: int) -> date:
    """The i-th day of the tests' time."""
    return FIRST + timedelta(days=i)


def observations(rain: Mapping[tuple[str, int], float | None]) -> pd.DataFrame:
    """An observations frame of rainfall readings (mm) by station and day; None is a row without a
    reading.
    """
    places, days = zip(*rain, strict=True)
    rainfall = pd.Series(list(rain.values()), dtype="float64")
    dates = pd.to_datetime([day(i) for i in days])
    return frame.conform(
        pd.DataFrame({"Location": places, "Date": dates, "Rainfall": rainfall, "MinTemp": 11.5})
    )


def archive(
    settings: Settings, rain: Mapping[tuple[str, int], float | None], known: int = 40
) -> None:
    """Puts readings into the archive, known at noon UTC of a day."""
    moment = datetime.combine(day(known), time(12), UTC)
    Archive(settings.archive).append(observations(rain), moment, "test")


def forecast(location: str, i: int, chance: float, hour: int = 6, **other: object) -> Forecast:
    """A forecast on day i's row at that hour UTC; it rains from a chance of 0.5."""
    moment = datetime.combine(day(i), time(hour), UTC)
    made = FORECAST._replace(
        logged_at_utc=moment,
        issued_at_utc=moment,
        use_latest=True,
        feature_date=day(i),
        target_date=day(i + 1),
        location=location,
        station_name=location,
        rain_probability=chance,
        predicted_rain=int(chance >= 0.5),
    )
    return made._replace(**other)


def write_journal(path: Path, forecasts: list[Forecast]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(",".join(COLUMNS).encode() + b"\n" + lines(forecasts))


def write_history(settings: Settings, rain: Mapping[tuple[str, int], float | None]) -> None:
    """A raw historical file of these readings, without labels."""
    frame = observations(rain).assign(RainToday=None, RainTomorrow=None)[list(schema.HISTORICAL)]
    settings.raw_history.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(settings.raw_history, index=False, na_rep="NA")


def ten_rainy_days(root: Path) -> Settings:
    """Ten days at three stations, it rains every day, half of it was forecast; scored."""
    settings, places = Settings(root=root), ("Cairns", "Hobart", "Perth")
    write_history(settings, {(place, i): 0.0 for place in places for i in range(-5, 1)})
    archive(settings, {(place, i): 5.0 for place in places for i in range(-5, 12)})
    made = [forecast(place, i, 0.9 if i % 2 else 0.1) for i in range(1, 11) for place in places]
    write_journal(settings.journal, made)
    monitor.score(settings)
    return settings
