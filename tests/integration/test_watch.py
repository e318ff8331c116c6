"""The watch over a world that has lived: its report, its figures for Prometheus, and its rule."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from raincast.errors import NotEnoughData
from raincast.loop import decide, watch
from raincast.serving.figures import Figures
from tests import lived

NOW = datetime(2016, 2, 11, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return lived.build(tmp_path_factory.mktemp("watched"))


@pytest.fixture(scope="module")
def report(settings):
    return watch.watch(settings, NOW)


def test_the_report_is_kept_and_read_again(settings, report):
    assert watch.read(settings) == report
    assert json.loads(settings.watch.read_text("utf-8"))["alarm"] == report.alarm
    assert (report.first_day, report.last_day) == ("2016-02-01", "2016-02-10")


def test_ten_quiet_days_raise_no_alarm(report):
    assert not report.alarm
    assert 0 < report.level_days < report.run_length_days
    assert report.record


def test_what_is_expected_stands_beside_what_came(report):
    told = report.verified["3pm"]
    low, high = told.recall.interval
    assert low <= told.recall.expected <= high
    assert told.recall.came is not None
    assert told.with_truth == told.n > 0


def test_prometheus_has_its_figures(settings, report):
    text = Figures(settings).text().decode()
    assert "raincast_watch_alarm 0.0" in text
    assert 'raincast_watch_verified_expected_recall{regime="3pm"}' in text
    assert 'raincast_unreadable{part="watch"} 0.0' in text


def test_the_rule_looks_before_it_decides(settings):
    settings.watch.unlink(missing_ok=True)
    made = decide.after_look(replace(settings, decision_rule="watch"), NOW)
    assert made.evidence.watch is not None
    assert made.evidence.rules["watch"] == made.decision == "skip_optuna"
    assert "the watch, to 2016-02-10, is at a level of" in made.reason


def test_a_day_that_has_not_come_is_not_watched(settings):
    with pytest.raises(NotEnoughData, match="no complete day has come since"):
        watch.watch(settings, datetime(2016, 2, 1, 6, tzinfo=UTC) - timedelta(days=1))
