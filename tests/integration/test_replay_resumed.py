"""A policy that goes on after a replay was cut short is as it was after the last whole step."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.forecasts.row import Forecast
from raincast.learning import climatology
from raincast.replay.walk import act, policy, setting
from raincast.replay.walk.player import Player
from raincast.settings import Settings
from raincast.store import files, model_files
from raincast.store.archive import Archive
from raincast.store.registry import Registry
from raincast.store.scored import Scored
from tests import registries
from tests.observed import FIRST, day, forecast, observations, write_journal
from tests.places import LOCATIONS

PLACES = ("Cairns", "Perth")
BEGAN = datetime.combine(FIRST, time(0), UTC)
CLIMATE = climatology.to_mapping(np.full((len(LOCATIONS), 12), 0.25))


def rain(first: int, last: int) -> pd.DataFrame:
    """It rains at Cairns, and never at Perth."""
    days = range(first, last)
    return observations({(place, i): 5.0 * (place == "Cairns") for place in PLACES for i in days})


def kept(models: Path, chance: float) -> str:
    """A model that says the same to everybody."""
    version = registries.keep(models, chance, int(100 * chance))
    folder = models / "versions" / version
    about, pipeline = model_files.read(folder)
    model_files.write(folder, about.model_copy(update={"climatology": CLIMATE}), pipeline)
    return version


@pytest.fixture
def mine(tmp_path: Path) -> Settings:
    """A policy's folder, whose model says 0.3; twelve days of weather have come."""
    base, out = Settings(root=tmp_path), tmp_path / "out"
    common = setting.shared(base, out)
    setting.lay_history(common, lambda: rain(-90, 0), FIRST, BEGAN)
    version = kept(tmp_path / "models", 0.3)
    found = setting.own(base, out, policy.parse("every:5"))
    setting.furnish(found, common, setting.Start(tmp_path / "models", version), FIRST)
    Archive(found.archive).append(rain(0, 12), at(11, 23), "test")
    return found


def at(i: int, hour: int) -> datetime:
    return datetime.combine(day(i), time(hour), UTC)


def made(*days: int) -> list[Forecast]:
    """Forecasts of both places at 06:00 and 18:00 of those days."""
    return [
        forecast(place, i, 0.3, hour)._replace(forecast_id=f"{i:x}{hour:x}{n}".rjust(32, "0"))
        for i in days
        for hour in (6, 18)
        for n, place in enumerate(PLACES)
    ]


def player(settings: Settings) -> Player:
    return Player(settings, policy.parse("every:5"), (FIRST, day(20)))


def test_what_was_forecast_after_the_last_whole_step_is_taken_away(mine: Settings) -> None:
    write_journal(mine.journal, made(0, 1, 2))
    whole = mine.journal.read_bytes()
    player(mine).resume(at(1, 6))
    kept = mine.journal.read_bytes()
    assert whole.startswith(kept)
    assert kept.count(b"\n") == 1 + 4 + 2  # the header, the first day, the second morning


def test_where_nothing_came_after_it_the_journal_is_left_as_it_lies(mine: Settings) -> None:
    write_journal(mine.journal, made(0, 1))
    before = mine.journal.stat()
    player(mine).resume(at(1, 18))
    assert mine.journal.stat() == before


def test_the_truth_of_that_moment_is_joined_and_counted(mine: Settings) -> None:
    """The readings to day 11 came on its evening at 23:00, those of day 12 on the next one."""
    Archive(mine.archive).append(rain(12, 13), at(12, 23), "test")
    write_journal(mine.journal, made(0, 10, 11))
    back = player(mine)
    back.resume(at(11, 18))
    assert back.track.new_rows(day(-1)) == 0
    later = player(mine)
    later.resume(at(12, 6))
    assert later.track.new_rows(day(-1)) == 2 * 2
    report = later.report()
    assert (report.scored_rows, report.positives_true) == (8, 4)
    assert later.track.newest_labelled() == day(10)


@pytest.mark.parametrize("earlier", [None, {"last_feature_date": "2024-11-03"}])
def test_an_action_that_was_cut_short_has_consumed_nothing(mine: Settings, earlier) -> None:
    """The watermark goes back to what it was, or away where there was none."""
    write_journal(mine.journal, made(0))
    taken = {"at_utc": at(5, 6).isoformat(), "watermark": earlier}
    files.write_json(mine.root / "before_action.json", taken)
    files.write_json(mine.watermark, {"last_feature_date": "2024-11-05"})
    player(mine).resume(at(4, 18))
    assert files.read_json(mine.watermark) == earlier


def test_an_action_whose_step_is_recorded_stays(mine: Settings) -> None:
    write_journal(mine.journal, made(0))
    taken = {"at_utc": at(5, 6).isoformat(), "watermark": None}
    files.write_json(mine.root / "before_action.json", taken)
    files.write_json(mine.watermark, {"last_feature_date": "2024-11-05"})
    player(mine).resume(at(5, 6))
    assert files.read_json(mine.watermark) == {"last_feature_date": "2024-11-05"}


def test_the_model_that_served_then_serves_again(mine: Settings) -> None:
    write_journal(mine.journal, made(0))
    first = Registry(mine.models).load_active()
    better = kept(mine.models, 0.6)
    Registry(mine.models).promote(better, at(6, 6), "it is better")
    before, after = player(mine), player(mine)
    assert before.lineage == (better,)  # as the folder has it now
    before.resume(at(6, 5))
    after.resume(at(6, 6))
    assert (before.lineage, before.forecaster.version) == ((first.version,), first.version)
    assert (after.lineage, after.forecaster.version) == ((first.version, better), better)


def test_an_action_reads_the_truth_as_it_is_known_by_now(mine: Settings) -> None:
    write_journal(mine.journal, made(0, 11))
    act.write_scored(mine, date(2024, 9, 1))
    told = Scored(mine.scored_journal).read()
    assert told["truth_available"].tolist() == [True] * 4 + [False] * 4
    assert told["y_true"].tolist()[:4] == [1, 0, 1, 0]
    Archive(mine.archive).append(rain(12, 13), at(12, 23) + timedelta(hours=1), "test")
    act.write_scored(mine, date(2024, 9, 1))
    assert Scored(mine.scored_journal).read()["truth_available"].all()
