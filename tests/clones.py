"""Clones of this repository in the tests' own folders, and commands run in them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "UV_CACHE_DIR")


def environment(**more: str) -> dict[str, str]:
    """Nothing of the surroundings but the path, with this Python's tools first; no Git or DVC
    settings from outside.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    kept["PATH"] = f"{Path(sys.executable).parent}:{kept['PATH']}"
    told = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "OMP_NUM_THREADS": "1",
        "DVC_NO_ANALYTICS": "1",
    }
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "a test"), ("EMAIL", "test@example.org"))
    }
    return kept | told | who | more


def run(
    folder: Path, *words: str, check: bool = True, **more: str
) -> subprocess.CompletedProcess[str]:
    """A command in a folder; where `check`, its whole output is in the failure."""
    done = subprocess.run(
        words, cwd=folder, env=environment(**more), capture_output=True, text=True, errors="replace"
    )
    assert done.returncode == 0 or not check, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done


def published(folder: Path) -> Path:
    """A bare repository with this working tree's files, committed on `main`."""
    work, bare = folder / "as it is", folder / "origin.git"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        source = ROOT / name
        if source.is_file():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, work / name)
    run(work, "git", "init", "-q", "-b", "main")
    run(work, "git", "add", "-A")
    run(work, "git", "commit", "-qm", "as it is")
    run(folder, "git", "clone", "-q", "--bare", str(work), str(bare))
    return bare


def clone(origin: Path, folder: Path) -> Path:
    """A clone, in which `make` finds this environment ready."""
    run(origin.parent, "git", "clone", "-q", str(origin), str(folder))
    (folder / ".git/info/exclude").write_text(".venv\n")
    (folder / ".venv").symlink_to(Path(sys.prefix))
    for name in run(folder, "git", "ls-files", "-z").stdout.split("\0"):
        if name:  # older than the environment, which `make` must not make anew
            os.utime(folder / name, (0, 0))
    return folder
