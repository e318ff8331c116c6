"""How long the app's first page takes with 100,000 rows in the journal, beside one with a hundredth
of them.

    python benchmarks/first_page.py        needs Chromium (apt-get install chromium)

The journal changes before each visit, so that nothing made of its rows is kept. Medians of five
visits, and their ratio.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from raincast.settings import Settings
from tests import lived
from tests.e2e.conftest import app, free_port

ROWS, BASELINE, VISITS = 100_000, 1_000, 5


def journal(root: Path, world: Settings, count: int) -> tuple[Path, bytes]:
    """A folder with the world's model and a journal of so many rows; the journal's path and one row
    to add.
    """
    shutil.copytree(world.models, root / "models")
    header, *rows = world.journal.read_bytes().splitlines(keepends=True)
    (root / "outputs").mkdir()
    path = root / "outputs/preds_api.csv"
    path.write_bytes(header + b"".join((rows * (count // len(rows) + 1))[:count]))
    return path, rows[0]


def first_page_seconds(browser: Browser, address: str) -> float:
    """From the address to the drawn map, in a browser that has nothing of it yet."""
    begun, page = time.perf_counter(), browser.new_page()
    page.goto(address)
    page.locator(".js-plotly-plot .scatterlayer").first.wait_for(timeout=60_000)
    took = time.perf_counter() - begun
    page.close()
    return took


def measured(browser: Browser, folder: Path, world: Settings, count: int) -> float:
    folder.mkdir()
    path, row = journal(folder, world, count)
    port, took = free_port(), []
    with app(folder, port, free_port(), folder / "app.txt"):
        for _ in range(VISITS):
            took.append(first_page_seconds(browser, f"http://127.0.0.1:{port}"))
            with path.open("ab") as file:
                file.write(row)
    return statistics.median(took)


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("no Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        world = lived.build(Path(name) / "world")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        few = measured(browser, Path(name) / "few", world, BASELINE)
        many = measured(browser, Path(name) / "many", world, ROWS)
        browser.close()
    print(
        f"first page, median of {VISITS} visits: {many:.2f} s with {ROWS} rows, {few:.2f} s with"
        f" {BASELINE} (baseline)"
    )
    print(f"ratio {many / few:.2f}")


if __name__ == "__main__":
    main()
