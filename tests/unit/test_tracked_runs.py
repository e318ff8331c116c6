"""Each kind of run as it is told: under which key, with which figures, and from which data; and
what becomes of it where nobody listens.
"""

import json
import logging
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from raincast import tracking
from raincast.decisions.retraining import Outcome, SearchResult
from raincast.decisions.watermark import RetrainingSet
from raincast.errors import BadFile, ServerUnavailable
from raincast.learning.metadata import FittedRows, ModelMetadata
from raincast.learning.studies import Trial
from raincast.settings import Settings
from raincast.store import files
from raincast.store.ledger import Ledger
from raincast.store.registry import Registry
from raincast.tracking import after_run, ledger
from raincast.tracking import run as tracked
from raincast.verification.records import Scores
from tests.registries import at, keep
from tests.web_servers import says, serving

NOBODY = "http://127.0.0.1:9"
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
MODEL = ModelMetadata(
    version="v2",
    created_at_utc="2026-03-03T11:00:00+00:00",
    params={"max_depth": 3},
    target_recall=0.75,
    rows=FittedRows(count=9, first=date(2024, 1, 1), last=date(2024, 3, 1), sha256="abc"),
    curves={"importance": {"Humidity3pm": 0.5}, "course": {"loss": [[0, 0.7]]}},
    threshold=0.3,
    stations=["Albury"],
    purpose="judged",
    run_id="r-7",
    study="a study",
    sha256="0",
)
JUDGED: dict[str, Any] = {
    "model_version": "v2",
    "span": {"first": "2016-01-01", "last": "2016-12-31"},
    "headline_regime": "3pm",
    "accuracy": 0.8,
    "roc_auc": float("nan"),
    "regimes": {
        "3pm": {
            "brier": 0.125,
            "recall": None,
            "opponents": {"climatology": {"brier": 0.25}},
            "reliability": [{"n": 2}],
            "stations": {"Albury": {"brier_skill": 0.5}, "Perth": {"brier_skill": None}},
        }
    },
}


def evaluated(now: datetime = NOW, **changed: Any) -> tracked.Run:
    return tracked.evaluation(JUDGED | changed, MODEL, {"raw_md5": "ef"}, now, 1.5)


def test_a_judgement_is_named_by_model_span_and_moment_whatever_the_clock() -> None:
    key = "evaluation-v2-2016-01-01-2016-12-31-20260303T120000Z"
    assert evaluated().key == key
    in_sydney = NOW.astimezone(timezone(timedelta(hours=11)))
    assert (evaluated(in_sydney).key, evaluated(in_sydney).at_utc) == (key, evaluated().at_utc)
    assert evaluated(NOW + timedelta(seconds=1)).key != key, "another judgement of the same"
    other = {"first": "2016-01-01", "last": "2016-06-30"}
    assert evaluated(span=other).key != key
    assert evaluated().name == "evaluate v2, 2016-01-01 to 2016-12-31"


def test_a_judgement_tells_the_numbers_of_the_whole_of_each_regime_and_of_baselines() -> None:
    told = evaluated()
    assert told.metrics == {
        "accuracy": 0.8,
        "3pm/brier": 0.125,
        "3pm/climatology/brier": 0.25,
    }, "a figure that is not known is left out, and the model's own tuning is another run's"
    assert told.params == {
        "max_depth": 3,
        "target_recall": 0.75,
        "first": "2016-01-01",
        "last": "2016-12-31",
    }
    assert told.tags["headline_regime"] == "3pm"
    assert told.data["rows_sha256"] == "abc"
    assert told.curves == {
        "regimes": {"3pm": {"reliability": [{"n": 2}], "roc": [], "stations": {"Albury": 0.5}}},
        "importance": {"Humidity3pm": 0.5},
    }, "a station without a skill is on no map, and how the fit went is told with the fit"


SCORES: dict[str, Any] = dict.fromkeys(Scores.model_fields) | {
    "n": 40,
    "positives": 10,
    "table": {"hits": 6, "misses": 4, "false_alarms": 2, "correct_negatives": 28},
}
COMPARED: dict[str, Any] = {
    "no_worse": False,
    "champion": SCORES | {"version": "v1", "brier": 0.125, "recall": 0.6},
    "challenger": SCORES | {"version": "v2", "brier": 0.1875},
    "brier_difference": 0.0625,
    "span": {"first": "2024-02-01", "last": "2024-03-01", "days": 30},
}


