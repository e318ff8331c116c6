"""The ledger of runs, `metrics/runs.jsonl`: each run once, and which server has it. Lines are
added, never changed.

{"run": {…}}                                              see `Run`
{"sent": key, "server": address, "as": id}                the server has that run, under that id
"""

from raincast.store.ledger import Ledger
from raincast.tracking.run import Run


def read(runs: Ledger) -> list[Run]:
    """Every run, in the order in which they were kept."""
    return [Run.from_json(e["run"], runs.name) for e in runs.read() if "run" in e]


def keep(runs: Ledger, run: Run) -> bool:
    """Adds a run unless one with its key is there; whether it was added."""
    with runs.alone():
        if any(kept.key == run.key for kept in read(runs)):
            return False
        runs.append({"run": run.to_json()})
        return True


def unsent(runs: Ledger, server: str) -> list[Run]:
    """The runs that a server has not got yet, oldest first."""
    there = {entry["sent"] for entry in runs.read() if entry.get("server") == server}
    return [run for run in read(runs) if run.key not in there]


def mark_sent(runs: Ledger, key: str, server: str, known_as: str) -> None:
    """Notes that a server has a run, under that id."""
    with runs.alone():
        runs.append({"sent": key, "server": server, "as": known_as})
