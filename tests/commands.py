"""The command line, in a process of its own.

The process is forked from one that has loaded what commands load: loading takes ten times as long
as what most commands of the tests do. `test_startup` begins with nothing loaded.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from raincast.settings import for_child

_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(
    [
        "raincast.cli.app",
        "raincast.learning.blend",
        "raincast.loop.forecast",
        "raincast.loop.ingest",
        "raincast.loop.monitor",
        "raincast.loop.train",
        "raincast.simulator",
    ]
)
_OUT, _ERROR = "out", "error"


def raincast(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What `raincast WORDS` does and says in that folder."""
    return command(words, for_child(PROJECT_ROOT=str(root)))


def command(
    words: Sequence[str],
    environment: Mapping[str, str],
    at_end: Callable[[], object] = bool,
) -> subprocess.CompletedProcess[str]:
    """What `raincast WORDS` does and says in that environment; its process calls `at_end` last."""
    with TemporaryDirectory() as folder:
        process = _FORKED.Process(target=_begin, args=(words, dict(environment), folder, at_end))
        process.start()
        process.join()
        said = [Path(folder, name).read_text("utf-8") for name in (_OUT, _ERROR)]
    return subprocess.CompletedProcess(list(words), process.exitcode or 0, *said)


def _begin(
    words: Sequence[str],
    environment: Mapping[str, str],
    folder: str,
    at_end: Callable[[], object],
) -> None:
    for stream, name in ((sys.stdout, _OUT), (sys.stderr, _ERROR)):
        with Path(folder, name).open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["raincast", *words]
    from raincast.cli.app import main

    try:
        main()
    finally:
        at_end()


def say_priority() -> None:
    print("priority", os.getpriority(os.PRIO_PROCESS, 0))
