"""Writes into dvc.yaml, under each stage's deps, the modules that the stage imports, at whatever
remove: `make stages`.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "dvc.yaml"
_MARK = re.compile(r"(?m)^(      # modules of ([\w.]+)\n)((?:      - (?:raincast|src)/.*\n)*)")


def _path(name: str) -> Path | None:
    """The file of one of our modules; None for anything else."""
    base = ROOT / name.replace(".", "/")
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.split(".")[0] in ("raincast", "src")}


def modules(stage: str) -> list[str]:
    """The files of the module of that name and of all of ours that it imports, with the packages
    that they lie in.
    """
    waiting, found = {stage}, set()
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if path and path not in found:
            found.add(path)
            waiting |= _imported(path) | ({name.rpartition(".")[0]} - {""})
    found |= {ROOT / "raincast/observations/stations.toml"} & {
        p.with_suffix(".toml") for p in found
    }
    return sorted(str(path.relative_to(ROOT)) for path in found)


def written(text: str) -> str:
    """The text of a dvc.yaml with the modules as they are now."""
    return _MARK.sub(lambda m: m[1] + "".join(f"      - {path}\n" for path in modules(m[2])), text)


if __name__ == "__main__":
    FILE.write_text(written(FILE.read_text("utf-8")), "utf-8")
