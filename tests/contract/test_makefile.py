"""What `make` does for every command that it starts."""

import os
import subprocess
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
