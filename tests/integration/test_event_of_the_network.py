"""Another event, from the raw history to the score: all name it, and nothing of another is mixed
in.
"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raincast.errors import BadInput, NoModel
from raincast.loop import decide, evaluate, history, monitor, retrain_set
from raincast.observations.event import DEFAULT, Event
from raincast.observations.network import in_force, put_in_force, shipped
from raincast.settings import Settings, from_environment
from raincast.store import network, scored
from raincast.store.registry import Registry
from tests import learned, worlds
from tests.commands import raincast

pytestmark = pytest.mark.slow  # each test learns a world of its own

ANY, FIVE = Event(0.2, at_least=True), Event(5.0)
LAST = date(2016, 3, 20)


@pytest.fixture(params=[ANY, FIVE], ids=["any", "five"])
def event(request: pytest.FixtureRequest) -> Event:
    found: Event = request.param
    return found


@pytest.fixture
def settings(event: Event, tmp_path: Path) -> Settings:
    """A root of that event with a model, and forecasts that were scored."""
    made = replace(from_environment({}), root=tmp_path / "root")

    def build(folder: Path) -> None:
        there = replace(made, root=folder)
        network.state(there.stations, event)
        network.establish(there.stations)
        learned.with_history(there)
        learned.with_live(there, LAST, version=learned.with_model(there))

    worlds.copied(f"event-{event.threshold_mm}", build, made.root)
    network.establish(made.stations)
    assert in_force().event == event
    return made


def test_all_that_rests_on_the_event_names_it(settings: Settings, event: Event) -> None:
    evaluate.evaluate(settings, learned.TRAINED_AT, with_baselines=True, in_sample=True)
    retrain_set.build(settings)
    model = Registry(settings.models).load_active()
    named = [settings.prepared_meta, settings.live_eval, settings.retrain_meta]
    named += [settings.metrics / "eval.json", *(settings.models / "baselines").glob("*.json")]
    assert len(named) == 5
    assert {json.loads(path.read_text())["event"] for path in named} == {event.statement}
    assert model.metadata.event == event.statement
    assert set(pd.read_csv(settings.scored_journal)["event"]) == {event.statement}
    said = raincast(settings.root, "predict", "Sydney")
    assert event.amount in said.stdout, said.stderr


def test_truth_is_that_of_the_event(settings: Settings, event: Event) -> None:
    rows = pd.read_csv(settings.scored_journal).query("truth_available")
    rain = rows["observed_rainfall_mm"].to_numpy()
    mm = event.threshold_mm
    np.testing.assert_array_equal(rows["y_true"], (rain >= mm) if event.at_least else (rain > mm))
    assert (rows["y_true"] != DEFAULT.occurred(rain)).any()
    prepared, again = history.prepared_panel(settings), history.read(settings.raw_history)
    np.testing.assert_array_equal(prepared.truth(), again.truth())
    retrain_set.build(settings)
    before = history.retraining_panel(settings).truth()[: len(prepared) - 1]
    np.testing.assert_array_equal(before, prepared.truth()[:-1])


def test_what_rests_on_another_event_is_refused(settings: Settings, tmp_path: Path) -> None:
    retrain_set.build(settings)
    settings.stations.unlink()
    put_in_force(shipped())
    with pytest.raises(NoModel, match=r"event: found '.*expected the network's.*raincast train"):
        Registry(settings.models).load_active()
    doors = {
        "raincast prepare": lambda: history.prepared_panel(settings),
        "retrain_dataset_builder": lambda: history.retraining_panel(settings),
        "root of its own": lambda: monitor.score(settings),
        "raincast score": lambda: decide.live(settings),
        "raincast score` scores it anew": lambda: scored.Scored(settings.scored_journal).read(),
    }
    for remedy, door in doors.items():
        with pytest.raises(BadInput, match=remedy):
            door()
    other = tmp_path / "other.csv"
    other.write_bytes(settings.journal.read_bytes())
    settings.journal.unlink()
    for words in (["merge", str(other)], ["predict", "Sydney"]):
        said = raincast(settings.root, *words)
        assert said.returncode != 0
        assert said.stderr.count("\n") == 1
        assert "event" in said.stderr
