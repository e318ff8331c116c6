"""Threads of their own for each kind of slow work, so that none waits for another's.

A Bureau that hangs fills the lane of fetches; forecasts with a caller's own values go on.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

FETCHES, CONTEXTS, EXPLANATIONS = 4, 2, 1
"""Threads of each lane. The Bureau is asked once a second, whatever their number."""


class Lanes:
    """The lanes of one service, from the first use to `close`."""

    def __init__(self) -> None:
        self._fetches = ThreadPoolExecutor(FETCHES, "fetch")
        self._contexts = ThreadPoolExecutor(CONTEXTS, "contexts")
        self._explanations = ThreadPoolExecutor(EXPLANATIONS, "explain")

    async def fetch(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._fetches, work)

    async def contexts(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._contexts, work)

    async def explain(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._explanations, work)

    def close(self) -> None:
        """Lets what is under way end; what waits is given up."""
        for lane in (self._fetches, self._contexts, self._explanations):
            lane.shutdown(cancel_futures=True)
