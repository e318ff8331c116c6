"""Publishing for real: a bare repository as origin, a DVC remote that wants a login, a second clone
that pulls.
"""

import csv
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from raincast.forecasts.row import COLUMNS, lines
from tests import clones
from tests.dvc_server import TOKEN, USER
from tests.journals import examined
from tests.publishing import JOURNAL, LOCAL, LOGIN, commits, publish, pulled, worker, write
from tests.unit.test_publication import row, whole

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
class TestPublish:
    def test_another_clone_gets_the_very_same_bytes_and_nothing_happens_twice(
        self, origin: Path, remote: str, tmp_path: Path
    ) -> None:
        here = worker(origin, tmp_path / "here", remote)
        data = write(here, whole(row(1), row(2)))
        before = commits(origin)
        done = publish(here)
        assert done.returncode == 0, done.stderr
        assert commits(origin) == before + 1
        assert pulled(origin, tmp_path / "there", remote) == data
        again = publish(here)
        assert (again.returncode, commits(origin)) == (0, before + 1)
        assert "nothing new" in again.stderr
        tracked = clones.run(here, "git", "ls-files").stdout.splitlines()
        assert f"{JOURNAL}.dvc" in tracked
        assert JOURNAL not in tracked
        told = (
            clones.run(here, "git", "log", "-p", "--all").stdout
            + (here / ".dvc/config").read_text()
        )
        assert TOKEN not in told
        assert clones.run(here, "git", "status", "--porcelain").stdout == ""

    @pytest.mark.parametrize("data", [whole(row(1), row(2))[:-30], whole(row(1), row(1)), b""])
    def test_a_half_written_or_bad_journal_is_refused(
        self, origin: Path, tmp_path: Path, data: bytes
    ) -> None:
        here = clones.clone(origin, tmp_path / "here")
        write(here, data)
        before = commits(origin)
        done = publish(here)
        assert done.returncode == 1
        assert "nothing is published" in done.stderr
        assert "Traceback" not in done.stderr
        assert commits(origin) == before
        assert not (here / f"{JOURNAL}.dvc").exists()

    def test_a_refused_credential_pushes_nothing_and_the_next_run_goes_on(
        self, origin: Path, remote: str, tmp_path: Path
    ) -> None:
        here = worker(origin, tmp_path / "here", remote)
        data = write(here, whole(row(1)))
        clones.run(
            here,
            "scripts/dvc_remote.sh",
            remote,
            DAGSHUB_USERNAME=USER,
            DAGSHUB_TOKEN="a wrong one",
        )
        before = commits(origin)
        done = publish(here)
        assert done.returncode == 1
        assert "credentials" in done.stderr
        assert "Traceback" not in done.stderr
        assert commits(origin) == before
        clones.run(here, "scripts/dvc_remote.sh", remote, **LOGIN)
        assert (here / ".dvc/config.local").read_text() == LOCAL.format(remote)
        assert (here / ".dvc/config.local").stat().st_mode & 0o077 == 0
        assert publish(here).returncode == 0
        assert commits(origin) == before + 1
        assert pulled(origin, tmp_path / "there", remote) == data

    def test_the_token_is_no_argument_of_any_command(
        self, origin: Path, remote: str, tmp_path: Path
    ) -> None:
        here, kept = clones.clone(origin, tmp_path / "here"), tmp_path / "arguments.txt"
        for name in ("dvc", "python"):
            asked = tmp_path / "asked" / name
            asked.parent.mkdir(exist_ok=True)
            asked.write_text(
                f'#!/bin/sh\necho "{name} $*" >> {kept}\nexec {Path(sys.executable).parent}/{name}'
                ' "$@"\n'
            )
            asked.chmod(0o755)
        path = f"{asked.parent}:{clones.environment()['PATH']}"
        said = clones.run(here, "scripts/dvc_remote.sh", remote, PATH=path, **LOGIN)
        assert (here / ".dvc/config.local").read_text() == LOCAL.format(remote)
        assert f"user {USER}" in kept.read_text()
        assert TOKEN not in kept.read_text() + said.stdout + said.stderr

    def test_git_refuses_the_push(self, origin: Path, remote: str, tmp_path: Path) -> None:
        here = worker(origin, tmp_path / "here", remote)
        write(here, whole(row(1)))
        hook = origin / "hooks/pre-receive"
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
        done = publish(here)
        assert done.returncode == 1
        assert "refuses the push" in done.stderr
        hook.unlink()
        assert publish(here).returncode == 0

    def test_those_who_publish_at_the_same_time_lose_no_row(
        self, origin: Path, remote: str, tmp_path: Path
    ) -> None:
        first = worker(origin, tmp_path / "first", remote)
        write(first, whole(row(1)))
        assert publish(first).returncode == 0
        workers = [worker(origin, tmp_path / name, remote) for name in ("a", "b")]
        for number, here in enumerate(workers):
            write(here, whole(row(1), row(10 + number)))
        start = threading.Barrier(len(workers))

        def at_once(here: Path) -> subprocess.CompletedProcess[str]:
            start.wait()
            return publish(here)

        with ThreadPoolExecutor(len(workers)) as pool:
            done = list(pool.map(at_once, workers))
        assert [d.returncode for d in done] == [0, 0], "\n".join(d.stderr for d in done)
        data = pulled(origin, tmp_path / "there", remote)
        assert examined(data).faults == []
        ids = [line["forecast_id"] for line in csv.DictReader(data.decode().splitlines())]
        assert sorted(ids) == sorted(row(n).forecast_id for n in (1, 10, 11))

    def test_a_journal_that_lacks_what_was_published_loses_nothing(
        self, origin: Path, remote: str, tmp_path: Path
    ) -> None:
        first = worker(origin, tmp_path / "first", remote)
        write(first, whole(row(1), row(2)))
        assert publish(first).returncode == 0
        other = worker(origin, tmp_path / "other", remote)
        write(other, whole(row(3)))
        assert publish(other).returncode == 0
        assert pulled(origin, tmp_path / "there", remote) == whole(row(1), row(2), row(3))

    def test_the_search_database_is_published_beside_it(
        self, origin: Path, remote: str, tmp_path: Path
    ) -> None:
        here = worker(origin, tmp_path / "here", remote)
        write(here, whole(row(1)))
        studies = here / "optimisations/optuna_xgb_recall_small.db"
        studies.write_bytes(b"a database")
        assert clones.run(here, "scripts/publish.sh").returncode == 0
        there = worker(origin, tmp_path / "there", remote)
        clones.run(there, "dvc", "pull", "optimisations/optuna_xgb_recall_small.db.dvc")
        assert (there / "optimisations/optuna_xgb_recall_small.db").read_bytes() == b"a database"


