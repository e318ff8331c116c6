"""One desk for many callers: all who wait are served together, with one model call and one write to
disk.

Nobody waits for a timer: the desk takes whoever is there. While it writes for some, the next ones
gather.
"""

import asyncio
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from raincast.errors import JournalFailed
from raincast.forecasts.request import Request
from raincast.forecasts.row import Forecast
from raincast.loop.forecast import Desk

MOST_TOGETHER = 256
"""With how many rows the desk stops gathering."""


class _Job(NamedTuple):
    requests: Sequence[Request]
    answer: "asyncio.Future[list[Forecast]]"


_Outcome = list[Forecast] | Exception


class SharedDesk:
    """A desk in a thread of its own, from `start` to `close`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="desk", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Serves those who wait, then ends."""
        self._waiting.put(None)
        self._thread.join()

    async def forecast(self, requests: Sequence[Request]) -> list[Forecast]:
        """As `Desk.forecast`; may be called by any number of tasks."""
        answer: asyncio.Future[list[Forecast]] = asyncio.get_running_loop().create_future()
        self._waiting.put(_Job(requests, answer))
        return await answer

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._serve(self._with_others(job))

    def _with_others(self, job: _Job) -> list[_Job]:
        jobs, rows = [job], len(job.requests)
        while rows < MOST_TOGETHER:
            try:
                other = self._waiting.get_nowait()
            except Empty:
                break
            if other is None:
                self._waiting.put(None)
                break
            jobs.append(other)
            rows += len(other.requests)
        return jobs

    def _serve(self, jobs: list[_Job]) -> None:
        try:
            made = iter(self._desk.forecast([request for job in jobs for request in job.requests]))
        except Exception as error:
            if len(jobs) > 1 and not isinstance(error, JournalFailed):
                for job in jobs:  # one caller's request must not fail the others'
                    self._serve([job])
            else:
                _deliver([(job, error) for job in jobs])
        else:
            _deliver([(job, [next(made) for _ in job.requests]) for job in jobs])


def _deliver(outcomes: list[tuple[_Job, _Outcome]]) -> None:
    outcomes[0][0].answer.get_loop().call_soon_threadsafe(_resolve, outcomes)


def _resolve(outcomes: list[tuple[_Job, _Outcome]]) -> None:
    for job, outcome in outcomes:
        if job.answer.done():  # the caller has gone
            continue
        if isinstance(outcome, Exception):
            job.answer.set_exception(outcome)
        else:
            job.answer.set_result(outcome)
