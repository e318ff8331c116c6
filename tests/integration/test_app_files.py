"""What the app reads: files by their version, the API and Airflow over HTTP, a child process's
steps, a study, the slides.
"""

import gc
import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import numpy as np
import optuna
import pytest

from raincast.app import airflow, defence, loop_files, outputs, reading, replaying, searching
from raincast.app.airflow import AirflowAway
from raincast.app.client import TOGETHER, Api, ApiAway, ApiRefused
from raincast.app.remembered import of_files
from raincast.app.words import Words
from raincast.learning import tuning
from raincast.learning.metadata import FittedRows, KeptVersion
from raincast.loop import monitor
from raincast.settings import Settings
from raincast.store import stores
from tests.integration.conftest import NOBODY, TOKEN
from tests.observed import archive, day, forecast, write_history, write_journal
from tests.places import LOCATIONS
from tests.served import OBSERVATION, morning
from tests.web_servers import says, serving

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


@pytest.fixture
def lived(tmp_path: Path) -> Settings:
    """Ten days at three stations, it rains every day, half of it was forecast; scored."""
    settings, places = Settings(root=tmp_path), ("Cairns", "Hobart", "Perth")
    write_history(settings, {(place, i): 0.0 for place in places for i in range(-5, 1)})
    archive(settings, {(place, i): 5.0 for place in places for i in range(-5, 12)})
    made = [forecast(place, i, 0.9 if i % 2 else 0.1) for i in range(1, 11) for place in places]
    write_journal(settings.journal, made)
    monitor.score(settings)
    return settings


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


def test_the_api_is_asked_like_by_any_client(shared_api: httpx.Client):
    api = Api(str(shared_api.base_url).rstrip("/"), TOKEN)
    assert api.health()["status"] == "ok"
    assert api.predict(OBSERVATION)["location"] == "Albury"
    assert api.explain(OBSERVATION)["parts"]
    assert (
        api.explain_archived("Albury", date(2024, 5, 19), datetime(2024, 5, 19, 7, tzinfo=UTC))[
            "regime"
        ]
        == "3pm"
    )
    found = list(api.batch([morning(Location=name) for name in LOCATIONS[: TOGETHER + 2]]))
    assert [len(part) for part in found] == [TOGETHER, 2]
    assert all(outcome.forecast for part in found for outcome in part)
    nowhere = next(api.batch_of_newest(["Albury", "Cairns"]))
    assert [(o.station, o.forecast and o.forecast["basis"]) for o in nowhere] == [
        ("Albury", "yesterday"),
        ("Cairns", "yesterday"),
    ]
    assert all(outcome.detail for outcome in nowhere)


def test_the_state_of_the_api_is_asked_once_and_an_absence_is_told_to_whoever_waits_for_it():
    with serving(_json({"status": "ok"})) as server:
        api = Api(server.url, TOKEN)
        api.begin()
        assert api.health() == api.health() == {"status": "ok"}
        assert [request.path for request in server.asked] == ["/health"]
    away = Api(NOBODY, TOKEN)
    away.begin()
    with pytest.raises(ApiAway, match=NOBODY):
        away.health()


def test_a_refusal_and_an_absence_are_told_apart(shared_api: httpx.Client):
    url = str(shared_api.base_url).rstrip("/")
    with pytest.raises(ApiRefused, match="401"):
        Api(url, "another token").predict(OBSERVATION)
    with pytest.raises(ApiRefused, match="Humidity3pm") as refused:
        Api(url, TOKEN).predict(OBSERVATION | {"Humidity3pm": 500})
    assert refused.value.status == 422
    with pytest.raises(ApiRefused):
        next(Api(url, TOKEN).batch([OBSERVATION | {"Location": "Nowhere"}]))
    with pytest.raises(ApiAway, match="does not answer"):
        Api(NOBODY, TOKEN).health()


RUN = {
    "dag_run_id": "manual__1",
    "state": "success",
    "start_date": "2026-03-01T06:00:00Z",
    "end_date": None,
}
TASKS = [
    {"task_id": "join_after_branch", "state": None, "start_date": None},
    {"task_id": "compute_live_metrics", "state": "success", "start_date": "2026-03-01T06:01:00Z"},
]


def _json(value: object, status: int = 200):
    return says(status, json.dumps(value).encode(), Content_Type="application/json")


def test_airflows_runs_are_read_from_its_api():
    answers = (
        _json({"access_token": "t"}),
        _json({"dag_runs": [RUN]}),
        _json({"task_instances": TASKS}),
        says(404),
    )
    with serving(*answers) as server:
        found = airflow.runs(server.url, "somebody", "secret")
    assert [(run.dag, run.run, run.state) for run in found] == [
        ("weather_main_dag", "manual__1", "success")
    ]
    assert found[0].began == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert list(found[0].tasks.items()) == [
        ("compute_live_metrics", "success"),
        ("join_after_branch", "none"),
    ]
    assert server.asked[1].headers["Authorization"] == "Bearer t"
    assert server.asked[1].path.startswith("/api/v2/dags/weather_main_dag/dagRuns?")


@pytest.mark.parametrize(
    "answer", [says(500), says(200, b"<html>"), _json({"unexpected": 1}), _json([])]
)
def test_an_answer_that_is_not_airflows_is_told(answer):
    with serving(answer) as server, pytest.raises(AirflowAway, match=server.url):
        airflow.runs(server.url, None, None)


