"""Images built and started without a container engine: Debian's buildah over a debootstrap base.

The base stands in for the image that a Dockerfile names, since only package indexes can be reached:
Debian 12 with its Python. Once made it is kept in build/, so that only the first run makes it.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "build/container-base.tar"
NAME = "docker.io/library/python:3.12-slim-bookworm"
CERTIFICATES = "/etc/ssl/certs"
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"


def skip_without_tools() -> None:
    missing = [tool for tool in ("buildah", "debootstrap") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not there: apt install buildah crun debootstrap")
    if os.geteuid() != 0:
        pytest.skip("debootstrap and chroot need root")


class Buildah:
    """buildah with a store of its own."""

    def __init__(self, folder: Path) -> None:
        self._start = [
            "buildah",
            "--storage-driver",
            "vfs",
            "--root",
            str(folder / "root"),
            "--runroot",
            str(folder / "run"),
        ]

    def __call__(self, *words: str | Path) -> str:
        done = subprocess.run(
            [*self._start, *map(str, words)], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, (
            f"buildah {' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout.strip()

    def base(self) -> None:
        """Tags the base with a name that `build` puts in the place of the pinned one."""
        if not BASE.exists():
            make_base()
        container = self("from", "scratch")
        self("add", "--quiet", container, BASE, "/")
        environment = [
            f"--env=PATH={PATH}",
            f"--env=SSL_CERT_FILE={CERTIFICATES}/ca-certificates.crt",
        ]
        self("config", *environment, container)
        self("commit", "--quiet", "--format", "docker", "--rm", container, NAME)

    def build(self, dockerfile: str, tag: str) -> None:
        shared = [f"--volume={path}:{path}:ro" for path in (CERTIFICATES, "/etc/resolv.conf")]
        options = [
            "--isolation=chroot",
            "--format=docker",
            "--pull-never",
            "--network=host",
            "--quiet",
            f"--from={NAME}",
        ]
        self("bud", *options, *shared, "--file", dockerfile, "--tag", tag, ".")

    def container(self, image: str) -> str:
        return self("from", "--pull-never", image)

    @contextmanager
    def running(
        self, container: str, command: list[str], log: Path, *options: str
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """A command in a container, ended with all that it started."""
        words = [
            *self._start,
            "run",
            "--isolation=chroot",
            "--network=host",
            *options,
            container,
            "--",
            *command,
        ]
        with log.open("wb") as out:
            process = subprocess.Popen(
                words, cwd=ROOT, stdout=out, stderr=out, start_new_session=True
            )
            try:
                yield process
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(30)


def make_base() -> None:
    folder = BASE.with_suffix("")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    packages = "python3,python3-venv,ca-certificates"
    words = [
        "debootstrap",
        "--variant=minbase",
        f"--include={packages}",
        "bookworm",
        str(folder),
        "http://deb.debian.org/debian",
    ]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    (folder / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    part = BASE.with_suffix(".part")
    subprocess.run(
        ["tar", "--exclude=./var/cache/apt/archives/*", "-C", str(folder), "-cf", str(part), "."],
        check=True,
    )
    part.rename(BASE)
    shutil.rmtree(folder)
