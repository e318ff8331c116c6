"""The README says what is: its commands exist, its figures are those of the files in metrics/."""

import re
import runpy
from pathlib import Path

import typer

from raincast.cli.app import app
from raincast.cli.names import FORMER

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PROSE = README + "".join(
    (ROOT / f"docs/{name}.md").read_text("utf-8")
    for name in ("architecture", "commands", "tracking", "publishing", "operations", "scores")
)
BASH = "\n".join(re.findall(r"```bash\n(.*?)```", PROSE, re.DOTALL))


def command(words: list[str]) -> object:
    found = typer.main.get_command(app)
    for word in words:
        found = (
            found.commands[word] if hasattr(found, "commands") and word in found.commands else found
        )
    return found


def unknown(line: str) -> set[str]:
    """What of a documented command line does not exist: the command, or options."""
    words = line.split("#")[0].split()
    if words[0] not in typer.main.get_command(app).commands:
        return {words[0]}
    options = {option for parameter in command(words).params for option in parameter.opts}
    return {word for word in words if word.startswith("--")} - options


def test_every_documented_command_and_option_exists() -> None:
    lines = re.findall(r"(?m)^(?:API_KEY=\S+ )?raincast (.+)$", BASH)
    assert len(lines) > 10
    assert {line: missing for line in lines if (missing := unknown(line))} == {}


def test_every_command_is_documented() -> None:
    shown = {n for n, c in typer.main.get_command(app).commands.items() if not c.hidden}
    assert shown <= set(re.findall(r"raincast ([a-z-]+)", PROSE))


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = sorted(set(re.findall(r"make ([a-z-]+)", README + BASH)))
    missing = {t for t in targets if not re.search(rf"(?m)^{t}:", makefile)}
    assert missing <= {"and"}


def test_every_named_path_exists() -> None:
    paths = sorted(
        set(re.findall(r"`((?:docs|benchmarks|scripts|optimisations|legacy)/[\w./]+)`", PROSE))
    )
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert [path for path in missing if not path.endswith(".db")] == []


def test_examples_write_where_git_does_not_look() -> None:
    pages = [ROOT / "README.md", ROOT / "raincast/cli/demo.py", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    written = set(re.findall(r"--out ([\w/.]+\.(?:csv|json))", text))
    assert "outputs/january.csv" in written
    assert {p for p in written if not p.startswith(("outputs/", "build/", "metrics/"))} == set()


def test_every_named_stage_exists() -> None:
    stages = sorted(set(re.findall(r"src\.(\w+)", PROSE)))
    assert [s for s in stages if not (ROOT / "src" / f"{s}.py").is_file()] == []


def test_the_figures_are_those_of_the_files() -> None:
    script = runpy.run_path(str(ROOT / "scripts/readme_figures.py"))
    for page in script["PAGES"]:
        text = (ROOT / page).read_text("utf-8")
        assert script["filled"](text) == text
    assert "| 9am | LightGBM, own row |" in (ROOT / script["PAGES"][2]).read_text("utf-8")
    assert "| 3pm | **raincast** |" in PROSE


def test_what_follows_from_the_settings_is_as_they_are() -> None:
    files = runpy.run_path(str(ROOT / "scripts/settings_table.py"))["files"]()
    assert [n for n, text in files.items() if (ROOT / n).read_text("utf-8") != text] == []


def test_former_names_of_commands_go_on_working_unseen() -> None:
    commands = typer.main.get_command(app).commands
    for new, old in FORMER.items():
        old_one, new_one = commands[old], commands[new.replace("_", "-")]
        assert (old_one.hidden, new_one.hidden) == (True, False)
        assert old_one.callback.__wrapped__ is new_one.callback.__wrapped__
