"""Follows a recipe of docs/how-to word by word: edits and commands, in a copy of the tree.

A fenced block with `title="FILE"` is written to that file: alone it is the whole file, with
`before="LINE"` it goes before the line that begins so, with `replace="LINE"` in its place. A `bash`
block is run.
"""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<head>\w+[^\n]*)\n(?P<body>.*?)^(?P=indent)```", re.M | re.S
)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class Block(NamedTuple):
    language: str
    attributes: dict[str, str]
    body: str


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [
        Block(
            found["head"].split()[0],
            dict(_ATTRIBUTE.findall(found["head"])),
            textwrap.dedent(found["body"]),
        )
        for found in _BLOCK.finditer(text)
    ]


def follow(page: Path, tree: Path) -> int:
    """Does what the page says to a copy of the tree; how many edits and commands that were."""
    done = 0
    for block in blocks(page.read_text("utf-8")):
        if "title" in block.attributes:
            _edit(tree / block.attributes["title"], block)
        elif block.language == "bash":
            _run(block.body, tree)
        else:
            continue
        done += 1
    return done


def _edit(path: Path, block: Block) -> None:
    anchor = block.attributes.get("before") or block.attributes.get("replace")
    if anchor is None:
        path.write_text(block.body, "utf-8")
        return
    lines = path.read_text("utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith(anchor))
    indent = re.match(" *", anchor)[0]  # type: ignore[index]
    lines[at : at + ("replace" in block.attributes)] = [textwrap.indent(block.body, indent)]
    path.write_text("".join(lines), "utf-8")


def _run(script: str, tree: Path) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
