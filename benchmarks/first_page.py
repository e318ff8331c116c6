"""How long each page of the app takes with 100,000 rows in the journal, beside an empty Streamlit
page on the same machine in the same run.

    python benchmarks/first_page.py [metrics/first_page.json]
                                          needs Chromium (apt-get install chromium)

Warm: every page has been visited once, by the same browser, and nothing has changed since. A page
counts as there when its script has run, its title stands and nothing of it is still being drawn.
The visits to all pages alternate. Beside them, the first page in a browser that has nothing of it
yet, and after a change of the journal, when nothing made of its rows can be used again.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from raincast.app.main import FIRST, PAGES
from raincast.settings import Settings
from tests import lived, worlds
from tests.e2e.conftest import ROOT, api, app, free_port, process

ROWS, VISITS = 100_000, 5
BARS = {FIRST: 2.0}
BAR_OF_OTHERS = 1.5
EMPTY = 'import streamlit\n\nstreamlit.title("An empty page")\n'
THERE = """() => document.querySelector('h1')
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"""
WEIGHT = """() => performance.getEntriesByType('resource').reduce(
    ([sent, whole], file) => [sent + file.transferSize, whole + file.decodedBodySize], [0, 0])"""
DRAWN = THERE + " && document.querySelector('.map .mark')"


def grown(journal: Path, count: int) -> bytes:
    """Repeats the journal's rows until there are so many; one row to add."""
    header, *rows = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(header + b"".join((rows * (count // len(rows) + 1))[:count]))
    return rows[0]


@contextmanager
def empty_page(folder: Path) -> Iterator[str]:
    """Streamlit as it comes, with the app's own configuration; the page's address."""
    script, port = folder / "empty.py", free_port()
    script.write_text(EMPTY, "utf-8")
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with process(command, f"{address}/_stcore/health", folder / "empty.txt"):
        yield address


def seconds(context: BrowserContext, address: str, there: str = THERE) -> float:
    """From the address to the page as a visitor can use it."""
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(there, timeout=60_000)
    took = time.perf_counter() - begun
    page.close()
    return took


def strange(browser: Browser, address: str, there: str) -> float:
    """As `seconds`, in a browser that has nothing of it yet."""
    with browser.new_context() as context:
        return seconds(context, address, there)


def megabytes(browser: Browser, address: str) -> tuple[float, float]:
    """What a browser that has nothing yet fetches for the first page: over the wire, and as it
    unpacks it.
    """
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_function(DRAWN, timeout=60_000)
        sent, whole = page.evaluate(WEIGHT)
        return sent / 1e6, whole / 1e6


def measured(browser: Browser, plain: str, ours: str, journal: Path, row: bytes) -> dict[str, Any]:
    """Seconds of each visit, by page."""
    addresses = {"empty": plain} | {n: f"{ours}/{n}" for names in PAGES.values() for n in names}
    addresses[FIRST] = ours
    there = {name: DRAWN if name == FIRST else THERE for name in addresses}
    warm: dict[str, list[float]] = {name: [] for name in addresses}
    with browser.new_context() as context:
        for visit in range(VISITS + 1):
            for name, address in addresses.items():
                took = seconds(context, address, there[name])
                if visit:
                    warm[name].append(took)
    new = {n: [strange(browser, addresses[n], there[n]) for _ in range(VISITS)] for n in there}
    changed = []
    with browser.new_context() as context:
        seconds(context, ours, DRAWN)
        for _ in range(VISITS):
            with journal.open("ab") as file:
                file.write(row)
            changed.append(seconds(context, ours, DRAWN))
    return {"warm": warm, "new browser": new, "journal changed": {FIRST: changed}}


def report(
    took: dict[str, dict[str, list[float]]], weight: tuple[float, float]
) -> dict[str, object]:
    """Medians, and their ratios to the empty page's, with the bars."""
    warm = {name: statistics.median(all_) for name, all_ in took["warm"].items()}
    new = {name: statistics.median(all_) for name, all_ in took["new browser"].items()}
    pages = {
        name: {
            "seconds": round(warm[name], 2),
            "ratio": round(warm[name] / warm["empty"], 2),
            "bar": BARS.get(name, BAR_OF_OTHERS),
            "new_browser_seconds": round(new[name], 2),
            "new_browser_ratio": round(new[name] / new["empty"], 2),
        }
        for name in warm
        if name != "empty"
    }
    changed = statistics.median(took["journal changed"][FIRST])
    return {
        "command": "python benchmarks/first_page.py metrics/first_page.json",
        "rows": ROWS,
        "visits": VISITS,
        "empty_page_seconds": round(warm["empty"], 2),
        "empty_page_new_browser_seconds": round(new["empty"], 2),
        "pages": pages,
        "first_page_after_a_change_seconds": round(changed, 2),
        "first_page_after_a_change_ratio": round(changed / warm["empty"], 2),
        "first_page_megabytes": round(weight[0], 2),
        "first_page_megabytes_unpacked": round(weight[1], 2),
    }


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("no Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        os.environ.setdefault(worlds.HOME, name)
        world: Settings = lived.build(folder / "world")
        row = grown(world.journal, ROWS)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        port, api_port = free_port(), free_port()
        with (
            empty_page(folder) as plain,
            api(world.root, api_port, folder / "api.txt"),
            app(world.root, port, api_port, folder / "app.txt"),
        ):
            ours = f"http://127.0.0.1:{port}"
            took = measured(browser, plain, ours, world.journal, row)
            weight = megabytes(browser, ours)
        browser.close()
    found = report(took, weight)
    text = json.dumps(found, indent=2) + "\n"
    print(text, end="")
    for out in sys.argv[1:2]:
        (ROOT / out).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
