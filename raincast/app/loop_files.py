"""What the pages show of quality, decisions and models: read, aggregated, and kept until a file
changes.
"""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from raincast.app import matches
from raincast.app.matches import Match
from raincast.app.remembered import of_files, of_records
from raincast.decisions import watermark
from raincast.decisions.decided import Decision
from raincast.decisions.gate import ShadowReport
from raincast.decisions.watermark import Watermark
from raincast.learning.metadata import KeptVersion
from raincast.loop import decide, retrain_set, shadow, verdicts
from raincast.loop import watch_report as report_of_the_watch
from raincast.loop.verdicts import KeptVerdict
from raincast.settings import Settings
from raincast.store import files, model_files, stores
from raincast.store.model_history import ModelDecision
from raincast.verification import trend
from raincast.verification.records import LiveReport, ScoresOverDays, SideBySide, StationRecord
from raincast.verification.watch.records import WatchReport

SEED = 49


def _loop(s: Settings) -> list[Path]:
    history = [s.prepared, s.prepared_meta, s.raw_history]
    return [s.live_eval, s.watch, s.watermark, *history]


@of_records("scored")
def told(settings: Settings) -> pd.DataFrame:
    """The scored journal's rows with truth; none if it is missing."""
    return trend.told(stores.of(settings).scored().read())


@of_records("scored")
def told_of(settings: Settings, location: str) -> pd.DataFrame:
    """Those of one station."""
    rows = told(settings)
    return rows[rows["location"] == location]


@of_records("scored")
def over_time(settings: Settings, regime: str | None, issue_hour: int | None) -> pd.DataFrame:
    """See `trend.over_time`."""
    return trend.over_time(
        trend.told(told(settings), regime, issue_hour), np.random.default_rng(SEED)
    )


@of_records("scored")
def issue_hours(settings: Settings) -> list[int]:
    """See `trend.issue_hours`."""
    return trend.issue_hours(told(settings))


@of_records("scored")
def record(settings: Settings, location: str) -> StationRecord:
    """See `trend.record`, of one station."""
    return trend.record(told_of(settings, location))


@of_records("scored")
def record_over_days(settings: Settings, location: str) -> ScoresOverDays:
    """See `trend.scores`, of one station."""
    return trend.scores(told_of(settings, location), np.random.default_rng(SEED))


@of_files(lambda s: [s.live_eval])
def live_report(settings: Settings) -> LiveReport | None:
    """The live report; None if missing."""
    return decide.live(settings)


@of_files(lambda s: [s.watch])
def watch_report(settings: Settings) -> WatchReport | None:
    """The watch's newest report; None if missing."""
    return report_of_the_watch.read(settings)


@of_files(lambda s: [s.shadow])
def shadow_report(settings: Settings) -> ShadowReport | None:
    """The newest report of a challenger in the shadow; None if missing."""
    return shadow.read(settings)


@of_files(_loop, "scored", "history")
def verdict(settings: Settings, now: datetime) -> Decision:
    """See `decide.decide`; `now` to the hour is enough, so that it is not made again for every
    visitor.
    """
    return decide.decide(settings, now)


@of_files(_loop, "scored", "history")
def new_rows(settings: Settings) -> pd.DataFrame:
    """Station-days with truth by feature date: how many, and whether they are `new` for the next
    retraining.
    """
    rows = watermark.labelled(stores.of(settings).scored().station_days())
    day = watermark.cutoff(retrain_set.history_end(settings), retrain_set.read_watermark(settings))
    counted = rows.groupby("feature_date").size().rename("rows").reset_index()
    return counted.assign(new=counted["feature_date"] > pd.Timestamp(day or date.min))


@of_records("verdicts")
def verdicts_so_far(settings: Settings) -> list[KeptVerdict]:
    """See `verdicts.read`; the newest first."""
    return verdicts.read(settings)[::-1]


class Marks(NamedTuple):
    """How far the history reaches, and the watermark; None if missing."""

    history_end: date | None
    watermark: Watermark | None


@of_files(_loop, "scored", "history")
def marks(settings: Settings) -> Marks:
    """How far history and retraining have come."""
    return Marks(retrain_set.history_end(settings), retrain_set.read_watermark(settings))


def _models(s: Settings) -> list[Path]:
    return [s.models / model_files.METADATA, s.models / "versions"]


@of_files(_models, "history")
def models(settings: Settings) -> list[KeptVersion]:
    """See `Registry.versions`."""
    return stores.of(settings).registry().versions() if settings.models.is_dir() else []


@of_files(_models, "history")
def history(settings: Settings) -> list[ModelDecision]:
    """See `Registry.history`; the newest first."""
    return stores.of(settings).registry().history()[::-1]


@of_files(lambda s: [*_models(s), s.shadow], "history")
def matched(settings: Settings) -> list[Match]:
    """See `matches.of`."""
    registry = stores.of(settings).registry()
    kept = {v.version: registry.metadata(v.version).comparison for v in models(settings)}
    compared = {version: found for version, found in kept.items() if found}
    return matches.of(history(settings), compared, shadow_report(settings))


def _beside(s: Settings) -> list[Path]:
    return [s.root / "outputs/comparison.json"]


@of_files(_beside)
def side_by_side(settings: Settings) -> SideBySide | None:
    """What `raincast compare` wrote there; None if missing."""
    (path,) = _beside(settings)
    found = files.read_json(path)
    return None if found is None else SideBySide.from_json(found, str(path))
