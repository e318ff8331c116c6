"""The scoring step over real files: journal and archive in, scored journal and live report out."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.decisions.decided import LiveScores
from raincast.forecasts.row import COLUMNS
from raincast.loop import monitor
from raincast.observations import panel
from raincast.settings import Settings
from raincast.store import scored
from raincast.store.archive import Archive
from raincast.verification.records import TRUTH
from tests.dwo_files import written
from tests.observed import archive, day, forecast, write_journal
from tests.places import LOCATIONS
from tests.web_servers import says, serving

PLACES = ("Albury", "Cairns", "Perth")
RAIN = {(place, i): 5.0 * ((i + s) % 3 == 0) for s, place in enumerate(PLACES) for i in range(20)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path)


def everyday(days: range = range(19)):
    return [
        forecast(place, i, (i % 10) / 10, hour=hour)
        for i in days
        for place in PLACES
        for hour in (6, 18)
    ]


def table(settings: Settings) -> pd.DataFrame:
    return pd.read_csv(settings.scored_journal, dtype=str, keep_default_na=False)


def test_the_scored_journal_has_the_journals_columns_and_then_the_truth(settings):
    write_journal(
        settings.journal,
        [forecast("Cairns", 0, 0.75), forecast("Cairns", 1, 0.25), forecast("Cairns", 19, 0.5)],
    )
    archive(settings, RAIN)
    monitor.score(settings)
    found, journal = (
        table(settings),
        pd.read_csv(settings.journal, dtype=str, keep_default_na=False),
    )
    assert tuple(found.columns) == (*COLUMNS, *TRUTH)
    pd.testing.assert_frame_equal(found[list(COLUMNS)], journal)
    assert found[list(TRUTH)].to_numpy().tolist() == [
        ["0", "True", "0"],
        ["5", "True", "1"],
        ["", "False", ""],
    ]


def test_rain_that_is_read_some_years_at_a_time_is_the_whole_archives(settings):
    """Readings around where the first years end, and one long after them."""
    edge = monitor.STATION_DAYS // len(LOCATIONS)
    days = (0, *range(edge - 5, edge + 5), 2 * edge + 9)
    archive(settings, {(place, i): float(i % 7) for place in PLACES for i in days})
    held = Archive(settings.archive)
    whole = panel.from_frame(held.as_known_at(), day(-1), day(days[-1]))
    found = monitor.observed(held)
    assert (found.first, len(found)) == (whole.first, len(whole))
    np.testing.assert_array_equal(found.rainfall(), whole.rainfall())
    np.testing.assert_array_equal(found.truth(), whole.truth())


def test_the_report_has_the_contracts_keys_and_is_what_was_written(settings):
    write_journal(settings.journal, everyday())
    archive(settings, RAIN)
    report = monitor.score(replace(settings, live_window=30)).to_json()
    assert json.loads(settings.live_eval.read_text()) == report
    assert tuple(report)[:6] == tuple(LiveScores.model_fields)[:6]
    assert (
        report["status"],
        report["scored_rows"],
        report["window"],
        report["unreadable_rows"],
    ) == ("ok", 30, 30, 0)
    assert report["overall"]["n"] == 19 * 6


def test_older_and_hand_made_rows_count_like_any_other(settings):
    settings.journal.parent.mkdir(parents=True)
    settings.journal.write_text(
        "logged_at_utc,target_date,location,use_latest,station_name,rain_probability,predicted_rain\n"
        f"{day(1)} 06:00:00,{day(2)},Cairns,True,Cairns,0.9,1\n"
        f"{day(1)}T06:00:00+00:00,{day(1)},{day(2)},Alice Springs,,,0.9,1\n"
        f"spoiled,{day(1)},{day(2)},Perth,,,0.9,1\n"
    )
    archive(settings, {("Cairns", 2): 5.0, ("AliceSprings", 2): 0.0, ("Perth", 2): 0.0})
    report = monitor.score(settings).to_json()
    assert (report["scored_rows"], report["unreadable_rows"]) == (2, 1)
    assert (report["recall_live"], report["precision_live"]) == (1.0, 0.5)
    assert table(settings)["feature_date"].tolist() == [str(day(1))] * 2


def test_scoring_again_changes_not_a_byte(settings):
    write_journal(settings.journal, everyday())
    archive(settings, RAIN)

    def written() -> tuple[bytes, bytes]:
        monitor.score(settings)
        return settings.scored_journal.read_bytes(), settings.live_eval.read_bytes()

    assert written() == written()


def test_a_row_stays_open_until_its_truth_comes_and_follows_corrections(settings):
    write_journal(settings.journal, [forecast("Perth", 3, 0.9)])
    seen = []
    for hour, reading in enumerate(({("Perth", 3): 0.0}, {("Perth", 4): 0.2}, {("Perth", 4): 1.4})):
        archive(settings, reading, known=10 + hour)
        report = monitor.score(settings).to_json()
        seen.append((report["open_rows"], report["scored_rows"], table(settings)["y_true"][0]))
    assert seen == [(1, 0, ""), (0, 1, "0"), (0, 1, "1")]


def test_forecasts_that_rest_on_the_climate_alone_are_told_apart(settings, monkeypatch):
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    made = [forecast("Perth", 3, 0.4, basis="climatology"), forecast("Cairns", 3, 0.4)]
    write_journal(settings.journal, made)
    said = CliRunner().invoke(app, ["score"], catch_exceptions=False).output
    assert "open_rows 1" in said
    assert "resting on the climate alone: forecasts 1, in no score and no open rows" in said


@pytest.mark.parametrize("journal", [None, ""], ids=["no journal", "an empty one"])
def test_nothing_to_score(settings, journal):
    if journal is not None:
        settings.journal.parent.mkdir(parents=True)
        settings.journal.write_text(journal)
    report = monitor.score(settings).to_json()
    assert (report["status"], report["recall_live"], report["scored_rows"]) == (
        "no_ground_truth_available",
        None,
        0,
    )
    assert len(scored.Scored(settings.scored_journal).station_days()) == 0
    assert settings.scored_journal.read_text().strip() == ",".join(scored.COLUMNS)


def test_a_bureau_that_cannot_be_reached_is_reported_and_left_alone(settings):
    """Three months are awaited; nobody listens on that port, and after the newest month it is not
    asked again.
    """
    unreachable = replace(
        settings, bureau_url="http://127.0.0.1:9", fetch_tries=1, fetch_per_second=100.0
    )
    write_journal(settings.journal, [forecast("Cairns", i, 0.5) for i in (0, 40, 70)])
    archive(settings, RAIN)
    now = datetime.combine(day(80), time(6), UTC)
    reports = monitor.fetch_awaited(unreachable, now)
    assert len(reports) == 1
    assert "127.0.0.1:9/climate/dwo/202501/" in reports[0].errors[0]
    assert monitor.score(unreachable).scored_rows == 1


def test_nothing_is_asked_of_the_bureau_when_nothing_is_awaited(settings):
    write_journal(settings.journal, everyday())
    archive(settings, RAIN)
    assert monitor.fetch_awaited(settings, datetime.combine(day(21), time(6), UTC)) == []
    long_after = datetime.combine(day(21), time(6), UTC) + timedelta(days=600)
    write_journal(settings.journal, [forecast("Cairns", 30, 0.5)])
    assert monitor.fetch_awaited(settings, long_after) == []


def test_truth_that_is_awaited_is_fetched_from_the_bureau(settings):
    """Albury's row of 2 May 2024 reads 12.6 mm, after a day with 0."""
    write_journal(settings.journal, [forecast("Albury", (date(2024, 5, 1) - day(0)).days, 0.9)])
    with serving(says(200, written())) as server:
        reports = monitor.fetch_awaited(
            replace(settings, bureau_url=server.url), datetime(2024, 5, 20, tzinfo=UTC)
        )
    assert [asked.path for asked in server.asked] == [
        "/climate/dwo/202405/text/IDCJDW2002.202405.csv"
    ]
    assert [report.errors for report in reports] == [()]
    report = monitor.score(settings).to_json()
    assert (report["scored_rows"], report["recall_live"]) == (1, 1.0)
