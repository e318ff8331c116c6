"""What a model's metadata must say before anything is made of it: the door of the registry."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from raincast.errors import BadFile, NoModel
from raincast.features import block
from raincast.learning.metadata import Features, ModelMetadata
from raincast.observations.availability import REGIMES
from raincast.observations.event import named
from raincast.observations.network import in_force

Metadata = Mapping[str, Any]

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SAME_MINOR = ("sklearn", "imblearn", "xgboost")
"""Their pickles are read by the same minor version; of the others the major must be the same."""


def is_version(name: object) -> bool:
    """Whether a name can be a version's: one folder's name, never a way to somewhere else."""
    return isinstance(name, str) and bool(_VERSION.fullmatch(name)) and ".." not in name


def require_sound(metadata: object, where: str) -> ModelMetadata:
    """The metadata, when it says what a model needs to serve.

    Raises:
        NoModel: names each key that does not, what was found and what was expected.
    """
    if not isinstance(metadata, dict):
        raise NoModel(f"{where}: found {str(metadata)[:80]!r}, expected a JSON object")
    faults = list(_faults(metadata))
    if faults:
        raise NoModel(f"{where}: {'; '.join(faults)}")
    try:
        return ModelMetadata.from_json(metadata, where)
    except BadFile as error:
        raise NoModel(str(error)) from error


def require_fit(metadata: ModelMetadata, libraries: Mapping[str, str]) -> None:
    """Refuses a model of other features, libraries or another event than are here.

    Raises:
        NoModel: says which differ, and what to do.
    """
    reasons = list(_misfits(metadata, libraries))
    if reasons:
        raise NoModel(
            f"model {metadata.version} does not fit this program: {'; '.join(reasons)};"
            " `raincast train` makes a model that does"
        )


def content_sha256(metadata: ModelMetadata) -> str:
    """Of what the metadata says, however it is laid out."""
    text = json.dumps(metadata.to_json(), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _faults(metadata: Metadata) -> Iterator[str]:
    for name, good, expected in (
        ("version", is_version, "a name of letters, digits, '.', '_' and '-'"),
        ("sha256", _is_sha256, "64 hexadecimal digits"),
        ("threshold", _is_chance, "a number from 0 to 1"),
    ):
        if name not in metadata:
            yield f"found no {name}, expected {expected}"
        elif not good(metadata[name]):
            yield f"{name}: found {metadata[name]!r}, expected {expected}"
    for name, good, expected in (
        ("climatology", _is_climatology, "twelve chances from 0 to 1 for each station"),
        ("tuned_version", is_version, "a version's name"),
        ("judged_version", is_version, "a version's name"),
    ):  # which former models may lack, and nobody reads before it is needed
        if metadata.get(name) is not None and not good(metadata[name]):
            yield f"{name}: found {str(metadata[name])[:80]}, expected {expected}"
    yield from _faults_of_thresholds(metadata.get("thresholds"))
    yield from _faults_of_stations(metadata.get("stations"))


def _faults_of_thresholds(found: Any) -> Iterator[str]:
    if found is None:
        return
    if not isinstance(found, dict) or set(found) != set(REGIMES):
        yield f"thresholds: found {found!r}, expected one for each of {', '.join(REGIMES)}"
        return
    for regime, value in found.items():
        if not _is_chance(value):
            yield f"thresholds, {regime}: found {value!r}, expected a number from 0 to 1"


def _faults_of_stations(found: Any) -> Iterator[str]:
    if not isinstance(found, list) or not found:
        yield f"stations: found {found!r}, expected the stations that it was trained on"
    elif not set(map(str, found)) & set(in_force().locations):
        # Some that are no more, or are of another table, are nobody's trouble; a model of other
        # stations altogether is.
        expected = "stations of the network, one at least (`raincast stations add`)"
        yield f"stations: found {found[0]!r}, expected {expected}"


def _is_sha256(value: Any) -> bool:
    return isinstance(value, str) and bool(_SHA256.fullmatch(value))


def _is_chance(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value <= 1


def _is_climatology(value: Any) -> bool:
    tables = list(value.values()) if isinstance(value, dict) else []
    return bool(tables) and all(
        isinstance(months, list) and len(months) == 12 and all(map(_is_chance, months))
        for months in tables
    )


def _misfits(metadata: ModelMetadata, libraries: Mapping[str, str]) -> Iterator[str]:
    ours = Features(count=len(block.NAMES), sha256=block.NAMES_SHA256)
    if metadata.features and metadata.features != ours:
        yield f"features: found {metadata.features.to_json()}, expected {ours.to_json()}"
    theirs, event = named(metadata.event), in_force().event.statement
    if theirs != event:
        yield f"event: found '{theirs}', expected the network's '{event}'"
    made_with = metadata.libraries or {}
    for name, present in libraries.items():
        parts = 2 if name in _SAME_MINOR else 1
        there = str(made_with.get(name, present))
        if there.split(".")[:parts] != present.split(".")[:parts]:
            yield f"library {name}: made with {there}, here is {present}: install that one"
