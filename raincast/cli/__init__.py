"""The command line: `raincast`, also `python -m raincast`."""

from raincast.cli.app import main

__all__ = ["main"]
