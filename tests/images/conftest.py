"""The image under test: built once, without cache, from a copy of the tree with bait in it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from components import is_required

sys.path.append(str(Path(__file__).resolve().parents[1] / "stack"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "docs"))

from native_process import native_server
from stranger import blocks_of

__all__ = ["native_server"]

ROOT = Path(__file__).resolve().parents[2]
README = "dashboard-mvp/integrations/qtickets_api/README.md"
README_IMAGE = "zakaz-qtickets-api"
DOCKERFILE = "dashboard-mvp/integrations/qtickets_api/Dockerfile"
CANARY = "canary-7f3a90c2-never-in-an-image"
REVISION = "0123abc"
KEPT = {"last": "zakaz-qtickets:tested", "build": "zakaz-qtickets:tested-build"}
BAIT = [
    ".env",
    "infra/clickhouse/.env",
    "infra/clickhouse/access/.env",
    "dashboard-mvp/.env",
    "dashboard-mvp/core/src/zakaz/.env",
    "dashboard-mvp/core/src/zakaz/.env.production",
    "dashboard-mvp/integrations/qtickets_api/.env",
    "dashboard-mvp/integrations/qtickets_api/src/qtickets_api/.env",
    "dashboard-mvp/integrations/qtickets_api/tests/notes.txt",
    "notes.txt",
]


def readme_commands() -> list[str]:
    """Give the commands of the integration's README that these tests run."""
    blocks = [block for block in blocks_of(README) if block.mark == "run by nox -s images"]
    return [line for block in blocks for line in block.commands.splitlines() if line]


@dataclass(frozen=True)
class Docker:
    """The Docker command line of this machine."""

    def run(
        self, *arguments: str, cwd: Path | None = None, timeout: float = 300
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["docker", *arguments],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )

    def output(self, *arguments: str) -> str:
        answer = self.run(*arguments)
        assert answer.returncode == 0, answer.stdout
        return answer.stdout.strip()


@dataclass(frozen=True)
class Image:
    """The built image, with what its build printed."""

    docker: Docker
    name: str
    build_log: str

    def run(
        self,
        *command: str,
        options: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        network: str = "none",
    ) -> subprocess.CompletedProcess[str]:
        """Run one container to its end; its two output streams come as one text."""
        variables = [
            part for key, value in (env or {}).items() for part in ("-e", f"{key}={value}")
        ]
        return self.docker.run(
            "run", "--rm", "--network", network, *options, *variables, self.name, *command
        )

    def python(self, code: str, *options: str) -> str:
        answer = self.run("-c", code, options=["--entrypoint", "python", *options])
        assert answer.returncode == 0, answer.stdout
        return answer.stdout.strip()


@pytest.fixture(scope="session")
def docker() -> Docker:
    """The engine; a test that asks for it carries the mark needs("docker")."""
    return Docker()


@pytest.fixture(scope="session")
def base(docker: Docker) -> str:
    """The base of the image, present on this machine."""
    dockerfile = (ROOT / DOCKERFILE).read_text(encoding="utf-8")
    default = dockerfile.partition("ARG BASE_IMAGE=")[2].partition("\n")[0]
    name = os.environ.get("BASE_IMAGE", default)
    if docker.run("image", "inspect", name).returncode and docker.run("pull", name).returncode:
        lacking = f"the base image {name}: no registry gives it; BASE_IMAGE may name another"
        if is_required("docker"):
            pytest.fail(f"ZAKAZ_REQUIRE names docker, but this machine lacks {lacking}", False)
        pytest.skip(f"NOT RUN (needs {lacking})")
    return name


@pytest.fixture(scope="session")
def hardened() -> list[str]:
    """The options of a container that may do nothing but run the program."""
    rights = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    return [*rights, "--tmpfs", "/tmp", "--tmpfs", "/var/lib/zakaz:mode=1777"]


@pytest.fixture(scope="session")
def readme() -> list[str]:
    """The commands of the integration's README that these tests run."""
    return readme_commands()


@pytest.fixture(scope="session")
def canary() -> str:
    """The secret that lies about in the build context."""
    return CANARY


@pytest.fixture(scope="session")
def revision() -> str:
    """The revision that the build is told."""
    return REVISION


@pytest.fixture(scope="session")
def build_context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the working tree in which secrets lie about."""
    folder = tmp_path_factory.mktemp("context")
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for name in BAIT:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"QTICKETS_TOKEN={CANARY}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def image(
    docker: Docker, base: str, build_context: Path, pytestconfig: pytest.Config
) -> Iterator[Image]:
    """The image, built as the README says, under a name of this run's own."""
    name = f"zakaz-qtickets:test-{os.getpid()}"
    (command,) = [line for line in readme_commands() if line.startswith("docker build")]
    words = shlex.split(command.replace(README_IMAGE, name))
    assert words[:3] == ["docker", "build", "--no-cache"]  # the specification's own words
    told = {"BASE_IMAGE": base, "REVISION": REVISION, "SOURCE": "https://git.example/zakaz"}
    told["QTICKETS_TOKEN"] = CANARY
    given = [word for pair in told.items() for word in ("--build-arg", "=".join(pair))]
    arguments = [*words[1:-1], *given, words[-1]]
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        print(f"\n{command}", flush=True)
    _forget_layers(docker)
    started = time.monotonic()
    built = docker.run(*arguments, cwd=build_context, timeout=600)
    assert built.returncode == 0, built.stdout[-3000:]
    with capture.global_and_fixture_disabled():
        size = int(docker.output("image", "inspect", "--format", "{{.Size}}", name))
        print(f"built in {time.monotonic() - started:.0f} s, {size / 1e6:.0f} MB", flush=True)
    try:
        yield Image(docker, name, built.stdout)
    finally:
        _keep_layers(docker, name, arguments[2:], build_context)


def _forget_layers(docker: Docker) -> None:
    """Remove what an earlier run kept, and the stages that no build has named."""
    docker.run("image", "rm", "--force", *KEPT.values())
    docker.run("image", "prune", "--force", "--filter", "label=zakaz.stage=build")


def _keep_layers(docker: Docker, name: str, arguments: Sequence[str], build_context: Path) -> None:
    """Keep the layers under one name for each stage until the next run.

    The smoke test builds the same Dockerfile with a cache, and finds them again.
    """
    docker.run("tag", name, KEPT["last"])
    docker.run("image", "rm", "--force", name)
    at = arguments.index("-t")
    stage = [*arguments[:at], "--target", "build", "-t", KEPT["build"], *arguments[at + 2 :]]
    docker.run("build", *stage, cwd=build_context, timeout=600)
    docker.run("image", "prune", "--force", "--filter", "label=zakaz.stage=build")
