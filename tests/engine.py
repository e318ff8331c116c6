"""A Docker engine of the tests' own, as root on a plain machine: Debian's dockerd with its data,
socket and process in one folder, and Compose over it.

No registry can be reached. So each pinned base image is a stand-in, imported under its name without
the digest: what debootstrap makes of Debian 12, with Debian's Python or with Debian's PostgreSQL.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import containers

ROOT = containers.ROOT
COMPOSE = ROOT / "build/docker-compose/usr/libexec/docker/cli-plugins/docker-compose"
"""Where `make compose-setup` unpacks Compose 2, which Debian 12 does not have."""

POSTGRES = "docker.io/library/postgres:15-bookworm"
PROMETHEUS = "raincast-tests/prometheus"
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}")
UP_SECONDS, DOWN_SECONDS, BUILD_SECONDS, COMMAND_SECONDS = 60, 60, 2400, 900
MOST_STARTS = 3
IP_FORWARD = Path("/proc/sys/net/ipv4/ip_forward")


class NoEngine(Exception):
    """Why no engine can be had here."""


def compose_command() -> list[str] | None:
    """Compose 2 or later, as a program of its own or as a plugin."""
    for words in ([str(COMPOSE)], ["docker-compose"], ["docker", "compose"]):
        try:
            said = subprocess.run(
                [*words, "version", "--short"], capture_output=True, text=True, timeout=30
            )
        except OSError:
            continue
        if said.returncode == 0 and int(said.stdout.strip().lstrip("v").split(".")[0]) >= 2:
            return words
    return None


def missing() -> str:
    """What an engine needs and this machine lacks; empty if nothing."""
    if os.geteuid() != 0:
        return "dockerd needs root"
    tools = [
        name for name in ("dockerd", "docker", "iptables", "debootstrap") if not shutil.which(name)
    ]
    if tools:
        return f"{', '.join(tools)} not there: apt install docker.io iptables debootstrap"
    return "" if compose_command() else "no Compose 2 on this machine: make compose-setup"


class Engine:
    """dockerd while it runs."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "DOCKER_HOST": f"unix://{folder}/docker.sock",
            "DOCKER_CONFIG": str(folder / "config"),
            "DOCKER_BUILDKIT": "0",
        }
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "dockerd.log").open("wb") as out:
            self._process = subprocess.Popen(
                [
                    "dockerd",
                    f"--data-root={folder}/data",
                    f"--exec-root={folder}/exec",
                    f"--pidfile={folder}/pid",
                    f"--host=unix://{folder}/docker.sock",
                    "--storage-driver=overlay2",
                    "--bridge=none",
                    *more,
                ],
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def wait(self) -> None:
        until = time.monotonic() + UP_SECONDS
        while subprocess.run(
            ["docker", "info"], env=self._environment, capture_output=True, timeout=COMMAND_SECONDS
        ).returncode:
            if self._process.poll() is not None or time.monotonic() > until:
                log = (self.folder / "dockerd.log").read_text("utf-8", "replace")
                raise NoEngine(f"dockerd does not start: {log[-600:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends it with its containers, unmounts what it has left, and only then removes it."""
        try:
            if self._process.poll() is None:
                self._remove_containers()
        finally:
            self._end()
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for path in reversed([path for path in mounts if Path(path).is_relative_to(self.folder)]):
            subprocess.run(["umount", path], check=True, timeout=COMMAND_SECONDS)
        shutil.rmtree(self.folder)

    def _remove_containers(self) -> None:
        if names := self("ps", "--all", "--quiet").split():
            self("rm", "--force", *names)
        self("network", "prune", "--force")

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(DOWN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(DOWN_SECONDS)

    def __call__(
        self,
        *words: str,
        seconds: float = COMMAND_SECONDS,
        command: tuple[str, ...] = ("docker",),
        **environment: str,
    ) -> str:
        done = subprocess.run(
            [*command, *words],
            cwd=ROOT,
            env=self._environment | environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, (
            f"{' '.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return done.stdout.strip()

    def bases(self) -> None:
        """The base that buildah has too, with this machine's certificates: here the package index
        is asked through them.
        """
        if not containers.BASE.exists():
            containers.make_base()
        self("import", str(containers.BASE), "debian-with-python", seconds=BUILD_SECONDS)
        context = self.folder / "base"
        context.mkdir()
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", context)
        shutil.copy(ROOT / "tests/postgres_entrypoint.sh", context)
        self._stand_in(containers.NAME, _PYTHON, context)
        self._stand_in(POSTGRES, _POSTGRES, context)

    def _stand_in(self, name: str, text: str, context: Path) -> None:
        (context / "Dockerfile").write_text(text)
        self("build", "--network=host", "--tag", name, str(context), seconds=BUILD_SECONDS)

    def prometheus(self) -> str:
        """An image with Debian's Prometheus, which starts as the published one does; its name."""
        context = self.folder / "prometheus"
        context.mkdir()
        shutil.copy(str(shutil.which("prometheus")), context)
        self._stand_in(PROMETHEUS, _PROMETHEUS, context)
        return PROMETHEUS

    def build(self, tags: Mapping[str, str]) -> None:
        """The product's images, from their Dockerfiles without the digests.

        By Compose, which brings BuildKit with it: the engine's own builder packs each layer up and
        unpacks it again, for longer than what the layers are made of takes.

        Args:
            tags: by what follows `Dockerfile.`.
        """
        command = compose_command()
        assert command is not None
        services = {name: self._build(name, tag) for name, tag in tags.items()}
        file = self.folder / "build.yml"
        file.write_text(json.dumps({"services": services}))
        words = ("--progress=plain", "-f", str(file), "build")
        self(*words, command=tuple(command), seconds=BUILD_SECONDS, DOCKER_BUILDKIT="1")

    def _build(self, name: str, tag: str) -> dict[str, Any]:
        file = self.folder / f"Dockerfile.{name}"
        file.write_text(DIGEST.sub("", (ROOT / f"docker/{file.name}").read_text()))
        about = {"context": str(ROOT), "dockerfile": str(file), "network": "host"}
        return {"image": tag, "build": about}

    def inspect(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self("inspect", name))[0]
        return found


_PYTHON = f"""
FROM debian-with-python
COPY ca-certificates.crt {containers.CERTIFICATES}/
ENV PATH={containers.PATH} SSL_CERT_FILE={containers.CERTIFICATES}/ca-certificates.crt
"""
_POSTGRES = f"""
FROM {containers.NAME}
RUN apt-get update -qq && apt-get install -qq --no-install-recommends postgresql-15 gosu >/dev/null
COPY postgres_entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/lib/postgresql/15/bin:{containers.PATH} PGDATA=/var/lib/postgresql/data
ENTRYPOINT ["sh", "/usr/local/bin/docker-entrypoint.sh"]
CMD ["postgres"]
"""
_PROMETHEUS = f"""
FROM {containers.NAME}
COPY prometheus /bin/prometheus
ENTRYPOINT ["/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
"""


class Project:
    """Compose files under a project's name, with a file of their environment."""

    def __init__(self, engine: Engine, environment: Path, *files: Path) -> None:
        command = compose_command()
        assert command is not None
        options = [word for file in files for word in ("-f", str(file))]
        name = f"raincast-test-{os.getpid()}"
        self._engine = engine
        self._command = (*command, "-p", name, "--env-file", str(environment), *options)

    def __call__(self, *words: str, seconds: float = COMMAND_SECONDS) -> str:
        return self._engine(*words, command=self._command, seconds=seconds)

    def container(self, service: str) -> dict[str, Any]:
        return self._engine.inspect(self("ps", "--all", "--quiet", service))

    def wait_until_healthy(self, *services: str, seconds: float) -> None:
        until = time.monotonic() + seconds
        for service in services:
            while (found := self.container(service))["State"]["Health"]["Status"] != "healthy":
                tried = time.monotonic() < until and found["RestartCount"] < MOST_STARTS
                assert tried, f"{service} is not healthy:\n{self.log(service)}"
                time.sleep(1)

    def log(self, service: str) -> str:
        return self("logs", "--no-color", "--tail", "60", service)[-4000:]


def lacking() -> str:
    """Why no engine runs here, which is tried; empty if one does."""
    if reason := missing():
        return reason
    engine = Engine(Path(tempfile.mkdtemp(prefix="raincast-")), "--iptables=false")
    try:
        engine.wait()
    except NoEngine as error:
        return str(error)
    finally:
        engine.stop()
    return ""


def _rules() -> str:
    return subprocess.run(["iptables-save"], capture_output=True, text=True, timeout=60).stdout


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """An engine that leaves nothing behind: no process, mount, rule of the firewall, or file."""
    rules, forward = _rules(), IP_FORWARD.read_text()
    engine = Engine(folder)
    try:
        engine.wait()
        yield engine
    finally:
        try:
            engine.stop()
        finally:
            if "DOCKER" not in rules:  # else another engine uses them
                subprocess.run(["iptables-restore"], input=rules, text=True, check=True, timeout=60)
                IP_FORWARD.write_text(forward)
