"""How much room there is where a root lies."""

import shutil
from pathlib import Path

LEAST_FREE_BYTES = 2 * 1024**3
"""A training writes a prepared history, a retraining set and two models: about 300 MB, kept twice
while they are exchanged, and the archive beside them."""


def free_bytes(root: Path) -> int:
    return shutil.disk_usage(root).free
