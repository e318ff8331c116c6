"""What is installed is what is in the tree: images and `pip install .` have nothing else."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _tracked(folder: str) -> set[str]:
    out = subprocess.run(
        ["git", "ls-files", folder], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(out.stdout.split())


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    """From a copy, so that no build folder of the tree lends it a file."""
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("raincast", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    out = tmp_path / "out"
    words = [sys.executable, "-m", "uv", "build", "--quiet", "--offline", "--wheel"]
    subprocess.run(
        [*words, "--no-build-isolation", "--python", sys.executable, "--out-dir", out, tmp_path],
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        missing = _tracked("raincast") - set(wheel.namelist())
    assert not missing
