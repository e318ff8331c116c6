"""The ledger of runs, `metrics/runs.jsonl`: each run once, and which server has it. Lines are
added, never changed.

{"run": {…}}                                              see `Run`
{"sent": key, "server": address, "as": id}                the server has that run, under that id
"""

from pathlib import Path

from raincast.store import ledger
from raincast.store.locks import locked
from raincast.tracking.run import Run


def _folder(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.parent


def read(path: Path) -> list[Run]:
    """Every run, in the order in which they were kept."""
    return [Run.from_json(e["run"], str(path)) for e in ledger.read(path) if "run" in e]


def keep(path: Path, run: Run) -> bool:
    """Adds a run unless one with its key is there; whether it was added."""
    with locked(_folder(path)):
        if any(kept.key == run.key for kept in read(path)):
            return False
        ledger.append(path, {"run": run.to_json()})
        return True


def unsent(path: Path, server: str) -> list[Run]:
    """The runs that a server has not got yet, oldest first."""
    there = {entry["sent"] for entry in ledger.read(path) if entry.get("server") == server}
    return [run for run in read(path) if run.key not in there]


def mark_sent(path: Path, key: str, server: str, known_as: str) -> None:
    """Notes that a server has a run, under that id."""
    with locked(_folder(path)):
        ledger.append(path, {"sent": key, "server": server, "as": known_as})
