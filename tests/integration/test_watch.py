"""The watch over a world that has lived: its report, its figures for Prometheus, and its rule."""

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from raincast.cli.app import app
from raincast.errors import NotEnoughData
from raincast.loop import decide, ingest, known_changes, watch, watch_report
from raincast.observations.network import shipped
from raincast.serving.figures import Figures
from raincast.simulator import simulate
from raincast.simulator.files import write_bureau_files
from raincast.verification.watch.inputs import FIELDS
from tests import lived

pytestmark = pytest.mark.slow

NOW = datetime(2016, 2, 11, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return lived.build(tmp_path_factory.mktemp("watched"))


@pytest.fixture(scope="module")
def report(settings):
    return watch.watch(settings, NOW)


def test_the_report_is_kept_and_read_again(settings, report):
    assert watch_report.read(settings) == report
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


def test_the_command_says_a_line_for_the_state_and_one_for_each_finding(
    settings, tmp_path, monkeypatch
):
    """An archive of the last ten days alone: all stations were silent before."""
    root, now = tmp_path / "root", datetime.now(UTC)
    shutil.copytree(settings.root, root)
    frame = simulate(now.date() - timedelta(days=10), now.date() + timedelta(days=1), seed=11)
    write_bureau_files(root / "new", frame, now)
    ingest.ingest_paths(replace(settings, root=root), [root / "new"], now)
    monkeypatch.setenv("PROJECT_ROOT", str(root))
    done = CliRunner().invoke(app, ["watch"])
    assert done.exit_code == 0, done.output
    state, *lines = done.stdout.splitlines()
    assert re.fullmatch(r"ALARM: level [\d,]+ days of 730, \S+ to \S+", state)
    assert lines[0].startswith("  values not compared, for want of about three years of them: Adel")
    assert lines[0].endswith(" and 41 more")
    found = [line for line in lines[1:] if line.startswith("  ")]
    assert all(re.match(r"  since \d{4}-\d\d-\d\d: .+ \(.+\)$", line) for line in found)
    as_json = json.loads(CliRunner().invoke(app, ["watch", "--json"]).stdout)
    assert len(as_json["findings"]) == len(found)


def test_the_command_names_the_newest_day_where_it_is_too_old(settings, monkeypatch):
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    error = CliRunner().invoke(app, ["watch"]).exception
    assert isinstance(error, NotEnoughData)
    assert "the newest observation is of 2016-02-" in str(error)


@pytest.mark.parametrize(("station", "n"), [([], 2 * 10), (["--station", "Cairns"], 1)])
def test_the_value_of_the_forecasts_in_words(settings, monkeypatch, station, n):
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    done = CliRunner().invoke(app, ["value", "--cost", "2", "--loss", "10", *station])
    assert done.exit_code == 0, done.output
    said = re.fullmatch(
        r"protect from a chance of 20 % on: worth .+ of a perfect forecast, over (\d+) forecasts"
        r" of (\d+) days; the warnings as given out: .+\n",
        done.stdout,
    )
    assert said
    assert int(said[1]) >= n


def test_a_cost_that_is_no_less_than_the_loss_is_refused(settings, monkeypatch):
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    error = CliRunner().invoke(app, ["value", "--cost", "3", "--loss", "3"]).exception
    assert "expected a cost above 0 and below the loss" in str(error)


def test_a_change_is_noted_named_and_taken_back(settings, monkeypatch):
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    words = ["accept-change", "Cairns", "--field", "Cloud9am", "--reason", "no cloud any more"]
    done = CliRunner().invoke(app, words)
    assert done.output == "Cloud9am at Cairns: looked past from the next watch on\n"
    assert "is among the known changes" in str(CliRunner().invoke(app, words).exception)
    network = shipped()
    found = known_changes.mask(known_changes.known(settings), network)
    assert found.sum() == 1
    assert found[network.index["Cairns"], FIELDS.index("Cloud9am")]
    report = watch.watch(settings, NOW)
    assert report.known_changes == ["Cairns, Cloud9am: no cloud any more"]
    assert watch_report.read(settings) == report
    assert CliRunner().invoke(app, [*words, "--back"]).exit_code == 0
    assert known_changes.known(settings) == []
    assert "known_changes" not in watch.watch(settings, NOW).to_json()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Nowhere", "--reason", "r"], "Nowhere"),
        (["network", "--reason", "r"], "--field: found none"),
        (["Cairns", "--field", "Cloud", "--reason", "r"], "--field: found 'Cloud'"),
        (["Cairns", "--reason", " "], "--reason: found none"),
        (["Cairns", "--reason", "r", "--back"], "is not among the known changes"),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(settings, monkeypatch, words, said):
    monkeypatch.setenv("PROJECT_ROOT", str(settings.root))
    assert said in str(CliRunner().invoke(app, ["accept-change", *words]).exception)
    assert not known_changes.known(settings)
