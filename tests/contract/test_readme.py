"""The README says what is: its commands exist, its figures are those of the files in metrics/."""

import re
import runpy
from pathlib import Path

import pytest
import typer

from raincast.cli.app import app
from raincast.cli.names import FORMER

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PROSE = README + "".join(
    (ROOT / f"docs/{name}.md").read_text("utf-8")
    for name in ("architecture", "tracking", "publishing", "operations")
)
BASH = "\n".join(re.findall(r"```bash\n(.*?)```", PROSE, re.DOTALL))


def command(words: list[str]) -> object:
    found = typer.main.get_command(app)
    for word in words:
        found = (
            found.commands[word] if hasattr(found, "commands") and word in found.commands else found
        )
    return found


@pytest.mark.parametrize("line", re.findall(r"(?m)^(?:API_KEY=\S+ )?raincast (.+)$", BASH))
def test_every_documented_command_and_option_exists(line: str) -> None:
    words = line.split("#")[0].split()
    known = typer.main.get_command(app).commands
    assert words[0] in known
    options = {option for parameter in command(words).params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_command_is_documented() -> None:
    shown = {n for n, c in typer.main.get_command(app).commands.items() if not c.hidden}
    assert shown <= set(re.findall(r"raincast ([a-z-]+)", README))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z-]+)", README + BASH))))
def test_every_make_target_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"(?m)^{target}:", makefile) or target in {"and"}


@pytest.mark.parametrize(
    "path",
    sorted(set(re.findall(r"`((?:docs|benchmarks|scripts|optimisations|legacy)/[\w./]+)`", PROSE))),
)
def test_every_named_path_exists(path: str) -> None:
    assert (ROOT / path).exists() or path.endswith(".db")


@pytest.mark.parametrize("module", sorted(set(re.findall(r"src\.(\w+)", README))))
def test_every_named_stage_exists(module: str) -> None:
    assert (ROOT / "src" / f"{module}.py").is_file()


def test_the_figures_are_those_of_the_files() -> None:
    filled = runpy.run_path(str(ROOT / "scripts/readme_figures.py"))["filled"]
    assert filled(README) == README
    assert "| 3pm | **raincast** |" in README


def test_what_follows_from_the_settings_is_as_they_are() -> None:
    files = runpy.run_path(str(ROOT / "scripts/settings_table.py"))["files"]()
    assert [n for n, text in files.items() if (ROOT / n).read_text("utf-8") != text] == []


def test_former_names_of_commands_go_on_working_unseen() -> None:
    commands = typer.main.get_command(app).commands
    for new, old in FORMER.items():
        old_one, new_one = commands[old], commands[new.replace("_", "-")]
        assert (old_one.hidden, new_one.hidden) == (True, False)
        assert old_one.callback.__wrapped__ is new_one.callback.__wrapped__
