"""Pages of the site that are made from the code: commands, HTTP, files, Python. Run by MkDocs."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mkdocs_gen_files
import typer

from raincast.cli.app import app
from raincast.documents import Document
from raincast.serving.app import create_app
from raincast.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ("verification.records", "decisions.decided")
ROOMS = (
    "observations",
    "features",
    "learning",
    "forecasts",
    "verification",
    "decisions",
    "store",
    "sources",
    "loop",
)


def write(path: str, text: str) -> None:
    with mkdocs_gen_files.open(path, "w") as page:
        page.write(text)


def cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def commands(group: Any, name: str) -> Iterator[str]:
    """Every command that is not hidden, with its options."""
    for word, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {word}")
            continue
        yield f"## {name} {word}\n\n{inspect.cleandoc(command.help or '')}\n\n"
        rows = [
            f"| `{'`, `'.join(p.opts)}` | {cell(getattr(p, 'help', None) or '')} |\n"
            for p in command.params
            if p.name != "help"
        ]
        if rows:
            yield "| argument or option | what it is |\n|---|---|\n" + "".join(rows) + "\n"


def _clock() -> datetime:
    return datetime.now(UTC)


def http() -> Iterator[str]:
    """Every call of the API, from its OpenAPI description."""
    described = create_app(Settings(root=ROOT / "build/docs-root"), _clock).openapi()
    for path, methods in described["paths"].items():
        for method, call in methods.items():
            yield f"## {method.upper()} {path}\n\n{call.get('description') or call['summary']}\n\n"
            yield "| status | when |\n|---|---|\n"
            yield "".join(
                f"| {c} | {cell(a['description'])} |\n" for c, a in call["responses"].items()
            )
            yield "\n"
    yield "## Messages\n\n"
    for name, schema in described["components"]["schemas"].items():
        yield f"### {name}\n\n| field | what it is |\n|---|---|\n"
        fields = schema.get("properties", {}).items()
        yield "".join(
            f"| `{f}` | {cell(s.get('description', s.get('title', '')))} |\n" for f, s in fields
        )
        yield "\n"


def records() -> Iterator[str]:
    """Every record that a file holds, field by field."""
    for room in RECORDS:
        module = importlib.import_module(f"raincast.{room}")
        for name, kind in vars(module).items():
            own = inspect.isclass(kind) and kind.__module__.startswith(module.__name__)
            if own and issubclass(kind, Document):
                yield f"## {name}\n\n{inspect.getdoc(kind)}\n\n| field | type |\n|---|---|\n"
                for field, about in kind.model_fields.items():
                    shown = cell(str(about.annotation).replace("raincast.", ""))
                    yield f"| `{about.alias or field}` | `{shown}` |\n"
                yield "\n"


def python() -> Iterator[str]:
    """The modules of each room, with the first line of each."""
    for room in ROOMS:
        yield f"## {room}\n\n"
        for path in sorted((ROOT / "raincast" / room).glob("*.py")):
            if path.stem == "__init__":
                continue
            name = f"raincast.{room}.{path.stem}"
            about = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            page = f"reference/python/{room}.{path.stem}.md"
            write(page, f"# {name}\n\n::: {name}\n    options:\n      show_root_heading: false\n")
            yield f"- [{name}](python/{room}.{path.stem}.md): {cell(about.split(chr(10) * 2)[0])}\n"
        yield "\n"


HEADS = {
    "reference/commands.md": ("Commands", commands(typer.main.get_command(app), "raincast")),
    "reference/http.md": ("HTTP", http()),
    "reference/files.md": ("Files", records()),
    "reference/python.md": ("Python", python()),
}
for path, (title, parts) in HEADS.items():
    write(path, f"# {title}\n\n" + "".join(parts))
