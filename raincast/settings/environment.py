"""The environment as `Settings`."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from raincast.errors import BadInput
from raincast.settings.table import Settings
from raincast.settings.variable import Variable


@cache
def variables() -> Mapping[str, Variable]:
    """Every setting's variable by the name of its field; every line of a log asks."""
    return {f.name: f.metadata["variable"] for f in fields(Settings)}


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment asks for, defaults for the rest.

    Raises:
        BadInput: a variable does not hold the kind of value that it must, or one outside its range.
    """
    environment = os.environ if environment is None else environment
    chosen: dict[str, Any] = {}
    for name, variable in variables().items():
        text = environment.get(variable.name, "")
        if text:
            try:
                chosen[name] = variable.value(text)
            except ValueError as error:
                raise BadInput(
                    f"setting {variable.name}: found {text!r}, expected {variable.expected()}"
                ) from error
    return Settings(**chosen)


_NEAR = 0.85
"""How alike two names are (`difflib`) where the one is taken for a slip of the other: one or two
letters of twelve.
"""


def misspelt(environment: Mapping[str, str] | None = None) -> list[str]:
    """A line for each variable that is no setting but nearly one, as `RECALL_TRESHOLD` is."""
    environment = os.environ if environment is None else environment
    known = sorted(variable.name for variable in variables().values())
    lines = []
    for name in sorted(set(environment) - set(known)):
        near = difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
        if near:
            lines.append(f"{name} is no setting: is {near[0]} meant? It is not set by it")
    return lines


def for_child(**added: str) -> dict[str, str]:
    """The environment for a process that this one starts, with some variables more."""
    return {**os.environ, **added}
