"""`raincast doctor` names what will fail, and what to do about it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from raincast.loop import monitor
from raincast.loop.doctor import Finding, examine
from raincast.settings import Settings
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from tests.observed import archive, day, forecast, write_journal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def found(settings: Settings, check: str, now: datetime = NOW) -> Finding:
    return next(f for f in examine(settings, now) if f.check == check and f.level != "good")


def test_a_new_root_is_said_to_be_new_and_is_left_empty(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    findings = examine(settings, NOW)
    assert "is new" in found(settings, "root").found
    assert {f.level for f in findings} <= {"good", "note"}
    assert all(f.remedy for f in findings if f.level != "good")
    assert list(tmp_path.iterdir()) == []


def test_a_root_that_is_no_folder_is_bad(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("file", "missing"):
        assert found(Settings(root=tmp_path / name), "root").level == "bad"


def test_an_archive_of_tomorrow_means_a_wrong_clock(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    archive(settings, {("Cairns", 5): 0.2})
    early = datetime.combine(day(1), datetime.min.time(), UTC)
    assert "after now" in found(settings, "clock", early).found


def test_what_was_torn_and_set_aside_is_told(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    write_journal(settings.journal, [forecast("Cairns", 1, 0.7)])
    with settings.journal.open("a") as file:
        file.write("2024-11-02T06:00:00.0\n")
    Journal(settings.journal).append([forecast("Cairns", 2, 0.7)])
    torn = found(settings, "journal", NOW + timedelta(days=4000))
    assert torn.level == "note"
    assert "preds_api.torn.csv holds what was torn" in torn.found


def test_a_journal_that_was_spoilt_is_bad(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    write_journal(settings.journal, [forecast("Cairns", 1, 0.7)])
    whole = examine(settings, NOW + timedelta(days=4000))
    assert not [f for f in whole if f.check == "journal" and f.level == "bad"]
    with settings.journal.open("a") as file:
        file.write("nonsense,,,,,,,,,,,,,\n")
    assert "cannot be read" in found(settings, "journal", NOW + timedelta(days=4000)).found


def test_an_absolute_link_that_leads_nowhere_is_bad(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/bom").symlink_to("/nowhere/at/all")
    assert found(Settings(root=tmp_path), "links").level == "bad"


def test_a_live_report_that_is_none_is_bad(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    settings.live_eval.parent.mkdir()
    settings.live_eval.write_text('{"status": "fine"}')
    finding = found(settings, "live scores")
    assert finding.level == "bad"
    assert "status" in finding.found


def test_an_archive_of_old_days_alone_says_which_is_the_newest(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    archive(settings, {("Cairns", 5): 0.2, ("Perth", 4): 0.0})
    assert f"the newest is of {day(5)}" in found(settings, "archive").found


def test_an_archive_without_a_day_says_so(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    Archive(settings.archive)
    assert "60 days, nor any other" in found(settings, "archive").found


def test_scores_of_no_forecast_are_not_called_good(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    write_journal(settings.journal, [forecast("Cairns", 5, 0.4)])
    monitor.score(settings)
    assert found(settings, "live scores").level == "note"


def test_an_archive_that_cannot_be_reached_is_called_archive(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path, database="postgresql://me@127.0.0.1:9/x")
    assert found(settings, "archive").level == "bad"