def given(text: str, secrets: dict[str, str], variables: dict[str, str]) -> str:
    """A workflow's text with its secrets and variables put in."""
    put = {"secrets": secrets, "vars": variables}
    return re.sub(r"\$\{\{ (secrets|vars)\.(\w+) \}\}", lambda m: put[m[1]].get(m[2], ""), text)


def run_job(
    workflow: Path, job: str, folder: Path, secrets: dict[str, str], variables: dict[str, str]
) -> list[tuple[str, int, str]]:
    """Every shell step of a job, one after the other as the runner does it, until one fails: name,
    code, what it said.
    """
    tools = folder.parent / f"{folder.name} path"
    tools.write_text("")
    told = []
    for step in yaml.safe_load(workflow.read_text())["jobs"][job]["steps"]:
        if "run" not in step:
            continue
        more = {
            name: given(value, secrets, variables) for name, value in step.get("env", {}).items()
        }
        path = os.pathsep.join([*tools.read_text().split(), clones.environment()["PATH"]])
        more |= {"GITHUB_PATH": str(tools), "PROJECT_ROOT": str(folder), "PATH": path}
        done = clones.run(
            folder,
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            step["run"],
            check=False,
            **more,
        )
        told.append((step["name"], done.returncode, done.stdout + done.stderr))
        if done.returncode:
            break
    return told


@pytest.mark.slow
@pytest.mark.skipif(
    not (Path(sys.prefix) / "ready").exists(),
    reason="this environment is not the one that `make setup` makes",
)
def test_the_workflow_publishes_what_a_second_clone_pulls(
    origin: Path, remote: str, tmp_path: Path
) -> None:
    workflow = ROOT / ".github/workflows/publish_preds.yml"
    elsewhere = tmp_path / "machine/preds_api.csv"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(whole(row(1), row(2)))
    variables = {"DVC_REMOTE_URL": remote, "JOURNAL": str(elsewhere)}
    for folder, grown in (("one", 1), ("two", 0)):  # a runner's folder is always a new one
        before = commits(origin)
        told = run_job(
            workflow, "publish", clones.clone(origin, tmp_path / folder), LOGIN, variables
        )
        assert [code for _, code, _ in told] == [0] * len(told), told
        assert commits(origin) == before + grown
    assert pulled(origin, tmp_path / "there", remote) == elsewhere.read_bytes()
    elsewhere.write_bytes(whole(row(1), row(2))[:-20])
    failed = run_job(
        workflow, "publish", clones.clone(origin, tmp_path / "three"), LOGIN, variables
    )[-1]
    assert failed[1] != 0, failed
    lost = run_job(workflow, "publish", clones.clone(origin, tmp_path / "four"), {}, variables)[-1]
    assert lost[1] != 0, lost


def test_the_columns_are_those_of_the_contract() -> None:
    assert whole(row(1)).startswith(",".join(COLUMNS[:8]).encode())
    assert lines([row(1)]).endswith(b"\n")
