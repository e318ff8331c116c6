"""A small world to replay: four stations of simulated weather, a
tiny model, and policies at work.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from raincast.mirror.shelf import NEVER, Shelf
from raincast.mirror.source import MirroredBureau
from raincast.replay.walk import policy, setting, walk
from raincast.settings import Settings
from raincast.simulator import simulate
from raincast.store import files
from tests.places import SMALL

BEGIN, END = date(2016, 1, 5), date(2016, 1, 24)
WEATHER = date(2014, 10, 1)
POOR = {
    "n_estimators": 1,
    "learning_rate": 0.2,
    "max_depth": 3,
    "perceptrons": 0,
    "networks": 0,
    "n_jobs": 1,
    "fit_rows": 3000,
}
FOUND = {"study_name": "a study", "best_value": 0.5, "best_params": {"n_estimators": 20}}
"""What a search has found before: a retraining is better than the model at the beginning."""


def settings(root: Path, **changed: object) -> Settings:
    asked: dict[str, object] = {
        "min_new_rows_for_retrain": 12,
        "live_window": 40,
        "min_wet_days": 5,
    } | changed
    return Settings(root=root, **asked)  # type: ignore[arg-type]


@cache
def weather() -> pd.DataFrame:
    return simulate(WEATHER, END + timedelta(days=2), seed=5, network=SMALL)


def shelf() -> Shelf:
    frame = weather()
    return Shelf([(frame, np.full(len(frame), NEVER))])


def begun(base: Settings, out: Path) -> setting.Start:
    """The shared history and a poor model of it."""
    common = setting.shared(base, out)
    setting.lay_history(common, weather, BEGIN, datetime(2016, 1, 5, tzinfo=UTC))
    return setting.fitted(common, BEGIN, POOR)


def asked(names: Sequence[str], **changed: object) -> walk.Asked:
    plain = walk.Asked(
        BEGIN, END, (time(6), time(18)), [policy.parse(name) for name in names], False
    )
    return plain._replace(**changed)


def replayed(
    base: Settings,
    out: Path,
    names: Sequence[str],
    progress: Callable[[Sequence[datetime]], Iterable[datetime]] = iter,
    **changed: object,
) -> pd.DataFrame:
    """The steps of a whole replay, from the beginning or from where it was cut short."""
    held, start = shelf(), begun(base, out)
    for name in names:
        mine = setting.own(base, out, policy.parse(name))
        setting.furnish(mine, setting.shared(base, out), start, BEGIN)
        files.write_json(mine.best_params, FOUND)
    path = walk.walk(
        base,
        out,
        asked(names, **changed),
        start,
        lambda clock: MirroredBureau(held, clock),
        progress,
    )
    return pd.read_csv(path, parse_dates=["issued_at"])
