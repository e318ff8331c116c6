"""What a training is steered by besides its data: `params.yaml`, the file that DVC watches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from raincast.documents import Json
from raincast.errors import BadInput
from raincast.learning.blend import DEFAULT_PARAMS

SECTIONS = {"prepare": ("first_date",), "train": tuple(DEFAULT_PARAMS), "evaluate": ("baselines",)}

_COUNTS = ("fit_rows", "n_jobs")
"""Parameters that have no default: how many rows are drawn, how many threads fit trees."""
_LEAST: Mapping[str, float] = {
    "n_estimators": 1,
    "max_depth": 1,
    "min_child_weight": 0,
    "reg_lambda": 0,
    "gamma": 0,
    "perceptrons": 0,
    "epochs": 1,
    "networks": 0,
    "network_epochs": 1,
}
_SHARES = ("learning_rate", "subsample", "colsample_bytree")
"""Above 0, and 1 at most: as XGBoost has it."""
_MOST = 1_000_000
"""Beyond which a number can only be a slip: of trees it would be a fit of weeks."""


@dataclass(frozen=True)
class Parameters:
    """The parameters of the stages.

    Attributes:
        first_date: rows of the history before it are left out; None takes all.
        model: as `model.DEFAULT_PARAMS`.
        baselines: whether the evaluation fits the baselines too.
    """

    first_date: date | None = None
    model: Mapping[str, Any] = field(default_factory=lambda: DEFAULT_PARAMS)
    baselines: bool = True


def parameters(value: Any) -> Parameters:
    """The parameters in the content of a `params.yaml`; what is left out has its default.

    Raises:
        BadInput: an unknown name, or a value of another kind than its default's or out of range.
    """
    sections = {name: _section(value, name) for name in _known(value, SECTIONS, "params.yaml")}
    given = sections.get("prepare", {}).get("first_date")
    baselines = sections.get("evaluate", {}).get("baselines", True)
    if not isinstance(baselines, bool):
        raise BadInput(f"evaluate.baselines: found {baselines!r}, expected true or false")
    return Parameters(_day(given), DEFAULT_PARAMS | _model(sections.get("train", {})), baselines)


def _known(value: Any, names: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or set(value) - set(names):
        raise BadInput(
            f"{where}: found {value!r}, expected a mapping of some of {', '.join(names)}"
        )
    return value


def _section(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _known(value[name] or {}, SECTIONS[name], f"params.yaml, {name}")


def _day(given: Any) -> date | None:
    try:
        return None if given is None else date.fromisoformat(str(given))
    except ValueError as error:
        raise BadInput(
            f"prepare.first_date: found {given!r}, expected a day, YYYY-MM-DD"
        ) from error


def named(value: Any, where: str) -> dict[str, Any]:
    """Some of a model's parameters, by name; beside the defaults' names, `fit_rows` and `n_jobs`.

    Raises:
        BadInput: an unknown name, or a value of another kind than its default's or out of range.
    """
    found = dict(_known(value, (*DEFAULT_PARAMS, *_COUNTS), where))
    counts = {name: found.pop(name) for name in _COUNTS if name in found}
    for name, count in counts.items():
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise BadInput(f"{where}, {name}: found {count!r}, expected a number from 1 on")
    return _model(found) | counts


def _model(given: Mapping[str, Any]) -> Json:
    for name, value in given.items():
        kind = type(DEFAULT_PARAMS[name])
        number = isinstance(value, int) and kind is float
        if isinstance(value, bool) or not (isinstance(value, kind) or number):
            raise BadInput(
                f"train.{name}: found {value!r}, expected a value of type {kind.__name__}"
            )
        _require_in_range(name, value)
    return {name: type(DEFAULT_PARAMS[name])(value) for name, value in given.items()}


def _require_in_range(name: str, value: Any) -> None:
    if name in _SHARES and not 0 < value <= 1:
        raise BadInput(f"train.{name}: found {value!r}, expected a number above 0, at most 1")
    if name in _LEAST and not _LEAST[name] <= value <= _MOST:
        expected = f"a number from {_LEAST[name]} to {_MOST}"
        raise BadInput(f"train.{name}: found {value!r}, expected {expected}")
