"""The API as any client has it: over HTTP, with the token."""

import atexit
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import httpx

from raincast.errors import RaincastError

HEALTH_SECONDS, ANSWER_SECONDS = 1.5, 60.0
TOGETHER = 7
"""Stations in one call of a batch, so that progress can be shown between them."""

NOT_ASKED = (
    f"the Bureau cannot be reached: not asked for after {TOGETHER} stations without an answer"
)

Json = dict[str, Any]


class ApiAway(RaincastError):
    """Nobody answers at the API's address."""


class ApiRefused(RaincastError):
    """The API answered, but not with what was asked for: `status` and `detail` say why."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(f"HTTP {status}: {detail}")


class Outcome(NamedTuple):
    """Of one station in a batch: its forecast, or why there is none.

    Attributes:
        reached: whether the Bureau, where it was asked, could be reached.
    """

    station: str
    forecast: Json | None
    detail: str | None
    reached: bool = True


class Api:
    """The API at an address, for as long as a page is drawn. Every method raises ApiAway or
    ApiRefused where it gets no answer.

    Args:
        url: its address, without a slash at the end.
        token: sent with all but `health`.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._health: Future[Json] | None = None

    def begin(self) -> "Future[Json]":
        """Asks for its state, once, and does not wait: a page is drawn meanwhile."""
        if self._health is None:
            self._health = _asking().submit(self._asked, "GET", "/health", HEALTH_SECONDS)
        return self._health

    def health(self) -> Json:
        """Its state, as of the first time that it was asked for."""
        return self.begin().result()

    def predict(self, observation: Mapping[str, Any]) -> Json:
        return self._asked("POST", "/predict", ANSWER_SECONDS, json=dict(observation))

    def explain(self, observation: Mapping[str, Any]) -> Json:
        """Why the forecast of these observations is what it is."""
        return self._asked("POST", "/explain", ANSWER_SECONDS, json=dict(observation))

    def explain_archived(self, location: str, day: date, issued_at: datetime) -> Json:
        """The same of the archive's row, as known then."""
        asked = {"Location": location, "Date": str(day)}
        return self._asked(
            "POST",
            "/explain",
            ANSWER_SECONDS,
            json=asked,
            params={"issued_at_utc": issued_at.isoformat()},
        )

    def batch(self, observations: Sequence[Mapping[str, Any]]) -> Iterator[list[Outcome]]:
        """The outcomes of every observation, a few stations at a time."""
        yield from (self._batch({"observations": part}) for part in _parts(observations))

    def batch_of_newest(self, stations: Sequence[str]) -> Iterator[list[Outcome]]:
        """The same for stations, from the Bureau's newest observations. Once it could be reached
        for none of a part, the others are not asked for: each part would be waited for as long.
        """
        parts = _parts(stations)
        for part in parts:
            found = self._batch({"stations": part, "use_latest": True})
            yield found
            if not any(outcome.reached for outcome in found):
                break
        yield from ([Outcome(name, None, NOT_ASKED, False) for name in part] for part in parts)

    def _batch(self, asked: Json) -> list[Outcome]:
        answer = self._answer("POST", "/predict/batch", ANSWER_SECONDS, json=asked)
        items = _body(answer).get("items")
        if items is None:
            raise ApiRefused(answer.status_code, _detail(answer))
        return [_outcome(item) for item in items]

    def _asked(self, method: str, path: str, seconds: float, **sent: Any) -> Json:
        answer = self._answer(method, path, seconds, **sent)
        if not answer.is_success:
            raise ApiRefused(answer.status_code, _detail(answer))
        return _body(answer)

    def _answer(self, method: str, path: str, seconds: float, **sent: Any) -> httpx.Response:
        try:
            return _client().request(
                method, self.url + path, headers=self._headers, timeout=seconds, **sent
            )
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ApiAway(f"{self.url} does not answer: {error}") from error


@cache
def _client() -> httpx.Client:
    """Kept for all visitors: to make one reads every certificate that it trusts."""
    client = httpx.Client(trust_env=False)
    atexit.register(client.close)
    return client


@cache
def _asking() -> ThreadPoolExecutor:
    """One thread for each visitor who waits at the same time, up to so many."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


def _parts(values: Sequence[Any]) -> Iterator[list[Any]]:
    yield from (list(values[start : start + TOGETHER]) for start in range(0, len(values), TOGETHER))


def _outcome(item: Json) -> Outcome:
    reached = item["status"] != "unreachable"
    return Outcome(item["station_name"], item["forecast"], item["detail"], reached)


def _body(answer: httpx.Response) -> Json:
    try:
        found = answer.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _detail(answer: httpx.Response) -> str:
    return str(_body(answer).get("detail") or answer.reason_phrase)
