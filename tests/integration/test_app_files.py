"""What the app reads of the loop's files, by their version."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import optuna
import pytest

from raincast.app import loop_files, outputs, reading, searching
from raincast.app.remembered import of_files
from raincast.learning import tuning
from raincast.settings import Settings
from raincast.store import stores
from tests.observed import day, forecast, ten_rainy_days, write_journal

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


@pytest.fixture
def lived(tmp_path: Path) -> Settings:
    return ten_rainy_days(tmp_path)


def test_a_file_is_read_once_for_each_of_its_versions(tmp_path):
    settings, seen = Settings(root=tmp_path), []

    @of_files(lambda s: [s.watermark])
    def read(settings: Settings, word: str) -> int:
        seen.append(word)
        return len(seen)

    assert [read(settings, "a"), read(settings, "a"), read(settings, "b")] == [1, 1, 2]
    settings.watermark.parent.mkdir()
    settings.watermark.write_text("{}")
    assert [read(settings, "a"), read(settings, "a")] == [3, 3]
    settings.watermark.unlink()
    assert read(settings, "a") == 4


def test_the_pages_files_say_what_the_loop_wrote(lived):
    assert reading.newest(lived)["location"].tolist() == ["Cairns", "Hobart", "Perth"]
    assert loop_files.record(lived, "Cairns").table.to_json() == {
        "hits": 5,
        "misses": 5,
        "false_alarms": 0,
        "correct_negatives": 0,
    }
    assert loop_files.verdict(lived, NOW).new_rows_for_retrain == 30
    rows = loop_files.new_rows(lived)
    assert (rows["rows"].sum(), rows["new"].all()) == (30, True)
    assert loop_files.over_time(lived, None, None)["recall"].iloc[-1] == 0.5
    assert loop_files.over_time(lived, "9am", None).empty
    assert loop_files.marks(lived) == (day(0), None)


def test_a_forecast_is_found_by_its_id(lived):
    write_journal(lived.journal, [forecast("Perth", 1, 0.5, forecast_id="f" * 32)])
    assert reading.row_of(lived, "f" * 32)["location"].tolist() == ["Perth"]
    assert reading.row_of(lived, "0" * 32).empty


def test_an_observation_holds_what_is_due_and_there(lived):
    newest = reading.newest_day(lived)
    assert newest == day(11)
    assert reading.observations(lived, newest, "9am")[0] == {
        "Date": str(newest),
        "Location": "Cairns",
        "MinTemp": 11.5,
        "Rainfall": 5.0,
    }


def test_an_archive_that_was_only_read_is_not_read_again(lived):
    before = stores.of(lived).changed("archive")
    found = reading.day(lived, day(1))
    stores.of(lived).archive().as_known_at()
    assert stores.of(lived).changed("archive") == before
    assert reading.day(lived, day(1)) is found


def test_an_empty_folder_has_nothing_and_breaks_nothing(tmp_path):
    settings = Settings(root=tmp_path)
    assert reading.newest(settings).empty
    assert loop_files.told(settings).empty
    assert loop_files.new_rows(settings).empty
    assert (
        loop_files.live_report(settings),
        reading.active(settings),
        reading.newest_day(settings),
    ) == (
        None,
        None,
        None,
    )
    assert (
        loop_files.models(settings),
        loop_files.history(settings),
        searching.last(settings),
    ) == ([], [], None)
    assert loop_files.verdict(settings, NOW).case == "unknown"
    assert not any(tmp_path.iterdir())


def test_the_last_search_is_shown_with_what_mattered(tmp_path):
    settings = Settings(root=tmp_path)
    (tmp_path / "optimisations").mkdir()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        study_name="study_a_b", storage=settings.studies, direction="maximize"
    )
    study.sampler = optuna.samplers.RandomSampler(seed=3)
    study.optimize(
        lambda trial: -abs(np.log(tuning.suggest(trial)["learning_rate"] / 0.05)), n_trials=12
    )
    found = searching.last(settings)
    assert (found.name, len(found.trials), found.value) == ("study_a_b", 12, study.best_value)
    assert found.trials["best"].is_monotonic_increasing
    assert next(iter(found.importance)) == "learning_rate"
    assert sum(found.importance.values()) == pytest.approx(1)


def test_every_output_of_the_dags_is_looked_for_under_the_root(lived):
    there = {output.key: outputs.found(lived, output) for output in outputs.OUTPUTS}
    assert {key for key, found in there.items() if found} == {"journal", "scored", "live"}
    assert there["journal"].size == lived.journal.stat().st_size
