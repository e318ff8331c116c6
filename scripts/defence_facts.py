"""Writes what the slides tell of the project into `raincast/app/defence/facts.json`: from the
replays' and the evaluation's figures, and from the DAG files.

Run by `make facts`; a test compares. The package carries the file, so that the slides have their
figures wherever it is installed.
"""

import ast
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "raincast/app/defence/facts.json"
DAGS = ("weather_main_dag", "optuna_tuning_dag")
FEWEST = 200
"""Forecasts in a bin of the reliability below which it is not looked at."""

Edge = tuple[str, str]


def facts() -> dict[str, Any]:
    """Everything that the file holds."""
    offline, real = _metrics("replay/offline"), _metrics("replay/real")
    return {
        "offline": {
            "match": _picked(offline["match"], "rows", "equal"),
            "roc_auc": {
                regime: [side[kind]["roc_auc"] for kind in ("direct", "replayed")]
                for regime, side in offline["test_set"].items()
            },
        },
        "real": {
            "span": real["span"],
            "match": _picked(real["match"], "rows", "equal", "rebuilt"),
            "roc_auc": real["by_regime"]["3pm"]["roc_auc"],
            "n": real["policies"]["never"]["n"],
        },
        "retraining": {name: _retraining(f"pays_{name}") for name in ("past", "real", "watch")},
        "reliability_gap": _gap(_metrics("eval")),
        "dags": {name: dag((ROOT / f"airflow/dags/{name}.py").read_text("utf-8")) for name in DAGS},
    }


def text() -> str:
    """The file's content."""
    return json.dumps(facts(), indent=1) + "\n"


def _metrics(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"metrics/{name}.json").read_text("utf-8"))
    return found


def _picked(table: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: table[name] for name in names}


def _retraining(name: str) -> dict[str, Any]:
    """What each policy did, and its Brier score less that of leaving the model alone."""
    found = _metrics(f"replay/{name}")
    policies = {
        policy: {
            "triggers": found["policies"][policy]["triggers"],
            "promoted": found["policies"][policy]["actions"].get("promote", 0),
            "refused": found["policies"][policy]["actions"].get("refuse", 0),
            "brier": beside["brier"],
        }
        for policy, beside in found["against_first"].items()
    }
    return {
        "span": found["span"],
        "policies": policies,
        "seed_sd": found["luck"]["brier_sd"],
    }


def _gap(evaluation: dict[str, Any]) -> float:
    """The largest distance of a chance from how often it rained then, in bins with enough."""
    return max(
        abs(one["mean_forecast"] - one["observed"])
        for regime in evaluation["regimes"].values()
        for one in regime["reliability"]
        if one["n"] >= FEWEST
    )


def dag(source: str) -> dict[str, Any]:
    """The tasks of a DAG file, its schedule, and which task leads to which."""
    tree = ast.parse(source)
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and _decorated(n, "dag"))
    names = _names(tree, function)
    edges = list(dict.fromkeys(_edges(function, names)))
    tasks = list(dict.fromkeys(names.values()))
    return {"schedule": _schedule(function), "tasks": tasks, "edges": edges}


def _decorated(node: ast.FunctionDef, name: str) -> bool:
    return any(_root(d) == name for d in node.decorator_list)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _schedule(function: ast.FunctionDef) -> str | None:
    calls = (d for d in function.decorator_list if isinstance(d, ast.Call))
    given = {k.arg: k.value for call in calls for k in call.keywords}
    found = ast.literal_eval(given["schedule"])
    return found if found is None else str(found)


def _names(tree: ast.Module, function: ast.FunctionDef) -> dict[str, str]:
    """What the tasks are called in the file, with their task ids; they stand in the DAG's function
    or before it.
    """
    functions = [n for n in (*tree.body, *function.body) if isinstance(n, ast.FunctionDef)]
    named = {node.name: _task(node) for node in functions}
    names = {name: task for name, task in named.items() if task}
    for node in function.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = _task_id(node.value) or names[_root(node.value)]
            names[ast.unparse(node.targets[0])] = called
    return names


def _task(function: ast.FunctionDef) -> str | None:
    """The id of the task that a function is, or that it returns; None for any other function."""
    if _decorated(function, "task"):
        return function.name
    last = function.body[-1]
    return _task_id(last.value) if isinstance(last, ast.Return) else None


def _task_id(made: ast.expr | None) -> str | None:
    given = {k.arg: k.value for k in made.keywords} if isinstance(made, ast.Call) else {}
    return str(ast.literal_eval(given["task_id"])) if "task_id" in given else None


def _edges(function: ast.FunctionDef, names: dict[str, str]) -> list[Edge]:
    found: list[Edge] = []
    for node in function.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.BinOp):
            chain = _chain(node.value)
            for left, right in pairwise(chain):
                found += [(a, b) for a in _ids(left, names) for b in _ids(right, names)]
            found += _given(node.value, names)
    return found


def _chain(node: ast.expr) -> list[ast.expr]:
    """The operands of `a >> b >> c`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
        return [*_chain(node.left), node.right]
    return [node]


def _ids(node: ast.expr, names: dict[str, str]) -> list[str]:
    if isinstance(node, ast.List):
        return [found for one in node.elts for found in _ids(one, names)]
    return [names[_root(node)]]


def _given(node: ast.expr, names: dict[str, str]) -> list[Edge]:
    """A task that is given another's result follows it."""
    calls = (n for n in ast.walk(node) if isinstance(n, ast.Call) and n.args)
    return [
        (names[argument.id], names[_root(call)])
        for call in calls
        for argument in call.args
        if isinstance(argument, ast.Name) and argument.id in names
    ]


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
