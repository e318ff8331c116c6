"""How quickly the API answers while a model is fitted beside it, on the same machine.

    python -m benchmarks.beside [SECONDS]     needs Linux and `wrk` (apt-get install wrk)

One client asks without a pause: while nothing else runs, while a model of full size is fitted as
`raincast retrain` fits it, which stands back (`FIT_PRIORITY`), and while one is fitted that does
not. Prints median and 99th percentile of each in ms, and the ratio to the API alone; writes
`metrics/beside.json`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.serving import OBSERVATION, ROOT, SCRIPT, TOKEN, build, load, serving
from raincast.store import files

OUT = ROOT / "metrics" / "beside.json"
SECONDS = 20
FITS = {"stands back": "10", "does not": "0"}
"""By name, its `FIT_PRIORITY`."""
_FIT = """
from datetime import date
from pathlib import Path
from raincast import console
from raincast.learning import fitting
from raincast.observations import panel
from raincast.store import stores
settings, _ = console.ready()
console.stand_back(settings)
observed = panel.from_frame(stores.of(settings).archive().as_known_at())
print("begun", flush=True)
while True:
    fitting.fit(observed, fitting.Span(date(2023, 12, 1), date(2024, 5, 1)), {"networks": 1})
"""


@contextmanager
def fitting(root: Path, priority: str) -> Iterator[None]:
    """Fits one model after the other, trees and a network, until the block ends."""
    environment = os.environ | {"PROJECT_ROOT": str(root), "FIT_PRIORITY": priority}
    process = subprocess.Popen(
        [sys.executable, "-c", _FIT], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None  # noqa: S101
        process.stdout.readline()
        time.sleep(2)  # its threads have begun
        yield
        if process.poll() is not None:
            raise SystemExit("the fit has ended before it was measured")
    finally:
        process.kill()
        process.wait()


def measured(root: Path, seconds: int) -> dict[str, Any]:
    script = root / "post.lua"
    script.write_text(SCRIPT % (json.dumps(OBSERVATION), TOKEN))
    with serving("api.main:app", root) as server:
        load(server.url, script, 1, 4)  # what is slow only at first is not measured
        found = {"alone": load(server.url, script, 1, seconds)}
        for name, priority in FITS.items():
            with fitting(root, priority):
                found[name] = load(server.url, script, 1, seconds)
    return found


def main(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        found = measured(Path(folder), seconds)
    alone = found["alone"]["p99_ms"]
    print("beside a fit that | median ms | p99 ms | p99 to that alone | failed")
    for name, f in found.items():
        f["p99_ratio"] = f["p99_ms"] / alone
        numbers = f"{f['median_ms']:.2f} | {f['p99_ms']:.2f} | {f['p99_ratio']:.1f}"
        print(f"{name} | {numbers} | {f['failed']:.0f}")
    files.write_json(OUT, {"seconds": seconds, "cores": os.cpu_count(), "beside": found})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
