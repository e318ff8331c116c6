"""How quickly the API answers, beside a plain server that loads the model for every request;
measured with `wrk`.

    python benchmarks/serving.py            needs `wrk` (Debian: apt-get install wrk); two minutes,
    loopback only

Both servers run in the same minutes on the same machine, with the same full-sized model (its trees
and networks are the defaults, fitted to simulated weather), and are asked the same thing. Both
write each forecast to their journal: the API waits until it is on disk, the plain server does not.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

from raincast.learning import amounts, fitting
from raincast.learning.metadata import AmountStep, ModelDescription
from raincast.observations import panel
from raincast.observations.availability import REGIMES
from raincast.simulator import simulate
from raincast.sources import history
from raincast.store.archive import Archive
from raincast.store.journal import Journal
from raincast.store.registry import Registry

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "a token of the benchmark"  # noqa: S105
FIRST, LAST = date(2023, 11, 1), date(2024, 5, 31)
OBSERVATION = {
    "Date": "2024-05-20",
    "Location": "Albury",
    "MinTemp": 9.5,
    "Rainfall": 2.4,
    "Evaporation": 1.5,
    "WindDir9am": "N",
    "WindDir3pm": "NNW",
    "WindSpeed9am": 13,
    "WindSpeed3pm": 20,
    "Humidity9am": 88,
    "Humidity3pm": 74,
    "Pressure9am": 1009.5,
    "Pressure3pm": 1006.0,
    "Cloud9am": 7,
    "Cloud3pm": 8,
    "Temp9am": 11.5,
    "Temp3pm": 16.0,
    "RainToday": "Yes",
}
SERVERS = {"raincast": "api.main:app", "plain": "benchmarks.plain_server:app"}
SCRIPT = """
wrk.method = "POST"
wrk.body = '%s'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %s"
"""


def build(root: Path) -> None:
    """Observations, and a model of full size that serves."""
    frame = simulate(FIRST, LAST, 1)
    Archive(root / "data/archive.sqlite").append(frame, history.known_at(frame), "historical")
    whole, span = panel.from_frame(frame), fitting.Span(date(2024, 1, 1), date(2024, 2, 29))
    # Fewer epochs cost nothing to the measured speed.
    pipeline = fitting.fit(whole, span, {"network_epochs": 1})
    origin = fitting.description(whole, span, {})
    regimes = dict.fromkeys(REGIMES, amounts.OF_THE_CLIMATE)
    steps = amounts.steps_from(whole.network.event.threshold_mm)
    exceedance = [AmountStep(mm=mm, beyond_mm=beyond, regimes=regimes) for mm, beyond in steps]
    about = ModelDescription(**origin.given(), threshold=0.4, exceedance=exceedance)
    version = Registry(root / "models").save(pipeline, about, datetime.now(UTC))
    Registry(root / "models").promote(version, datetime.now(UTC), "benchmark")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server(NamedTuple):
    """Where it is asked, and its process."""

    url: str
    pid: int

    def processor_seconds(self) -> float:
        """Its user and system time to date."""
        times = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(app: str, root: Path) -> Iterator[Server]:
    """The app in a process of its own."""
    port = _free_port()
    environment = os.environ | {
        "PROJECT_ROOT": str(root),
        "API_KEY": TOKEN,
        "PYTHONPATH": str(ROOT),
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        app,
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-access-log",
    ]
    with (root / "server.log").open("wb") as said:  # a line for each of many thousand requests
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=said)
    try:
        _wait(f"http://127.0.0.1:{port}/health")
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            with urlopen(url, timeout=5):  # noqa: S310
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def load(url: str, script: Path, clients: int, seconds: int) -> dict[str, float]:
    """What `wrk` measures with so many clients: median and 99th percentile in ms, requests a
    second, failures.
    """
    command = [
        "wrk",
        "-t1",
        f"-c{clients}",
        f"-d{seconds}s",
        "--latency",
        "--timeout",
        "30s",
        "-s",
        str(script),
    ]
    said = subprocess.run(
        [*command, f"{url}/predict"], capture_output=True, text=True, check=True
    ).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return {
        "median_ms": _milliseconds(said, "50%"),
        "p99_ms": _milliseconds(said, "99%"),
        "per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),  # type: ignore[index]
        "requests": int(re.search(r"(\d+) requests in", said)[1]),  # type: ignore[index]
        "failed": int(failed[1]) if failed else 0,
    }


def _measured(server: Server, script: Path, clients: int, seconds: int) -> dict[str, float]:
    """As `load`, with the server's processor time for each request, which other work on the machine
    changes least.
    """
    before = server.processor_seconds()
    found = load(server.url, script, clients, seconds)
    spent = server.processor_seconds() - before
    return found | {"processor_ms": 1000 * spent / found["requests"]}


def _milliseconds(said: str, share: str) -> float:
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)\b", said).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def flush_ms(folder: Path, times: int = 200) -> float:
    """Median time in which the disk takes one appended row: the least that any answer can take."""
    spent = []
    with (folder / "flush").open("ab", buffering=0) as file:
        for _ in range(times):
            file.write(b"x" * 200 + b"\n")
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            spent.append(time.perf_counter() - begun)
    return 1000 * statistics.median(spent)


def measure(root: Path, seconds: int) -> dict[str, Any]:
    """Both servers with 1, 8 and 64 clients; the API's journal must hold every answer."""
    script = root / "post.lua"
    script.write_text(SCRIPT % (json.dumps(OBSERVATION), TOKEN))
    figures: dict[str, Any] = {"flush_ms": flush_ms(root)}
    for name, app in SERVERS.items():
        with serving(app, root) as server:
            load(server.url, script, 1, 4)  # what is slow only at first is not measured
            figures[name] = {n: _measured(server, script, n, seconds) for n in (1, 8, 64)}
    answered = sum(figures["raincast"][clients]["requests"] for clients in (1, 8, 64))
    figures["journal_rows"] = len(Journal(root / "outputs/preds_api.csv").read())
    if figures["journal_rows"] < answered:
        raise SystemExit(
            f"{answered} answers, but only {figures['journal_rows']} rows in the journal"
        )
    return figures


def show(figures: dict[str, Any]) -> None:
    print(f"one flush to this disk alone takes {figures['flush_ms']:.2f} ms (median)")
    print(
        f"{'clients':>8} {'server':>9} {'median ms':>10} {'p99 ms':>8} {'per second':>11}"
        f" {'processor ms':>13} {'failed':>7}"
    )
    for clients in (1, 8, 64):
        for name in SERVERS:
            f = figures[name][clients]
            numbers = (
                f"{f['median_ms']:>10.2f} {f['p99_ms']:>8.2f} {f['per_second']:>11.0f}"
                f" {f['processor_ms']:>13.2f} {f['failed']:>7}"
            )
            print(f"{clients:>8} {name:>9} {numbers}")
    ratio = {
        c: figures["raincast"][c]["per_second"] / figures["plain"][c]["per_second"]
        for c in (1, 8, 64)
    }
    print(
        "times as many requests a second as the plain server:",
        ", ".join(f"{r:.0f} ({c})" for c, r in ratio.items()),
    )


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--seconds", type=int, default=8, help="of each of the six measurements")
    asked.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = asked.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not there: install it (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        figures = measure(Path(folder), chosen.seconds)
    if chosen.json:
        print(json.dumps(figures))
    else:
        show(figures)


if __name__ == "__main__":
    main()
