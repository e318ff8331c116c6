"""The way to a tracking server. Training does not need one: runs are kept first (`store.runs`) and
sent when one is there.

MLflow is imported when something is sent, not before: it takes five seconds, and serving never
needs it.
"""

from typing import NamedTuple

import httpx

from raincast.errors import ServerUnavailable
from raincast.settings import Settings
from raincast.store import stores
from raincast.tracking import ledger

PROBE_SECONDS = 3.0


class Sent(NamedTuple):
    """Keys of the runs that went, and the aliases as the server has them now: version by alias."""

    keys: list[str]
    aliases: dict[str, str]


def require_reachable(uri: str) -> None:
    """Asks a server over HTTP for any answer at all; other addresses are files, and always there.

    Raises:
        ServerUnavailable: it gives none within `PROBE_SECONDS`.
    """
    if not uri.startswith(("http://", "https://")):
        return
    try:
        httpx.get(f"{uri.rstrip('/')}/health", timeout=PROBE_SECONDS)
    except httpx.HTTPError as error:
        raise ServerUnavailable(
            f"{uri} does not answer: {error}; start it (`make mlflow`) or set MLFLOW_TRACKING_URI"
        ) from error


def send(settings: Settings, uri: str) -> Sent:
    """Sends what the server has not got, then puts the registry's aliases where the models folder
    has them. Repeatable.

    Raises:
        ServerUnavailable: the server does not answer, or refuses; what went before that is noted
            and not sent again.
    """
    require_reachable(uri)
    from raincast.tracking.server import Server

    with Server(uri, stores.of(settings).registry()) as server:
        keys = []
        for run in ledger.unsent(stores.of(settings).runs(), uri):
            known_as = server.take(run)
            ledger.mark_sent(stores.of(settings).runs(), run.key, uri, known_as)
            keys.append(run.key)
        return Sent(keys, server.align_aliases())
