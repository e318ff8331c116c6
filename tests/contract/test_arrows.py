"""Imports point inwards: the core knows no edge, edges no step, nothing a shell."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = {
    "errors", "schema", "event", "stations", "availability", "panel", "fields", "neighbours", "features", "nets", "model",
    "examples", "climatology", "opponents", "fitting", "judging", "journal", "journal_reader", "figures", "scoring",
    "quality", "comparison", "dataset", "live", "tuning", "request", "cures", "curves", "plots", "tracked", "parameters",
    "published", "overview", "trend", "reasons",
}  # fmt: skip
EDGES = {"settings", "sources", "archive", "archive_sql", "store", "registry", "simulator", "mirror", "tracking"}
LOOP = {"loop", "replay"}
SHELLS = {"cli", "serving", "app", "console", "__main__"}
FORBIDDEN = {"os", "pathlib", "socket", "httpx", "requests", "sqlite3", "time", "tempfile"}
ALL = sorted((ROOT / "raincast").rglob("*.py"))


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
    own = {name.split(".")[1] for name in imported(path) if name.startswith("raincast.")}
    return own & (CORE | EDGES | LOOP | SHELLS)


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(ROOT)))
def test_arrows_point_inwards(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    allowed = {
        **dict.fromkeys(CORE, CORE),
        **dict.fromkeys(EDGES, CORE | EDGES),
        **dict.fromkeys(LOOP, CORE | EDGES | LOOP),
    }
    assert here in allowed or here in SHELLS, f"{here} has no place: put it in the core, among the edges or the shells"
    if here in allowed:
        assert rooms(path) <= allowed[here]


@pytest.mark.parametrize("path", [p for p in ALL if room(p) in CORE], ids=lambda p: p.stem)
def test_the_core_touches_nothing_outside(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & FORBIDDEN


@pytest.mark.parametrize("path", [p for p in ALL if room(p) not in {"settings"}], ids=lambda p: p.stem)
def test_only_settings_reads_the_environment(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "os.environ" not in text
    assert "getenv" not in text


@pytest.mark.parametrize("path", sorted((ROOT / "src").glob("*.py")), ids=lambda p: p.stem)
def test_stages_are_thin(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 80
