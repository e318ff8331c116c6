"""One setting: its variable, default, range and sentence."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PLAIN = re.compile(r"[-+.0-9a-z]+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Variable:
    """One environment variable.

    Attributes:
        name: as the environment has it.
        about: one sentence for people.
        default: as people write it; empty if there is none.
        read: the value in a text; raises ValueError.
        least, most: the range of a number, both inclusive.
        secret: it must be shown nowhere; of an address, its password.
    """

    name: str
    about: str
    default: str = ""
    read: Callable[[str], object] = str
    least: float = -math.inf
    most: float = math.inf
    secret: bool = False

    def value(self, text: str) -> object:
        """The setting that a text says.

        Raises:
            ValueError: it is not of the kind, not finite, or outside the range.
        """
        if self.read in (int, float) and not _PLAIN.fullmatch(text.strip()):
            raise ValueError(text)  # Python takes 1_0 for 10, and digits of every script
        value = self.read(text)
        if isinstance(value, int | float) and not (
            math.isfinite(value) and self.least <= value <= self.most
        ):
            raise ValueError(text)
        return value

    def expected(self) -> str:
        """What it must hold, in words."""
        kind = {int: "a whole number", float: "a number", boolean: "true or false"}
        kind |= {log_format: "text or json", folder: "a folder"}
        least = f", {self.least:g} or more" if math.isfinite(self.least) else ""
        most = f", {self.most:g} or less" if math.isfinite(self.most) else ""
        return kind.get(self.read, "a value") + least + most


def boolean(text: str) -> bool:
    """True or false.

    Raises:
        ValueError: it is neither.
    """
    return bool(("false", "true").index(text.lower()))


def log_format(text: str) -> str:
    """The form of the log.

    Raises:
        ValueError: there is none of that name.
    """
    return ("text", "json")[("text", "json").index(text.lower())]


def folder(text: str) -> Path:
    """A folder, absolute; `~` is the home of who runs this, since no shell looks into a file of
    settings.

    Raises:
        ValueError: there is no such home.
    """
    try:
        return Path(text).expanduser().resolve()
    except RuntimeError as error:
        raise ValueError(text) from error


def address(text: str) -> str:
    """An address without slashes at its end."""
    return text.rstrip("/")


def stated(default: Any, name: str, about: str, shown: str | None = None, **how: Any) -> Any:
    """A field of `Settings`, with the variable that sets it; `shown` is the default in words."""
    text = str(default).lower() if isinstance(default, bool) else str(default)
    variable = Variable(name, about, text if shown is None else shown, **how)
    return field(default=default, repr=not variable.secret, metadata={"variable": variable})
