"""What `make` does for every command that it starts; that pytest can take every file of tests."""

import os
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_python_keeps_what_it_has_compiled_whatever_the_surroundings_say() -> None:
    said = subprocess.run(
        [
            "make",
            "--no-print-directory",
            "--eval",
            'told: ; @echo "$${PYTHONDONTWRITEBYTECODE-keeps it}"',
            "told",
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "keeps it"


def test_no_two_files_of_tests_have_one_name():
    """pytest imports a file by its name alone, and refuses the second."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
