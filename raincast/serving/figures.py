"""`/metrics`: what Prometheus reads.

Requests and forecasts are counted here. All else is read from the root's files when it is asked
for, so that every worker says the same. No figure names a caller, a file or a secret.
"""

import time
from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from raincast.forecasts.row import Forecast
from raincast.serving.root_figures import OfRoot
from raincast.settings import Settings, shares_counters

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 300)
"""A forecast from values takes milliseconds, a batch of all stations minutes."""


class Figures:
    """The counters of one process, and all figures as text."""

    def __init__(self, settings: Settings) -> None:
        self._registry = CollectorRegistry()
        self._of_root = OfRoot(settings)
        self._requests = Counter(
            "raincast_requests",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "raincast_request_seconds",
            "How long requests took.",
            ("route",),
            registry=self._registry,
            buckets=SECONDS,
        )
        self._forecasts = Counter(
            "raincast_forecasts",
            "Forecasts by what was due of the station's own row.",
            ("regime",),
            registry=self._registry,
        )
        self._missing = Counter(
            "raincast_missing_inputs",
            "Observations that were due and absent, of all forecasts.",
            ("regime",),
            registry=self._registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def forecasts(self, made: Sequence[Forecast]) -> None:
        for forecast in made:
            self._forecasts.labels(forecast.regime).inc()
            self._missing.labels(forecast.regime).inc(len(forecast.missing))

    def text(self) -> bytes:
        """All figures; the counters of every worker where they share them."""
        counted = self._registry
        if shares_counters():
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        of_root = CollectorRegistry()
        of_root.register(self._of_root)
        return generate_latest(counted) + generate_latest(of_root)


class Counted:
    """Counts every request under its route's template; what has none is `other`."""

    def __init__(self, app: ASGIApp, figures: Figures, routes: Iterable[str]) -> None:
        self._app, self._figures, self._routes = app, figures, frozenset(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, status = time.perf_counter(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            # No route has a parameter in its path: path and template are the same.
            route = scope["path"] if scope["path"] in self._routes else "other"
            method = scope["method"] if route != "other" else "any"
            self._figures.request(method, route, status, time.perf_counter() - began)
        return None
