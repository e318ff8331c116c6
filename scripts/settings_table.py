"""Writes what follows from the settings: `docs/settings.md`, `.env.example` and the Compose files.

Run by `make settings`; a test compares.
"""

import re
from pathlib import Path

from raincast.settings import ELSEWHERE, Variable, variables

ROOT = Path(__file__).resolve().parent.parent
INTRODUCTION = """# Settings

Every setting is an environment variable. A variable that is empty counts as not set. Secrets have
no default: they are asked for when they are used.

| variable | default | what it sets |
|---|---|---|
"""
ENV_HEAD = """# Copy to .env, which Git does not see; `docker compose` reads it.
# What is empty has its default.
"""
_BLOCK = re.compile(r"(?P<head> *# settings: [^\n]*\n).*?(?P<end> *# end of settings\n)", re.DOTALL)
# Compose gives these to a container itself: its folders, its neighbours, its secrets.
_OF_COMPOSE = {"PROJECT_ROOT", "API_URL", "AIRFLOW_URL", "MLFLOW_TRACKING_URI"}
COMPOSE = ("docker-compose.yml", "docker-compose.airflow.yml")


def every() -> list[Variable]:
    return [*variables().values(), *ELSEWHERE]


def table() -> str:
    """`docs/settings.md`."""
    lines = [f"| `{v.name}` | {_default(v)} | {v.about} |\n" for v in every()]
    return INTRODUCTION + "".join(lines)


def _default(variable: Variable) -> str:
    if not variable.default:
        return "none"
    return variable.default if " " in variable.default else f"`{variable.default.strip('`')}`"


def env() -> str:
    """`.env.example`."""
    blocks = [
        f"\n# {v.about.replace('`', '')}; default: {v.default or 'none'}\n{v.name}=\n"
        for v in every()
    ]
    return ENV_HEAD + "".join(blocks)


def composed(text: str) -> str:
    """The text of a Compose file with the block of settings as they are now."""
    names = [v.name for v in variables().values() if v.name not in _OF_COMPOSE]

    def block(match: re.Match[str]) -> str:
        indent = " " * (len(match["head"]) - len(match["head"].lstrip()))
        lines = "".join(f"{indent}{name}: ${{{name}:-}}\n" for name in names)
        return match["head"] + lines + match["end"]

    return _BLOCK.sub(block, text)


def files() -> dict[str, str]:
    """Every file that follows from the settings, by its path from the root."""
    compose = {name: composed((ROOT / name).read_text("utf-8")) for name in COMPOSE}
    return {"docs/settings.md": table(), ".env.example": env()} | compose


if __name__ == "__main__":
    for name, text in files().items():
        (ROOT / name).write_text(text, "utf-8")
