"""`raincast demo` empties the folder of an earlier demonstration, and no other."""

import subprocess
import sys
from pathlib import Path


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "thesis.txt"
    kept.write_text("years of work")
    command = [sys.executable, "-m", "raincast", "demo", "--folder", str(tmp_path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert str(tmp_path) in done.stderr
    finally:
        assert kept.read_text() == "years of work"
