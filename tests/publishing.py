"""A repository as origin, a DVC remote that wants a login, and clones that publish."""

import subprocess
from pathlib import Path

from tests import clones
from tests.dvc_server import TOKEN, USER

JOURNAL = "outputs/preds_api.csv"
LOCAL = f"""['remote "origin"']
    url = {{}}
    auth = basic
    user = {USER}
    password = {TOKEN}
"""


LOGIN = {"DAGSHUB_USERNAME": USER, "DAGSHUB_TOKEN": TOKEN}


def worker(origin: Path, folder: Path, remote: str) -> Path:
    """A clone that publishes to the remote: its settings are what `scripts/dvc_remote.sh` writes,
    see below.
    """
    here = clones.clone(origin, folder)
    (here / ".dvc/config.local").write_text(LOCAL.format(remote))
    return here


def write(folder: Path, data: bytes) -> bytes:
    path = folder / JOURNAL
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return data


def publish(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return clones.run(folder, "scripts/publish.sh", JOURNAL, check=False, **more)


def commits(origin: Path) -> int:
    return int(clones.run(origin, "git", "rev-list", "--count", "main").stdout)


def pulled(origin: Path, folder: Path, remote: str) -> bytes:
    """What somebody else gets."""
    here = worker(origin, folder, remote)
    clones.run(here, "dvc", "pull", f"{JOURNAL}.dvc")
    return (here / JOURNAL).read_bytes()
