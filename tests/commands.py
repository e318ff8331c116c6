"""The command line, in a process of its own."""

import subprocess
import sys
from pathlib import Path

from raincast.settings import for_child


def raincast(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What `raincast WORDS` does and says in that folder."""
    return subprocess.run(
        [sys.executable, "-m", "raincast", *words],
        env=for_child(PROJECT_ROOT=str(root)),
        capture_output=True,
        text=True,
        check=False,
    )
