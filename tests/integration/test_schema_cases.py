"""Cases that schemathesis makes of the schema, good ones and bad ones, against a real server.

No answer may have a status or a form that the schema does not name; what fits the schema is
accepted, and what does not is refused.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from raincast.serving.app import create_app
from tests import served
from tests.integration.conftest import TOKEN, settings_of

ROOT = Path(__file__).resolve().parents[2]
PHASES = "examples,coverage,fuzzing"


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The API with a model of every station: each name in the schema is one that it forecasts."""
    root = tmp_path_factory.mktemp("everywhere")
    served.build(root, untrained=())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("API_KEY", TOKEN)
        app = create_app(settings_of(root), lambda: served.NOW)
        with served.listening(app, TOKEN) as client:
            yield client


def cases(api: httpx.Client, examples: int, token: str | None) -> tuple[int, str]:
    """How many cases were run, and what schemathesis said."""
    config = ROOT / "tests/schemathesis.toml"
    words = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    words += [f"{api.base_url}/openapi.json", "--checks", "all", "--no-color"]
    words += ["-n", str(examples), "--phases", PHASES, "--generation-database", "none"]
    words += ["--suppress-health-check", "all", "--seed", "49", "--continue-on-failure"]
    words += ["-H", f"Authorization: Bearer {token}"] if token else []
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.schema_hooks", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder:  # it leaves a cache where it runs
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    found = re.search(r"(\d+) generated", done.stdout)
    assert found, done.stdout
    return int(found[1]), done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("token", "share"),
    [(TOKEN, 1), (None, 20)],  # who has no token gets 401, whatever is made up for him
    ids=["with", "without"],
)
def test_many_cases(everywhere: httpx.Client, token: str | None, share: int):
    examples = int(os.environ.get("SCHEMA_EXAMPLES", "100")) // share
    assert cases(everywhere, examples, token)[0] > examples
