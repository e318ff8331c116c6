"""Secrets, which are asked for when used, and what shells beside the package read."""

import os
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from urllib.parse import parse_qsl, unquote, urlsplit

from raincast.errors import MissingSetting
from raincast.settings.environment import variables
from raincast.settings.variable import Variable, address

ELSEWHERE = (
    Variable("API_KEY", "the API's bearer token; without it nothing is served", secret=True),
    Variable(
        "PROMETHEUS_MULTIPROC_DIR",
        "an empty folder where several workers of one API share their counters",
    ),
    Variable(
        "ALERT_URLS",
        "who is told of troubles: Apprise addresses such as `mailtos://…` or `json://…`, separated"
        " by blanks",
        secret=True,
    ),
    Variable("DAGSHUB_USERNAME", "login at DagsHub, for MLflow and DVC"),
    Variable("DAGSHUB_TOKEN", "token at DagsHub, for MLflow and DVC", secret=True),
    Variable(
        "DAGSHUB_REPOSITORY",
        "the repository there, for `scripts/dvc_remote.sh`",
        "USERNAME/raincast",
    ),
    Variable("AIRFLOW_USERNAME", "login at Airflow, if it asks for one"),
    Variable("AIRFLOW_PASSWORD", "password at Airflow, if it asks for one", secret=True),
    Variable(
        "OPTUNA_WORKERS",
        "tasks that search side by side; more than one needs `OPTUNA_STORAGE` on PostgreSQL",
        "1",
    ),
    Variable(
        "RAINCAST_PYTHON",
        "the Python with which Airflow's tasks run the product",
        "`.venv/bin/python`",
    ),
    Variable(
        "RAINCAST_RUN_ID",
        "the id of a run, for every line that its commands log; Airflow's tasks set it",
        "one for each process",
    ),
    Variable("PUBLISH", "`true`: the main DAG publishes the journal too"),
)
"""Secrets, which are asked for when used, and what shells beside the package read."""


def secret(name: str, environment: Mapping[str, str] | None = None) -> str:
    """A secret, asked for when it is used.

    Raises:
        MissingSetting: it is not in the environment.
    """
    value = (os.environ if environment is None else environment).get(name, "")
    if not value:
        raise MissingSetting(f"{name} is not set: put it in the environment; it has no default")
    return value


def secrets(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What must be shown nowhere, as far as it is set: each secret, and the passwords in all
    addresses.
    """
    environment = os.environ if environment is None else environment
    hidden = tuple(environment.get(v.name, "") for v in ELSEWHERE if v.secret)
    said = (environment.get(v.name, "") for v in variables().values() if v.read in (str, address))
    return _hidden(hidden, tuple(said))


@lru_cache(maxsize=4)
def _hidden(hidden: tuple[str, ...], addresses: tuple[str, ...]) -> tuple[str, ...]:
    """See `secrets`; every line of a log asks, and the environment seldom changes."""
    words = " ".join((*hidden, *addresses)).split()
    return tuple(sorted({*filter(None, hidden), *chain.from_iterable(map(_passwords, words))}))


def _passwords(address: str) -> list[str]:
    """Of the login, as it stands there and as it is meant, and of the query: PostgreSQL takes it
    there too.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    asked = [value for name, value in parse_qsl(parts.query) if name.endswith("password")]
    password = parts.password or ""
    return [*filter(None, (password, unquote(password), *asked))]


def run_id(environment: Mapping[str, str] | None = None) -> str:
    """The id that this process was given for its lines in the log; empty if none."""
    return (os.environ if environment is None else environment).get("RAINCAST_RUN_ID", "")


def alert_urls(environment: Mapping[str, str] | None = None) -> list[str]:
    """The addresses in ALERT_URLS, which are secrets; none where it is not set."""
    return (os.environ if environment is None else environment).get("ALERT_URLS", "").split()


def shares_counters(environment: Mapping[str, str] | None = None) -> bool:
    """Whether several workers share their counters; the Prometheus client reads where by itself."""
    environment = os.environ if environment is None else environment
    return bool(environment.get("PROMETHEUS_MULTIPROC_DIR"))


def tracking_login(
    uri: str, environment: Mapping[str, str] | None = None
) -> tuple[str, str] | None:
    """DAGSHUB_USERNAME and DAGSHUB_TOKEN where the address is DagsHub's over https; nobody else is
    shown them.

    Raises:
        MissingSetting: the address is DagsHub's, and one of them is not set.
    """
    address = urlsplit(uri)
    ours = address.hostname == "dagshub.com" or str(address.hostname).endswith(".dagshub.com")
    if address.scheme != "https" or not ours:
        return None
    return secret("DAGSHUB_USERNAME", environment), secret("DAGSHUB_TOKEN", environment)
