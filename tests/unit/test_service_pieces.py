"""The pieces of the service by themselves: what it says of its health, the model that it holds, the
lanes of slow work, and the breaker.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincast import __version__
from raincast.errors import JournalFailed, NoModel
from raincast.serving import lanes, ready
from raincast.serving.breaker import MOST_FAILURES, REST_SECONDS, Breaker
from raincast.serving.exchange import ModelExchange
from raincast.serving.lanes import Lanes
from raincast.store.model_files import METADATA
from raincast.store.registry import Registry
from tests.registries import NOON, at, keep

PATIENCE_SECONDS = 60


def exchange(models: Path) -> ModelExchange:
    return ModelExchange(Registry(models))


def promoted(models: Path, chance: float, minutes: int) -> str:
    version = keep(models, chance, minutes)
    Registry(models).promote(version, at(minutes), "it is tried")
    return version


def fail() -> None:
    raise JournalFailed("/data/outputs: no room, disk 0123456789abcdef")


def well() -> None:
    pass


def readiness(*failing: str, in_detail: bool = False) -> dict[str, object]:
    checks = {
        name: (fail if name in failing else well, f"the {name} is not well")
        for name in ("model", "journal", "archive")
    }

    async def told() -> dict[str, object]:
        held = Lanes()
        try:
            return await ready.readiness(checks, held, in_detail)
        finally:
            held.close()

    return asyncio.run(told())


def test_ready_is_who_has_all_that_a_forecast_needs() -> None:
    assert readiness() == {
        "ready": True,
        "detail": None,
        "model": None,
        "journal": None,
        "archive": None,
    }


def test_all_that_is_in_the_way_is_told_without_paths_to_strangers() -> None:
    told = readiness("archive", "model")
    assert told["ready"] is False
    assert told["detail"] == "the model is not well; the archive is not well"
    assert (told["model"], told["journal"]) == ("the model is not well", None)
    in_detail = readiness("journal", in_detail=True)
    assert in_detail["detail"] == "/data/outputs: no room, disk 0123456789abcdef"


def test_a_fault_of_ours_in_a_check_is_not_taken_for_a_reason() -> None:
    async def told() -> None:
        held = Lanes()
        try:
            await ready.readiness({"model": (lambda: {}["x"], "no model")}, held, True)
        finally:
            held.close()

    with pytest.raises(KeyError):
        asyncio.run(told())


def test_before_the_first_look_and_without_a_model_it_is_said_why(tmp_path: Path) -> None:
    held = exchange(tmp_path / "models")
    with pytest.raises(NoModel, match="is being loaded; try again"):
        held.serving()
    held.look()
    with pytest.raises(NoModel, match="`raincast train` makes the first model"):
        held.serving()
    health = ready.health(held, in_detail=False)
    assert (health["status"], health["model_version"]) == ("no model", None)
    assert (health["problem"], health["raincast"]) == (ready.NO_MODEL, __version__)
    assert str(tmp_path) in str(ready.health(held, in_detail=True)["problem"])


def test_the_model_is_exchanged_when_another_is_promoted_and_stays_while_none_can_be_had(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = promoted(tmp_path, 0.25, 0)
    held = exchange(tmp_path)
    held.look()
    assert held.serving().version == one
    health = ready.health(held, in_detail=False)
    assert health["status"] == "ok"
    assert (health["trained_to"], health["problem"]) == ("2024-03-01", None)
    two = promoted(tmp_path, 0.5, 1)
    assert held.serving().version == one, "until it looks"
    held.look()
    assert held.serving().version == two
    (tmp_path / METADATA).write_text("{}")
    with caplog.at_level(logging.ERROR):
        held.look()
        held.look()
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(told) == 1, "the same files are looked at once"
    assert held.serving().version == two
    assert ready.health(held, in_detail=True)["problem"] == held.problem
    assert str(tmp_path) in str(held.problem)
    to_strangers = "the newest model files are not in use; the service's log says why"
    assert ready.health(held, in_detail=False)["problem"] == to_strangers
    Registry(tmp_path).promote(one, at(2), "back")
    held.look()
    assert (held.serving().version, held.problem) == (one, None)


class Sure:
    """A pipeline that is more than sure."""

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        return np.tile([-0.5, 1.5], (len(X), 1))


def test_a_model_whose_chances_are_none_does_not_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = promoted(tmp_path, 0.25, 0)
    held = exchange(tmp_path)
    held.look()
    monkeypatch.setattr("tests.registries.climate", lambda _: Sure())
    promoted(tmp_path, 0.5, 1)
    held.look()
    assert held.serving().version == one
    assert "expected chances from 0 to 1, found [1.5 1.5]" in str(held.problem)


def test_fetches_that_hang_keep_neither_contexts_nor_explanations_waiting() -> None:
    held, let_go, begun = Lanes(), threading.Event(), threading.Semaphore(0)

    def hang() -> str:
        begun.release()
        assert let_go.wait(PATIENCE_SECONDS)
        return "at last"

    async def asked() -> list[str]:
        hanging = [asyncio.create_task(held.fetch(hang)) for _ in range(lanes.FETCHES)]
        for _ in hanging:
            assert await asyncio.to_thread(begun.acquire, timeout=PATIENCE_SECONDS)
        others = [await held.contexts(lambda: "context"), await held.explain(lambda: "why")]
        waiting = asyncio.create_task(held.fetch(lambda: "never"))
        await asyncio.sleep(0)
        assert not waiting.done(), "the lane is full"
        closing = asyncio.create_task(asyncio.to_thread(held.close))
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not any(one.done() for one in hanging)
        let_go.set()
        await closing
        return [*others, *[await one for one in hanging]]

    assert asyncio.run(asked()) == ["context", "why", *["at last"] * lanes.FETCHES]


class Clock:
    """Shows what it is put to."""

    def __init__(self) -> None:
        self.seconds = NOON.timestamp()

    def __call__(self) -> float:
        return self.seconds


def failed_often(clock: Callable[[], float]) -> Breaker:
    breaker = Breaker(clock=clock)
    for _ in range(MOST_FAILURES):
        assert breaker.wait_seconds() == 0
        breaker.failed()
    return breaker


def test_after_its_rest_one_is_let_in_and_the_others_wait_until_it_is_known_how_it_went() -> None:
    clock = Clock()
    breaker = failed_often(clock)
    assert breaker.wait_seconds() == REST_SECONDS
    clock.seconds += REST_SECONDS - 1
    assert breaker.wait_seconds() == 1
    clock.seconds += 1
    assert [breaker.wait_seconds(), breaker.wait_seconds()] == [0, REST_SECONDS]
    clock.seconds += 10
    breaker.failed()
    assert breaker.wait_seconds() == REST_SECONDS, "it rests anew from the failure on"
    breaker.succeeded()
    assert breaker.wait_seconds() == 0
    breaker.failed()
    assert breaker.wait_seconds() == 0, "one failure is not several in a row"


@given(st.lists(st.booleans(), max_size=20))
def test_it_is_open_after_failures_in_a_row_and_never_else(outcomes: list[bool]) -> None:
    breaker = Breaker(clock=Clock())
    for well in outcomes:
        breaker.succeeded() if well else breaker.failed()
    last = outcomes[-MOST_FAILURES:]
    assert (breaker.wait_seconds() > 0) == (len(last) == MOST_FAILURES and not any(last))
