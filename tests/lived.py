"""A small world that has lived: simulated weather, a model, ten days of forecasts with their truth,
a study.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import optuna
import pandas as pd

from raincast.errors import NotPublished
from raincast.forecasts.request import Request
from raincast.learning import tuning
from raincast.loop import history, ingest, latest, monitor, train
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import Desk
from raincast.settings import Settings
from raincast.simulator import simulate
from raincast.simulator.files import write_bureau_files, write_history
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.registry import Registry
from tests import worlds
from tests.places import LOCATIONS

FIRST, HISTORY_END, LAST = date(2014, 11, 15), date(2016, 1, 31), date(2016, 2, 10)
TINY = {
    "n_estimators": 40,
    "learning_rate": 0.2,
    "max_depth": 3,
    "perceptrons": 1,
    "networks": 0,
    "epochs": 1,
    "n_jobs": 1,
}
HOURS = (6, 18)


def build(root: Path) -> Settings:
    """Fills a folder."""
    worlds.copied("lived", _build, root)
    return Settings(root=root)


def _build(root: Path) -> None:
    settings = Settings(root=root)
    frame = simulate(FIRST, LAST + timedelta(days=1), seed=11)
    write_history(settings.raw_history, frame[frame["Date"] <= pd.Timestamp(HISTORY_END)])
    trained = datetime.combine(HISTORY_END, time(23), UTC)
    history.prepare(settings, trained)
    train.train(settings, TINY, trained)
    _live(settings, frame)
    monitor.score(settings)
    _study(settings)


def _live(settings: Settings, frame: pd.DataFrame) -> None:
    forecaster, contexts = (
        Registry(settings.models).load_active(),
        Contexts(Archive(settings.archive)),
    )
    for day in (day.date() for day in pd.date_range(HISTORY_END + timedelta(days=1), LAST)):
        _arrive(settings, frame, datetime.combine(day, time(HOURS[0]), UTC))
        contexts.refresh()
        for now in (datetime.combine(day, time(hour), UTC) for hour in HOURS):
            desk = Desk(
                contexts, Journal(settings.journal), lambda: forecaster, lambda now=now: now
            )
            desk.forecast(list(_newest(contexts, now)))
    _arrive(settings, frame, datetime.combine(LAST, time(23), UTC) + timedelta(days=1))


def _study(settings: Settings) -> None:
    """A study in the real database, of a function that costs nothing."""
    path = Path(settings.studies.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        study_name="xgb_recall_small_0123_4567", storage=settings.studies, direction="maximize"
    )
    study.sampler = optuna.samplers.RandomSampler(seed=1)
    study.optimize(
        lambda trial: 0.7 - abs(np.log(tuning.suggest(trial)["learning_rate"] / 0.05)) / 20,
        n_trials=8,
    )


def _arrive(settings: Settings, frame: pd.DataFrame, now: datetime) -> None:
    folder = settings.root / "arrived" / f"{now:%Y%m%dT%H}"
    write_bureau_files(folder, frame[frame["Date"] >= pd.Timestamp(now.date().replace(day=1))], now)
    ingest.ingest_paths(settings, [folder], now)


def _newest(contexts: Contexts, now: datetime) -> Iterator[Request]:
    for location in LOCATIONS:
        try:
            yield latest.newest(contexts, location, now)
        except NotPublished:
            continue