def test_a_retraining_tells_how_it_ended_and_how_it_compared() -> None:
    made = MODEL.model_copy(
        update={
            "comparison": COMPARED,
            "retraining_set": {"total_rows": 90, "content_sha256": "cd", "holes": [1]},
        }
    )
    done = Outcome(promoted=False, version="v2", reason="it is worse")
    told = tracked.retraining(done, made, {}, 2.0)
    assert (told.key, told.name) == ("retraining-r-7", "retrain v2, refused")
    assert (told.tags["promoted"], told.tags["reason"]) == ("false", "it is worse")
    assert {name: value for name, value in told.metrics.items() if "compared" in name} == {
        "compared/champion/n": 40.0,
        "compared/champion/positives": 10.0,
        "compared/champion/brier": 0.125,
        "compared/champion/recall": 0.6,
        "compared/challenger/n": 40.0,
        "compared/challenger/positives": 10.0,
        "compared/challenger/brier": 0.1875,
        "compared/brier_difference": 0.0625,
    }
    assert told.data["retraining_set_total_rows"] == 90
    assert told.data["retraining_set_content_sha256"] == "cd"
    assert "retraining_set_holes" not in told.data
    better = done.model_copy(update={"promoted": True})
    assert tracked.retraining(better, made, {}, 2.0).name == "retrain v2, promoted"


def test_a_comparison_that_is_none_is_not_told_as_one() -> None:
    done = Outcome(promoted=True, version="v2", reason="the first")
    assert not any("compared" in name for name in tracked.retraining(done, MODEL, {}, 1).metrics)
    spoilt = MODEL.model_copy(update={"comparison": {"no_worse": True}})
    with pytest.raises(BadFile, match="comparison of v2"):
        tracked.retraining(done, spoilt, {}, 1)


def trial(number: int, seconds: float = 2.0, state: str = "COMPLETE") -> Trial:
    begun = NOW + timedelta(minutes=number)
    return Trial(
        name=f"trial-{number}",
        at_utc=begun.isoformat(),
        seconds=seconds,
        state=state,
        params={"max_depth": number},
        metrics={"value": number / 10},
    )


def test_a_search_began_with_its_first_trial_and_took_as_long_as_all() -> None:
    done = SearchResult(study_name="s", best_value=0.75, trials=5, pruned=2, seconds=70.0)
    told = tracked.search(done, [trial(5, 1.5), trial(6, 2.5)], {"tune_seconds": 9}, {"rows": 3})
    assert (told.key, told.name) == ("search-s-7", "search s, 2 trials")
    assert told.at_utc == "2026-03-03T12:05:00+00:00"
    assert told.seconds == 4.0
    assert told.metrics == {"best_value": 0.75, "trials": 5.0, "pruned": 2.0}
    assert [one.name for one in told.children] == ["trial-5", "trial-6"]
    again = tracked.Run.from_json(json.loads(json.dumps(told.to_json())), "runs.jsonl")
    assert again == told, "it is read from the ledger as it was kept"


SET = RetrainingSet(
    cutoff_date=date(2024, 1, 1),
    new_rows=3,
    late_rows=0,
    live_rows=3,
    last_feature_date=date(2024, 1, 3),
    historical_rows=10,
    added_rows=3,
    total_rows=13,
    left_out_rows=0,
    first_date=date(2023, 1, 1),
    last_date=date(2024, 1, 3),
    content_sha256="cd",
)


