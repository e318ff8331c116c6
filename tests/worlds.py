"""Small worlds that are dear to make: each is made once in a run of tests, and copied."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from raincast.observations.network import in_force
from raincast.store.locks import locked

HOME = "RAINCAST_TEST_WORLDS"
"""Names the folder that the processes of a run share; `conftest` sets it."""
_PATIENCE_SECONDS = 3600.0


def copied(name: str, build: Callable[[Path], object], folder: Path) -> Path:
    """Fills a folder with a copy of a world, which the first that asks for it builds; another
    network is another world.
    """
    name = f"{name} of {len(in_force())} stations"
    world = Path(os.environ[HOME]) / name
    with locked(world, _PATIENCE_SECONDS):
        if not world.exists():
            part = world.with_name(f"{name}.part")
            part.mkdir()
            build(part)
            part.rename(world)
    return shutil.copytree(world, folder, dirs_exist_ok=True)
