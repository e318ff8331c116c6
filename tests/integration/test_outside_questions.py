"""What callers ask with observations of their own is written down, and moves no decision."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pandas as pd

from raincast.loop import decide, monitor
from raincast.settings import Settings
from raincast.sources import history
from raincast.store.archive import Archive
from tests import served
from tests.served import NOW, TODAY, morning

LATER = NOW + timedelta(days=3)
MANY = 210


def truth_comes(settings: Settings) -> None:
    frame = served.weather()
    Archive(settings.archive).append(frame, history.known_at(frame), "truth")


def test_210_made_up_rows_of_one_wet_day_move_neither_figures_nor_decision(
    api_with_bureau: httpx.Client, settings: Settings, root: Path
):
    batch = {"stations": ["Cairns", "Sydney", "Perth"], "use_latest": True}
    assert api_with_bureau.post("/predict/batch", json=batch).status_code == 200
    truth_comes(settings)
    before = monitor.score(settings).to_json()
    verdict = decide.decide(settings, LATER)
    wet = served.weather().query("Rainfall > 1 and Date > '2024-05-02'").iloc[0]
    day = str((wet["Date"] - pd.Timedelta(days=1)).date())
    rows = [morning(Date=day, Location=wet["Location"], Rainfall=0.0)] * MANY
    answer = api_with_bureau.post("/predict/batch", json={"observations": rows})
    assert answer.status_code == 200
    after = monitor.score(settings).to_json()
    apart = after.pop("callers")
    assert (apart["rows"], apart["positives"]) == (MANY, MANY)
    assert before.pop("callers")["rows"] == 0
    assert after == before
    assert decide.decide(settings, LATER) == verdict


def test_invented_days_send_the_loop_nowhere(api: httpx.Client, settings: Settings):
    rows = [morning(Date="2024-03-01", Location=name) for name in ("Cairns", "Perth")]
    assert api.post("/predict/batch", json={"observations": rows}).status_code == 200
    asked = monitor.fetch_awaited(settings, datetime(2024, 6, 20, tzinfo=UTC))
    assert asked == []


def test_the_same_question_again_in_a_slot_counts_once(
    api_with_bureau: httpx.Client, settings: Settings, start: Callable[[Settings], httpx.Client]
):
    for _ in range(5):
        api_with_bureau.post("/predict?use_latest=true&station_name=Cairns")
    truth_comes(settings)
    report = monitor.score(settings).to_json()
    assert (report["scored_rows"], report["repeated_rows"]) == (1, 4)
    assert str(TODAY) < report["first_target_date"]
