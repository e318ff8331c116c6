"""Whether the service lives, and whether it can make forecasts now."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from raincast import __version__
from raincast.errors import NoModel, RaincastError
from raincast.serving.exchange import ModelExchange
from raincast.serving.lanes import Lanes

NO_MODEL = "no model serves: `raincast train` makes the first one; the service's log says more"
_PROBLEM = "the newest model files are not in use; the service's log says why"

Checks = Mapping[str, tuple[Callable[[], object], str]]
"""By what is checked: what raises where it fails, and the reason in short."""


def health(exchange: ModelExchange, in_detail: bool) -> dict[str, Any]:
    """As `messages.Health` has it; without details it names neither files nor hashes."""
    problem = exchange.problem
    about = {
        "model_version": None,
        "trained_to": None,
        "problem": problem if in_detail or problem is None else _PROBLEM,
        "raincast": __version__,
    }
    try:
        model = exchange.serving()
    except NoModel as error:
        problem = str(error) if in_detail else NO_MODEL
        return about | {"status": "no model", "problem": problem}
    trained_to = str(model.metadata.rows.last) if model.metadata.rows else None
    return about | {"status": "ok", "model_version": model.version, "trained_to": trained_to}


async def readiness(checks: Checks, lanes: Lanes, in_detail: bool) -> dict[str, Any]:
    """As `messages.Ready` has it; without details it names neither files nor hashes."""
    found = {
        name: await lanes.contexts(partial(_problem, check, None if in_detail else short))
        for name, (check, short) in checks.items()
    }
    reasons = [reason for reason in found.values() if reason]
    return {"ready": not reasons, "detail": "; ".join(reasons) or None} | found


def _problem(check: Callable[[], object], short: str | None) -> str | None:
    """Why a check fails, in short where that is given; None where it does not."""
    try:
        check()
    except (RaincastError, OSError) as error:
        return short or str(error)
    return None
