"""The retraining set and the watermark over real files, with a crash at every point in between."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from raincast.errors import BadFile, NotEnoughData
from raincast.loop import decide, monitor, retrain_set
from raincast.observations import schema
from raincast.settings import Settings
from tests.observed import FIRST, archive, day, forecast, write_history, write_journal

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
HISTORY = {(place, i): 5.0 * (i % 2) for place in ("Albury", "Perth") for i in range(-30, 1)}
RAIN = {(place, i): 5.0 * (i % 2) for place in ("Albury", "Perth") for i in range(-30, 12)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """History to day 0; two stations forecast twice daily on days -2 to 11, with truth up to day
    10.
    """
    settings = Settings(root=tmp_path)
    write_history(settings, HISTORY)
    archive(settings, RAIN)
    live(settings, range(-2, 12))
    return settings


def live(settings: Settings, days: range, places: tuple[str, ...] = ("Albury", "Perth")) -> None:
    made = [
        forecast(place, i, 0.31415, hour=hour) for i in days for place in places for hour in (6, 18)
    ]
    write_journal(settings.journal, made)
    monitor.score(settings)


def new(settings: Settings) -> tuple[int, int | None]:
    found = decide.news(settings, NOW)
    return found.new_rows, found.late_rows


def test_the_set_is_the_history_and_the_live_station_days_after_it(settings):
    meta = retrain_set.build(settings)
    rows = pd.read_csv(settings.retrain_dataset, parse_dates=["Date"])
    assert tuple(rows.columns) == schema.HISTORICAL
    assert len(rows) == len(HISTORY) + 20 == meta.total_rows
    assert (meta.historical_rows, meta.added_rows, meta.left_out_rows) == (
        len(HISTORY),
        20,
        0,
    )
    assert not rows.duplicated(["Location", "Date"]).any()
    added = rows[rows["Date"] > pd.Timestamp(FIRST)]
    number = (added["Date"] - pd.Timestamp(FIRST)).dt.days
    assert set(zip(added["Location"], number, strict=True)) == {
        (s, i) for s in ("Albury", "Perth") for i in range(1, 11)
    }
    assert (added["Rainfall"] == 5.0 * (number % 2)).all()
    assert ((added["RainToday"] == "Yes") == (number % 2 == 1)).all()
    assert ((added["RainTomorrow"] == "Yes") == (number % 2 == 0)).all()
    assert json.loads(settings.retrain_meta.read_text()) == meta.to_json()
    assert retrain_set.read_meta(settings) == meta


def test_nothing_of_the_forecast_is_in_the_set(settings):
    retrain_set.build(settings)
    assert "31415" not in settings.retrain_dataset.read_text()


def test_the_metadata_name_the_content(settings):
    meta = retrain_set.build(settings)
    assert meta.content_sha256 == hashlib.sha256(settings.retrain_dataset.read_bytes()).hexdigest()
    assert (meta.first_date, meta.last_date) == (day(-30), day(10))
    assert (meta.cutoff_date, meta.last_feature_date, meta.new_rows) == (
        day(0),
        day(10),
        20,
    )


def test_building_again_changes_not_a_byte(settings):
    def written() -> tuple[bytes, bytes]:
        retrain_set.build(settings)
        return settings.retrain_dataset.read_bytes(), settings.retrain_meta.read_bytes()

    assert written() == written()


def test_the_prepared_history_goes_before_the_raw_one(settings):
    frame = pd.read_csv(settings.raw_history, dtype=str, keep_default_na=False)
    settings.prepared.parent.mkdir(parents=True, exist_ok=True)
    frame[frame["Location"] == "Perth"].to_csv(settings.prepared, index=False)
    assert retrain_set.build(settings).historical_rows == len(HISTORY) / 2
    assert retrain_set.history_end(settings) == day(0)
    settings.prepared_meta.write_text(
        json.dumps({"rows": 1, "first_date": "2007-11-01", "last_date": "2030-01-01"})
    )
    assert retrain_set.history_end(settings).isoformat() == "2030-01-01"


def test_truth_that_was_withdrawn_is_left_out_and_counted(settings):
    archive(settings, {("Perth", 5): None}, known=50)
    meta = retrain_set.build(settings)
    rows = pd.read_csv(settings.retrain_dataset)
    assert (meta.added_rows, meta.left_out_rows) == (
        18,
        2,
    )  # no truth for day 4; day 6 may hold two days' rain
    assert not ((rows["Location"] == "Perth") & rows["Date"].isin([str(day(4)), str(day(5))])).any()


def test_without_history_there_is_no_set(settings):
    settings.raw_history.unlink()
    with pytest.raises(NotEnoughData, match="make data"):
        retrain_set.build(settings)
    assert retrain_set.history_end(settings) is None


def test_without_a_journal_the_set_is_the_history(settings):
    settings.scored_journal.unlink()
    meta = retrain_set.build(settings)
    assert (meta.added_rows, meta.new_rows, meta.last_feature_date) == (0, 0, day(0))


def test_without_an_archive_nothing_can_be_rebuilt(settings):
    settings.archive.unlink()
    meta = retrain_set.build(settings)
    assert (meta.added_rows, meta.left_out_rows, meta.new_rows) == (0, 20, 20)


def test_what_is_missing_says_its_remedy(settings):
    with pytest.raises(BadFile, match=r"raincast tune` writes it"):
        retrain_set.read_meta(settings)
    settings.scored_journal.write_text("a,b\n1,2\n")
    with pytest.raises(BadFile, match=r"raincast score` writes it"):
        retrain_set.build(settings)
    settings.watermark.write_text("{}")
    with pytest.raises(BadFile, match="retrain_watermark"):
        retrain_set.read_watermark(settings)
    settings.raw_history.write_text("Day\n1\n")
    with pytest.raises(BadFile, match="'Date'"):
        retrain_set.history_end(settings)


def test_a_retraining_consumes_what_its_set_had_and_not_what_came_since(settings):
    assert new(settings) == (20, 0)
    built = retrain_set.build(settings)
    archive(settings, {(place, 12): 0.0 for place in ("Albury", "Perth")}, known=50)
    monitor.score(settings)
    mark = retrain_set.mark_consumed(settings, built, "run 1", NOW)
    assert json.loads(settings.watermark.read_text()) == mark.to_json()
    assert (mark.last_feature_date, mark.consumed_rows, mark.run_id) == (day(10), 20, "run 1")
    assert new(settings) == (2, 0)


def test_marking_again_writes_nothing(settings):
    built = retrain_set.build(settings)
    retrain_set.mark_consumed(settings, built, "run 1", NOW)
    before = settings.watermark.read_bytes(), settings.watermark.stat().st_mtime_ns
    retrain_set.mark_consumed(settings, built, "run 1, tried again", NOW + timedelta(hours=1))
    assert (settings.watermark.read_bytes(), settings.watermark.stat().st_mtime_ns) == before


def test_a_run_that_dies_before_the_mark_is_repeated_in_full(settings):
    built = retrain_set.build(settings)
    assert new(settings) == (20, 0)
    again = retrain_set.build(settings)
    assert again == built
    retrain_set.mark_consumed(settings, again, "run 2", NOW)
    assert new(settings) == (0, 0)


def test_a_station_that_is_late_is_seen_and_taken_up_by_the_next_set(settings):
    live(settings, range(1, 11), places=("Albury",))
    retrain_set.mark_consumed(settings, retrain_set.build(settings), "run 1", NOW)
    live(settings, range(1, 11))
    assert new(settings) == (0, 10)
    built = retrain_set.build(settings)
    assert (built.added_rows, built.new_rows, built.late_rows) == (20, 0, 10)
    retrain_set.mark_consumed(settings, built, "run 2", NOW)
    assert new(settings) == (0, 0)


def test_a_runs_set_is_built_once_whatever_is_scored_meanwhile(settings: Settings) -> None:
    first = retrain_set.build_for(settings, "a run")
    archive(settings, {("Albury", 12): 5.0})
    live(settings, range(-2, 13))
    assert retrain_set.build_for(settings, "a run") == first
    assert retrain_set.build_for(settings, "another").total_rows > first.total_rows


def test_a_runs_set_that_is_no_longer_there_is_built_again(settings: Settings) -> None:
    first = retrain_set.build_for(settings, "a run")
    settings.retrain_dataset.unlink()
    assert retrain_set.build_for(settings, "a run") == first
    assert settings.retrain_dataset.exists()
