"""The environment as one frozen `Settings`; nothing else reads it.

Each setting is stated once, in `table.py`: its variable, default, range and sentence.
`docs/settings.md`, `.env.example` and the Compose files are written from there by `make settings`.
"""

from raincast.settings.environment import for_child, from_environment, misspelt, variables
from raincast.settings.secrets import (
    ELSEWHERE,
    alert_urls,
    run_id,
    secret,
    secrets,
    shares_counters,
    tracking_login,
)
from raincast.settings.table import REPOSITORY, Settings
from raincast.settings.variable import Variable

__all__ = [
    "ELSEWHERE",
    "REPOSITORY",
    "Settings",
    "Variable",
    "alert_urls",
    "for_child",
    "from_environment",
    "misspelt",
    "run_id",
    "secret",
    "secrets",
    "shares_counters",
    "tracking_login",
    "variables",
]
