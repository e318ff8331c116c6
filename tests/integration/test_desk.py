"""The desk serves all who wait together, and one caller's trouble is his alone."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from raincast.errors import JournalFailed, UnknownStation
from raincast.forecasts.request import Request, of_values
from raincast.forecasts.row import Forecast
from raincast.loop.contexts import Contexts
from raincast.loop.forecast import Desk, forecasts
from raincast.observations.availability import canonical
from raincast.serving.desk import SharedDesk
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.registry import Registry
from tests.places import INDEX, LOCATIONS
from tests.served import NOW, OBSERVATION, TODAY, UNTRAINED

GIVEN = {
    name: value
    for name, value in OBSERVATION.items()
    if name not in ("Date", "Location", "RainToday")
}
GIVEN["WindDir3pm"] = "NNW"


def request(name: str = "Albury", day: date = date(2024, 5, 19)) -> Request:
    return of_values(name, day, GIVEN, NOW)


class CountedDesk(Desk):
    """Remembers how many rows were served together."""

    def forecast(self, requests: Sequence[Request]) -> list[Forecast]:
        self.together = [*getattr(self, "together", []), len(requests)]
        return super().forecast(requests)


@pytest.fixture
def desk(root: Path) -> CountedDesk:
    forecaster = Registry(root / "models").load_active()
    contexts = Contexts(Archive(root / "data/archive.sqlite"))
    return CountedDesk(
        contexts, Journal(root / "outputs/preds_api.csv"), lambda: forecaster, lambda: NOW
    )


async def _ask_all(desk: Desk, asked: list[list[Request]]) -> list[list[Forecast] | BaseException]:
    shared = SharedDesk(desk)
    waiting = [asyncio.ensure_future(shared.forecast(requests)) for requests in asked]
    await asyncio.sleep(0)  # all are in the queue before the desk opens
    shared.start()
    try:
        return await asyncio.gather(*waiting, return_exceptions=True)
    finally:
        await asyncio.to_thread(shared.close)


def test_all_who_wait_are_served_with_one_write_and_each_gets_his_own(
    desk: CountedDesk, root: Path
):
    names = [name for name in LOCATIONS if name != UNTRAINED]
    made = asyncio.run(_ask_all(desk, [[request(name), request(name)] for name in names]))
    assert desk.together == [2 * len(names)]
    assert [[f.location for f in one] for one in made] == [[name, name] for name in names]
    assert len(Journal(root / "outputs/preds_api.csv").read()) == 2 * len(names)


def test_a_request_that_fails_fails_no_other(desk: CountedDesk):
    good, bad, other = asyncio.run(
        _ask_all(desk, [[request()], [request(UNTRAINED)], [request("Cairns")]])
    )
    assert good[0].location == "Albury"
    assert other[0].location == "Cairns"
    assert isinstance(bad, UnknownStation)
    assert "not trained on it" in str(bad)


def test_what_cannot_be_written_is_given_to_nobody(desk: CountedDesk, root: Path):
    (root / "outputs").write_text("a file where the folder should be")
    made = asyncio.run(_ask_all(desk, [[request()], [request("Cairns")]]))
    assert [type(one) for one in made] == [JournalFailed, JournalFailed]


def test_those_who_wait_when_the_desk_closes_are_still_served(desk: CountedDesk):
    async def ask_and_close() -> list[Forecast]:
        shared = SharedDesk(desk)
        waiting = asyncio.ensure_future(shared.forecast([request()]))
        await asyncio.sleep(0)
        shared.start()
        await asyncio.to_thread(shared.close)
        return await waiting

    assert asyncio.run(ask_and_close())[0].location == "Albury"


def test_a_caller_who_has_gone_disturbs_nobody(desk: CountedDesk, root: Path):
    async def ask_and_go() -> list[Forecast]:
        shared = SharedDesk(desk)
        gone, stays = (
            asyncio.ensure_future(shared.forecast([request(name)])) for name in ("Albury", "Cairns")
        )
        await asyncio.sleep(0)
        gone.cancel()
        shared.start()
        try:
            return await stays
        finally:
            await asyncio.to_thread(shared.close)

    assert asyncio.run(ask_and_go())[0].location == "Cairns"


def test_a_replay_decides_its_clock_and_its_ids(root: Path):
    forecaster = Registry(root / "models").load_active()
    contexts = Contexts(Archive(root / "data/archive.sqlite"), known_at=NOW)
    ids = iter(["a" * 32, "b" * 32])
    made = forecasts([request(), request("Cairns")], forecaster, contexts, NOW, lambda: next(ids))
    assert [f.forecast_id for f in made] == ["a" * 32, "b" * 32]
    assert {f.logged_at_utc for f in made} == {NOW}


def test_contexts_begin_anew_only_when_the_archive_has_changed(root: Path):
    archive = Archive(root / "data/archive.sqlite")
    contexts, day = Contexts(archive), TODAY.replace(day=19)
    at = canonical("complete", day)
    before = contexts.of(day, at)
    contexts.refresh()
    assert contexts.of(day, at) is before
    frame = archive.as_known_at(first=day, last=day)
    archive.append(frame.assign(Rainfall=77.0), NOW, "corrected")
    assert contexts.of(day, at) is before
    contexts.refresh()
    assert contexts.has(day, at)
    assert contexts.of(day, at).own[INDEX["Albury"]][2] == 77.0


def test_instants_at_which_the_same_is_known_share_a_context(root: Path):
    contexts, day = Contexts(Archive(root / "data/archive.sqlite")), TODAY.replace(day=19)
    at = canonical("3pm", day)
    assert contexts.of(day, at) is contexts.of(day, at + 60)
    assert contexts.of(day, at) is not contexts.of(day, canonical("complete", day))


def test_what_was_known_at_a_moment_stays_what_it_was(root: Path):
    archive = Archive(root / "data/archive.sqlite")
    day = TODAY.replace(day=19)
    at = canonical("complete", day)
    before = Contexts(archive, known_at=NOW).of(day, at)
    later = NOW.replace(hour=20)
    archive.append(
        archive.as_known_at(first=day, last=day).assign(Rainfall=77.0), later, "corrected"
    )
    assert np.array_equal(
        Contexts(archive, known_at=NOW).of(day, at).own, before.own, equal_nan=True
    )
    assert not np.array_equal(Contexts(archive).of(day, at).own, before.own, equal_nan=True)
