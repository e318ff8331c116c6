"""What a command loads: those that fit and forecast nothing do without the libraries that do."""

import json
import subprocess
import sys
from pathlib import Path

HEAVY = ("sklearn", "xgboost", "imblearn", "jax", "matplotlib", "optuna", "mlflow", "scipy.stats")
"""Each costs a second of processor time or more."""
LOOKS = ("--help", "stations list", "doctor --help")
FORECAST_NOTHING = (
    "decide",
    "request-forecasts",
    "validate none.csv",
    "models list",
    "models check",
)
_PROGRAM = """
import contextlib, io, json, sys
from raincast.cli.app import main
loaded = {}
for words in sys.argv[1:]:
    sys.argv = ["raincast", *words.split()]
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as said:
        main()
    loaded[words] = [said.getvalue(), *sys.modules]
print(json.dumps(loaded))
"""


def loaded(commands: tuple[str, ...], root: Path) -> dict[str, set[str]]:
    """The modules that are loaded after each of several commands, one after another in an empty
    root.
    """
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *commands],
        env={"PROJECT_ROOT": str(root), "API_KEY": "secret"},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert "Usage" in found.get("--help", ["Usage"])[0]
    return {words: set(modules[1:]) for words, modules in found.items()}


def test_a_look_needs_no_tables(tmp_path: Path) -> None:
    found = loaded(LOOKS, tmp_path)
    heavy = {words: modules & {*HEAVY, "pandas"} for words, modules in found.items()}
    assert heavy == {words: set() for words in LOOKS}


def test_what_forecasts_nothing_needs_no_models_libraries(tmp_path: Path) -> None:
    found = loaded(FORECAST_NOTHING, tmp_path)
    heavy = {words: modules & set(HEAVY) for words, modules in found.items()}
    assert heavy == {words: set() for words in FORECAST_NOTHING}
    assert "pandas" in found["decide"], "the commands were run"
