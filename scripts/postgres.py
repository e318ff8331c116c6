"""A PostgreSQL of our own, from Debian's package: on loopback, with
a password, never run by root.
"""

import os
import shutil
import subprocess
from pathlib import Path

HOME = Path("/var/lib/postgresql")
"""Of Debian's user `postgres`, who can enter no folder that is closed to others."""


def start(data: Path, port: int, user: str, password: str) -> int:
    """Starts it, on a folder that is made where it is missing; the id of its process.

    Raises:
        SystemExit: PostgreSQL is not installed.
        CalledProcessError: it does not start; says so in `postgres.log` in the folder.
    """
    if not (data / "PG_VERSION").exists():
        _make(data, user, password)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories="
    _as_its_user(
        "pg_ctl", "-D", str(data), "-w", "-l", str(data / "postgres.log"), "-o", options, "start"
    )
    return int((data / "postmaster.pid").read_text("utf-8").split()[0])


def stop(data: Path) -> None:
    _as_its_user("pg_ctl", "-D", str(data), "-m", "fast", "stop")


def _make(data: Path, user: str, password: str) -> None:
    word = data.with_suffix(".part")
    word.touch(0o600)
    word.write_text(password, "utf-8")
    data.mkdir(0o700, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        shutil.chown(word, "postgres")
    login = ["-U", user, "--auth=scram-sha-256", f"--pwfile={word}"]
    _as_its_user("initdb", "-D", str(data), *login, "-E", "UTF8")
    word.unlink()


def program(name: str) -> str:
    """Where the newest of Debian's versions has it, or the PATH.

    Raises:
        SystemExit: it is nowhere.
    """
    homes = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(homes[-1]) if homes else shutil.which(name)
    if not found:
        raise SystemExit("PostgreSQL is not there: apt install postgresql")
    return found


def _as_its_user(name: str, *words: str) -> None:
    """PostgreSQL refuses to run as root."""
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*become, program(name), *words], check=True, stdout=subprocess.DEVNULL, cwd="/")  # noqa: S603
