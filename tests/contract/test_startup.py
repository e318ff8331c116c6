"""What a command loads: those that fit and forecast nothing do without the libraries that do."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("sklearn", "xgboost", "imblearn", "jax", "matplotlib", "optuna", "mlflow", "scipy.stats")
"""Each costs a second of processor time or more."""
_PROGRAM = """
import sys
sys.argv = ["raincast", *sys.argv[1:]]
from raincast.cli.app import main
try:
    main()
except SystemExit:
    pass
print("loaded", *sorted(sys.modules), file=sys.stderr)
"""


def loaded(words: str, root: Path) -> set[str]:
    """The modules that a command in an empty root has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *words.split()],
        env={"PROJECT_ROOT": str(root), "API_KEY": "secret"},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("words", ["--help", "stations list", "doctor --help"])
def test_a_look_needs_no_tables(words: str, tmp_path: Path) -> None:
    found = loaded(words, tmp_path)
    assert "raincast.cli.app" in found
    assert not found & {*HEAVY, "pandas"}


@pytest.mark.parametrize(
    "words",
    ["decide", "request-forecasts", "validate none.csv", "models list", "models check"],
)
def test_what_forecasts_nothing_needs_no_models_libraries(words: str, tmp_path: Path) -> None:
    found = loaded(words, tmp_path)
    assert "raincast.cli.app" in found
    assert not found & set(HEAVY)