def test_a_trial_is_told_with_the_first_run_of_its_study_that_has_it(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    done = SearchResult(study_name="s", best_value=0.5, trials=2, pruned=0, seconds=4.0)
    after_run.search(settings, done, [trial(0), trial(1)], SET)
    after_run.search(settings, done, [trial(0), trial(1)], SET)
    more = done.model_copy(update={"trials": 2, "pruned": 1})
    after_run.search(settings, more, [trial(0), trial(1), trial(2)], SET)
    other = done.model_copy(update={"study_name": "another"})
    after_run.search(settings, other, [trial(0), trial(1)], SET)
    kept = ledger.read(Ledger(settings.runs))
    assert [(run.key, [one.name for one in run.children]) for run in kept] == [
        ("search-s-2", ["trial-0", "trial-1"]),
        ("search-s-3", ["trial-2"]),
        ("search-another-2", ["trial-0", "trial-1"]),
    ]
    assert kept[0].data["content_sha256"] == "cd"
    assert kept[0].data["rows"] == 13
    assert kept[0].params["tune_seconds"] == settings.tune_seconds


def test_every_version_that_was_decided_on_has_a_run_of_training(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    first, second, third, _ = (keep(settings.models, n / 10, n) for n in range(1, 5))
    registry = Registry(settings.models)
    registry.promote(first, at(5), "")
    registry.refuse(second, at(6), "")
    registry.put_in_the_shadow(third, at(7), "")
    after_run.training(settings, first, 2.5)
    after_run.keep_missed(settings)
    after_run.keep_missed(settings)
    kept = ledger.read(Ledger(settings.runs))
    assert [run.key for run in kept] == [f"training-{first}", f"training-{second}"]
    assert [run.seconds for run in kept] == [2.5, 0.0], "how long a missed one took nobody knows"


def test_the_version_of_the_data_shows_no_login_and_what_there_is(tmp_path: Path) -> None:
    url = "https://me:secret@example.org/weatherAUS.csv"
    settings = replace(Settings(root=tmp_path), history_url=url)
    assert after_run.data_version(settings) == {
        "raw_name": "weatherAUS.csv",
        "raw_source": "https://example.org/weatherAUS.csv",
    }
    settings.raw_history.parent.mkdir(parents=True)
    settings.raw_history.write_bytes(b"Date,Location\n")
    span = {"first_date": "2024-01-01", "last_date": "2024-01-02"}
    files.write_json(settings.prepared_meta, {"rows": 7, "sha256": "ab"} | span)
    found = after_run.data_version(settings)
    assert found["raw_md5"] == "5bf8c81135c4e04edcf7d84132f50706", "by which DVC knows it"
    assert (found["prepared_rows"], found["prepared_sha256"]) == (7, "ab")
    assert not any("date" in name for name in found)


def test_whose_run_it_is_stays_unsaid_where_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    assert "commit" not in after_run.origin(tmp_path), "git itself does not take it for one"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: (_ for _ in ()).throw(OSError()))
    assert "commit" not in after_run.origin(tmp_path), "and git need not be there"


def test_any_answer_shows_that_a_server_is_there() -> None:
    with serving(says(500)) as server:
        tracking.require_reachable(f"{server.url}/mlflow/")
    assert [asked.path for asked in server.asked] == ["/mlflow/health"]
    with pytest.raises(
        ServerUnavailable, match=r"start it \(`make mlflow`\) or set MLFLOW_TRACKING"
    ):
        tracking.require_reachable(NOBODY)
    for there in ("sqlite:///nowhere/mlflow.db", "/nowhere/mlruns", ""):
        tracking.require_reachable(there)  # a file answers when it is written


def test_a_run_that_cannot_be_sent_is_kept_and_costs_nobody_anything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(root=tmp_path, tracking_uri=NOBODY)
    version = keep(settings.models, 0.1, 1)
    with caplog.at_level(logging.WARNING):
        after_run.training(settings, version, 1.0)
        after_run.training(settings, version, 1.0)
    (kept,) = ledger.unsent(Ledger(settings.runs), NOBODY)
    assert kept.key == f"training-{version}"
    (line,) = [record.getMessage() for record in caplog.records]
    assert str(settings.runs) in line
    assert "`raincast track` sends it" in line


def test_whatever_a_server_does_it_is_said_and_the_run_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a third party's")

    monkeypatch.setattr(tracking, "send", broken)
    with caplog.at_level(logging.WARNING):
        after_run.follow(Settings(root=tmp_path, tracking_uri="sqlite:///x"))
        after_run.follow(Settings(root=tmp_path))
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("not tracked: ZeroDivisionError(")