def test_nobody_at_airflows_address_is_told():
    with pytest.raises(AirflowAway, match=NOBODY):
        airflow.runs(NOBODY, None, None)


HEADER = ",".join(replaying.COLUMNS)
STEP = "2024-05-01T06:00:00+00:00,interval,nothing,49,0,,,0,v1"


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("", 0),
        (HEADER + "\n", 0),
        (f"{HEADER}\n{STEP}\n", 1),
        (f"{HEADER}\n{STEP}\n2024-05-01T18", 1),
        (f"{HEADER}\n{STEP}\na,b\n", 1),
    ],
)
def test_steps_are_read_while_they_are_written(text, n):
    found = replaying.parse(text)
    assert len(found) == n
    assert tuple(found.columns) == replaying.COLUMNS
    if n:
        assert found["issued_at"].iloc[0] == datetime(2024, 5, 1, 6, tzinfo=UTC)
        assert np.isnan(found["recall_live"].iloc[0])
        assert found["forecasts"].iloc[0] == 49


def version(name: str, last: date | None) -> KeptVersion:
    rows = FittedRows(count=9, first=date(2008, 1, 1), last=last, sha256="0") if last else None
    return KeptVersion(
        version=name,
        created_at_utc=None,
        rows=rows,
        figures=None,
        threshold=0.3,
        run_id=None,
        active=False,
    )


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2016, 2, 1), "serving"),
        (date(2016, 1, 31), "judged"),
        (date(2014, 12, 31), None),
        (date(2010, 1, 1), None),
    ],
)
def test_a_replay_begins_with_the_latest_model_that_has_seen_nothing_of_it(start, expected):
    ends = {"judged": date(2014, 12, 31), "serving": date(2016, 1, 31), "of unknown rows": None}
    kept = [version(name, last) for name, last in ends.items()]
    assert replaying.model_before(kept, start) == expected


def begun(root: Path, policy: str = "interval") -> replaying.Replay:
    """A replay that ends soon, for want of its model."""
    span = (date(2024, 5, 1), date(2024, 5, 2))
    return replaying.Replay(Settings(root=root), *span, policy, "no such model")


def test_two_visitors_with_the_same_replay_do_not_share_a_folder(tmp_path):
    first, second = begun(tmp_path), begun(tmp_path)
    assert first.out != second.out
    second.clear()
    assert first.out.exists()
    assert not second.out.exists()
    first.clear()


def test_a_replay_that_is_cancelled_ends_and_has_not_failed(tmp_path):
    replay = begun(tmp_path)
    replay.cancel()
    assert not replay.is_running()
    assert not replay.has_failed()
    assert replay.steps().empty
    replay.clear()


def test_process_and_folder_end_with_whoever_held_the_replay(tmp_path):
    replay = begun(tmp_path, "every:30")
    out, process = replay.out, replay._process
    del replay
    gc.collect()
    assert process.poll() is not None
    assert not out.exists()


@pytest.mark.slow
def test_a_replay_that_fails_says_why(tmp_path):
    """A folder without a model, or a program without the command: either way it fails, and says
    something.
    """
    replay = begun(tmp_path)
    while replay.is_running():
        time.sleep(0.05)
    assert replay.has_failed()
    assert replay.said()
    assert replay.steps().empty


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


_STEPS = {
    "need": True,
    "baseline": True,
    "api": True,
    "live": True,
    "rule": True,
    "search": False,
    "watermark": True,
    "trace": False,
}
"""The eight steps, and whether this world has what each of them shows."""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_deck_has_the_eight_steps_with_figures_where_there_are_files(lived, language):
    found = {slide.name: slide for slide in defence.slides(lived, Words(language), NOW)}
    assert {name: bool(defence.svg(found[name])) for name in _STEPS} == _STEPS
    assert [name for name in found if name in _STEPS] == list(_STEPS)
    assert "optuna_xgb_recall_small.db" in found["search"].message
    around = [slide for name, slide in found.items() if name not in _STEPS]
    assert next(iter(found)) == "opening"
    assert all(defence.svg(slide, defence.NARROW) for slide in around)


def test_the_book_has_a_page_for_each_slide_and_one_for_its_notes(lived):
    found = defence.slides(lived, Words("fr"), NOW)
    for with_notes, pages in ((False, len(found)), (True, 2 * len(found))):
        book = defence.pdf(found, with_notes)
        assert book.startswith(b"%PDF")
        assert book.count(b"/Type /Page\n") + book.count(b"/Type /Page ") == pages


def test_each_slide_with_a_number_says_what_it_counts(lived):
    found = defence.slides(lived, Words("en"), NOW)
    numbers = {slide.name: (slide.number, slide.unit) for slide in found if slide.number}
    assert numbers["offline"] == ("106,296 / 106,296", "forecasts the same to the bit")
    assert numbers["opening"] == ("49", "stations")
    assert all(unit for _, unit in numbers.values())
    assert not {name for name, there in _STEPS.items() if not there} & set(numbers)


def test_a_figures_text_is_text_and_no_script(lived):
    rule = next(s for s in defence.slides(lived, Words("fr"), NOW) if s.name == "rule")
    svg = defence.svg(rule)
    assert "aujourd'hui" in svg or "aujourd&apos;hui" in svg
    assert "<script" not in svg
