"""A small world to learn in: four stations of simulated weather, with a history that ends and live
forecasts after it.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pandas as pd

from raincast.forecasts.row import Forecast
from raincast.loop import history, monitor, train
from raincast.observations.network import in_force
from raincast.observations.stations import entry_text
from raincast.settings import Settings, from_environment
from raincast.simulator import simulate
from raincast.simulator.files import write_history
from raincast.store.archive import Archive
from tests import worlds
from tests.journals import FORECAST
from tests.observed import write_journal
from tests.places import SMALL

PLACES = SMALL.locations
FIRST, HISTORY_END = date(2014, 10, 1), date(2016, 2, 29)
TINY = {
    "n_estimators": 40,
    "learning_rate": 0.2,
    "max_depth": 3,
    "perceptrons": 0,
    "networks": 0,
    "n_jobs": 1,
    "fit_rows": 4000,
}
TRAINED_AT = datetime(2016, 3, 1, 12, tzinfo=UTC)


def weather(first: date, last: date) -> pd.DataFrame:
    """The four stations' observations."""
    return simulate(first, last, seed=5, network=SMALL)


def with_history(settings: Settings) -> None:
    """The prepared history; a command finds the network in force there, too."""
    if in_force() is SMALL:
        settings.root.mkdir(parents=True, exist_ok=True)
        settings.stations.write_text("\n\n".join(map(entry_text, SMALL.stations)))
    write_history(settings.raw_history, weather(FIRST, HISTORY_END))
    history.prepare(settings, TRAINED_AT)


def with_model(settings: Settings, params: dict[str, object] = TINY) -> str:
    """A model that serves, from the history; its version."""
    return str(train.train(settings, params, TRAINED_AT).version)


def with_live(
    settings: Settings,
    last: date,
    first: date = HISTORY_END + timedelta(days=1),
    version: str = FORECAST.model_version,
) -> None:
    """Forecasts of every station on those days, scored; the archive has what came after them."""
    frame = weather(FIRST, last + timedelta(days=2))
    recent = frame[frame["Date"] > pd.Timestamp(HISTORY_END)]
    Archive(settings.archive).append(
        recent, datetime.combine(last, time(12), UTC) + timedelta(days=3), "test"
    )
    days = [day.date() for day in pd.date_range(first, last)]
    rows = [_forecast(place, day) for day in days for place in PLACES]
    write_journal(settings.journal, [row._replace(model_version=version) for row in rows])
    monitor.score(settings)


def root(folder: Path) -> Settings:
    """A folder with a model tuned on 2015 that serves, fitted again to February 2016; settings as
    in an empty environment.
    """
    worlds.copied("learned", _build, folder)
    return replace(from_environment({}), root=folder)


def _build(folder: Path) -> None:
    made = replace(from_environment({}), root=folder)
    with_history(made)
    with_model(made)


def _forecast(location: str, day: date) -> Forecast:
    moment = datetime.combine(day, time(6), UTC)
    return FORECAST._replace(
        logged_at_utc=moment,
        issued_at_utc=moment,
        use_latest=True,
        feature_date=day,
        target_date=day + timedelta(days=1),
        location=location,
        station_name=location,
    )
