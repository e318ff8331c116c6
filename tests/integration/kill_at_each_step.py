"""Runs actions of a module again and again, each time killed (SIGKILL) one file operation later.

Usage: python kill_at_each_step.py MODULE OUT FUNCTION=TEMPLATE…

`FUNCTION(folder)` is run on copies `OUT/FUNCTION/0`, `…/1`, … of the folder TEMPLATE; the copy
numbered n sees its process killed just before its n-th file operation below it (open for writing,
rename, truncate, remove, make folder; or those audit events that the module has in `KILLED_AT`).
The last copy is the one on which the action came to its end.
"""

import importlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

WATCHED = {
    "open",
    "os.rename",
    "os.truncate",
    "os.remove",
    "os.mkdir",
    "tempfile.mkstemp",
    "shutil.copyfile",
}


def _reads(event: str, args: tuple[object, ...]) -> bool:
    return event == "open" and not (
        isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    )


def _die_at(step: int, folder: Path, watched: set[str]) -> None:
    left = [step]

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in watched and not _reads(event, args) and str(args[0]).startswith(str(folder)):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

    sys.addaudithook(hook)


def _survives(action: object, folder: Path, step: int, watched: set[str]) -> bool:
    child = os.fork()
    if child == 0:
        _die_at(step, folder, watched)
        action(folder)  # type: ignore[operator]
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"the action failed by itself at step {step}")
    return os.WIFEXITED(status)


def run(action: object, template: Path, out: Path, watched: set[str]) -> None:
    step, survived = 0, False
    while not survived:
        folder = out / str(step)
        shutil.copytree(template, folder)
        survived = _survives(action, folder, step, watched)
        step += 1


def main(name: str, out: Path, actions: list[str]) -> None:
    module = importlib.import_module(name)
    for action, template in (pair.split("=") for pair in actions):
        run(
            getattr(module, action),
            Path(template),
            out / action,
            getattr(module, "KILLED_AT", WATCHED),
        )


def ends(module: Path, out: Path, actions: dict[str, Path]) -> dict[str, list[Path]]:
    """For each function of a test module the folders that it left, killed at its first, second, …
    step.

    Args:
        actions: the folder on whose copies each is run.
    """
    pairs = [f"{action}={template}" for action, template in actions.items()]
    path = os.pathsep.join((str(module.parent), str(module.parents[2])))
    command = [sys.executable, __file__, module.stem, str(out), *pairs]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": path})
    return {
        action: sorted((out / action).iterdir(), key=lambda folder: int(folder.name))
        for action in actions
    }


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
