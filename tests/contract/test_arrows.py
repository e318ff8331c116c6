"""Imports point one way: what a room may import is read from the order of the rooms."""

import ast
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = (
    "errors",
    "documents",
    "pieces",
    "observations",
    "features",
    "learning",
    "forecasts",
    "verification",
    "decisions",
)
EDGES = (
    "settings",
    "logs",
    "signals",
    "store",
    "cluster",
    "sources",
    "simulator",
    "mirror",
    "notices",
    "tracking",
)
LOOP = ("loop", "replay")
SHELLS = ("console", "serving", "app", "cli", "__main__")
FLOORS = (*CORE, *EDGES, *LOOP, *SHELLS)
"""From the ground up: a room imports itself and what stands before it."""

FORMER = {"model": "learning", "nets": "learning"}
"""Names in pickled models; each leads to the room where its classes live now."""

FORBIDDEN = {"os", "pathlib", "socket", "httpx", "requests", "sqlite3", "time", "tempfile"}
FILES = sorted((ROOT / "raincast").rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT / "raincast").parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rooms(path: Path) -> set[str]:
    parts = {name.split(".")[1] for name in imported(path) if name.startswith("raincast.")}
    return {part for part in parts if part in FLOORS or part in FORMER}


def offenders(pairs: Iterable[tuple[Path, object]]) -> list[str]:
    return [f"{path.relative_to(ROOT)}: {what}" for path, what in pairs if what]


def above(path: Path) -> set[str]:
    here = room(path)
    allowed = FORMER.get(here, here)
    return rooms(path) - set(FLOORS[: FLOORS.index(allowed) + 1])


def test_every_room_has_its_floor() -> None:
    assert {room(path) for path in FILES} == {*FLOORS, *FORMER, "__init__"}


def test_arrows_point_down() -> None:
    assert not offenders((path, above(path)) for path in FILES if room(path) != "__init__")


def test_no_shell_imports_another() -> None:
    shells = {*SHELLS} - {"console", "__main__"}
    others = ((path, (rooms(path) & shells) - {room(path)}) for path in FILES)
    # `raincast serve` starts the server; it is the one command that needs another shell.
    found = offenders(pair for pair in others if room(pair[0]) in shells)
    assert found == ["raincast/cli/live.py: {'serving'}"]


def test_the_core_touches_nothing_outside() -> None:
    core = [path for path in FILES if room(path) in CORE]
    tops = ((path, {name.split(".")[0] for name in imported(path)} & FORBIDDEN) for path in core)
    assert not offenders(tops)


def test_only_settings_reads_the_environment() -> None:
    texts = ((path, path.read_text("utf-8")) for path in FILES if room(path) != "settings")
    assert not offenders((path, "os.environ" in text or "getenv" in text) for path, text in texts)


def test_stages_are_thin() -> None:
    stages = sorted((ROOT / "src").glob("*.py"))
    assert not offenders((p, len(p.read_text("utf-8").splitlines()) >= 80) for p in stages)


def test_documents_have_types() -> None:
    """What steers the product is a record; mappings of anything are left for what others define."""
    lines = [line for path in FILES for line in path.read_text("utf-8").splitlines()]
    found = sum(line.count("dict[str, Any]") for line in lines)
    assert 0 < found < 2 * len(lines) / 1000, f"{found} in {len(lines)} lines"
