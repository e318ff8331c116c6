"""A journal is about one event: that of the models that its rows name."""

from pathlib import Path

import pytest

from raincast.errors import BadInput
from raincast.loop import journal_events
from raincast.observations.event import DEFAULT, Event
from raincast.observations.network import Network, put_in_force, shipped
from raincast.settings import Settings
from raincast.store import model_files
from tests import registries

FIVE = Event(threshold_mm=5.0)


def kept(settings: Settings, event: Event | None, minutes: int = 0) -> str:
    """A model of that event, or of before events were named."""
    version = registries.keep(settings.models, 0.3, minutes)
    folder = settings.models / "versions" / version
    about, pipeline = model_files.read(folder)
    statement = event and event.statement
    model_files.write(folder, about.model_copy(update={"event": statement}), pipeline)
    return version


def test_rows_that_name_no_model_or_one_of_elsewhere_are_of_the_default_event(tmp_path) -> None:
    settings = Settings(root=tmp_path)
    versions = [kept(settings, None), kept(settings, DEFAULT, 1), "20200101T000000Z-elsewhere"]
    journal_events.require_one(settings, [*versions, None, "", float("nan")], "a journal")
    journal_events.require_one(settings, [], "a journal")


def test_one_row_of_another_event_is_enough_to_refuse_the_journal(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path)
    ours, other = kept(settings, DEFAULT), kept(settings, FIVE, 1)
    with pytest.raises(BadInput) as refused:
        journal_events.require_one(settings, [ours] * 9 + [other], "preds_api.csv")
    assert str(refused.value) == (
        f"preds_api.csv, rows of model {other}: found the event '{FIVE.statement}', expected"
        f" '{DEFAULT.statement}'; keep the journal of each event in a root of its own"
    )


def test_in_a_network_of_another_event_old_rows_are_refused_and_its_own_are_not(tmp_path) -> None:
    settings = Settings(root=tmp_path)
    version = kept(settings, FIVE)
    put_in_force(Network(shipped().stations, event=FIVE))
    journal_events.require_one(settings, [version, version], "preds_api.csv")
    with pytest.raises(BadInput, match=r"preds_api.csv, rows that name no model: found the event"):
        journal_events.require_one(settings, [version, None], "preds_api.csv")
