"""The loader's image: what is in it, who it runs as and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.images.conftest import Image

pytestmark = pytest.mark.needs("docker")

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = "dashboard-mvp/integrations/qtickets_api/Dockerfile"
TEMPLATE = ROOT / "dashboard-mvp/test_env/.env.template"
HARDENED = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
SCRATCH = ["--tmpfs", "/tmp", "--tmpfs", "/var/lib/zakaz:mode=1777"]


@pytest.mark.criterion("QT-1")
def test_k15_the_image_builds_from_the_root_without_cache(image: Image) -> None:
    """docker build --no-cache succeeds with the repository root as its context."""
    assert image.docker.output("image", "inspect", "--format", "{{.Id}}", image.name)


def test_help_ends_with_exit_0(image: Image) -> None:
    """The image explains itself without any variable set."""
    answer = image.run("--help")

    assert answer.returncode == 0, answer.stdout
    assert "usage" in answer.stdout.lower()


@pytest.mark.criterion("QT-2")
@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="as built"),
        pytest.param([*HARDENED, *SCRATCH], id="read-only, no capabilities (D01)"),
        pytest.param(["--user", "123456:0", *HARDENED, *SCRATCH], id="arbitrary uid (D02)"),
        pytest.param(["--user", "123456:123456"], id="arbitrary uid and group"),
    ],
)
def test_the_untouched_template_runs_dry_without_a_network(
    image: Image, options: list[str]
) -> None:
    """With the template as it stands a run sends nothing, writes nothing and exits 0."""
    answer = image.run(options=["--env-file", str(TEMPLATE), *options], network="none")

    assert answer.returncode == 0, answer.stdout
    assert "Traceback" not in answer.stdout


def test_l3_the_image_does_not_run_as_root(image: Image) -> None:
    """The program runs under a fixed uid that owns nothing."""
    assert image.python("import os; print(os.getuid(), os.getgid())") == "10001 10001"


def test_the_program_cannot_change_itself(image: Image) -> None:
    """Neither the code nor its libraries are writable for the uid that runs them."""
    code = "import os, sys; print([p for p in sys.path if os.access(p, os.W_OK)])"

    assert image.python(code) == "[]"


def test_the_image_holds_no_engine_and_no_installer(image: Image) -> None:
    """Only the server client ships: no embedded engine, no pip in the environment."""
    code = (
        "import importlib.util as u; "
        "print([n for n in ('chdb', 'pandas', 'pyarrow', 'pip', 'hatchling') if u.find_spec(n)])"
    )

    assert image.python(code) == "[]"


def test_the_image_adds_little_to_its_base(image: Image, base: str) -> None:
    """What we put on top of the base stays below 80 MB."""

    def size(name: str) -> int:
        return int(image.docker.output("image", "inspect", "--format", "{{.Size}}", name))

    assert size(image.name) - size(base) < 80_000_000


def test_an_embedded_warehouse_is_refused_with_exit_78(image: Image) -> None:
    """chdb:// in the image is a configuration error that says what to write instead."""
    answer = image.run(
        env={
            "ZAKAZ_WAREHOUSE_URL": "chdb:///var/lib/zakaz/store",
            "QTICKETS_TOKEN": "token-of-the-test",
        }
    )

    assert answer.returncode == 78, answer.stdout
    assert "clickhouse" in answer.stdout
    assert "Traceback" not in answer.stdout
    assert "token-of-the-test" not in answer.stdout


def test_c01_a_missing_token_is_named_with_exit_78(image: Image) -> None:
    """Without a token a real run stops before any request and names the variable."""
    answer = image.run(env={"ZAKAZ_WAREHOUSE_URL": "clickhouse://u:p@127.0.0.1:9/zakaz"})

    assert answer.returncode == 78, answer.stdout
    assert "QTICKETS_TOKEN" in answer.stdout


def test_the_labels_say_what_it_is(image: Image) -> None:
    """The OCI labels name title, version and licence."""
    text = image.docker.output(
        "image", "inspect", "--format", "{{json .Config.Labels}}", image.name
    )
    labels = {key.rpartition(".")[2]: value for key, value in json.loads(text).items()}

    assert labels["title"] == "zakaz-qtickets"
    assert labels["licenses"] == "Apache-2.0"
    assert labels["version"]


@pytest.fixture
def silent_service() -> Iterator[socket.socket]:
    """A service on loopback that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


def test_d05_docker_stop_ends_a_run_in_time(image: Image, silent_service: socket.socket) -> None:
    """SIGTERM in the middle of a request ends the program within 10 s with exit code 75."""
    name = f"zakaz-stop-{os.getpid()}"
    url = f"http://127.0.0.1:{silent_service.getsockname()[1]}"
    command = ["docker", "run", "--name", name, "--network", "host", "-e", "DRY_RUN=true"]
    command += ["-e", f"QTICKETS_BASE_URL={url}", "-e", "QTICKETS_TOKEN=t", image.name]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            connection, _ = silent_service.accept()
            with connection:
                started = time.monotonic()
                image.docker.output("stop", "--time", "10", name)
                seconds = time.monotonic() - started
            output = process.communicate(timeout=20)[0].decode()
        finally:
            image.docker.run("rm", "--force", name)

    assert process.returncode == 75, output
    assert seconds < 10
    assert "Traceback" not in output


def test_d06_an_altered_hash_stops_the_build(
    image: Image, base: str, build_context: Path, tmp_path: Path
) -> None:
    """A package that is not the locked one never gets into the image."""
    altered = shutil.copytree(build_context, tmp_path / "context")
    lock = altered / "dashboard-mvp/integrations/qtickets_api/requirements.lock"
    lines = [
        line.partition("sha256:")[0] + "sha256:" + "0" * 64 + (" \\" if line.endswith("\\") else "")
        if "sha256:" in line
        else line
        for line in lock.read_text(encoding="utf-8").splitlines()
    ]
    lock.write_text("\n".join(lines) + "\n", encoding="utf-8")

    built = image.docker.run(
        "build",
        "--force-rm",
        "--build-arg",
        f"BASE_IMAGE={base}",
        "--file",
        DOCKERFILE,
        ".",
        cwd=altered,
    )

    assert built.returncode != 0
    assert "DO NOT MATCH THE HASHES" in built.stdout


def test_d03_no_secret_of_the_context_reaches_the_image(
    image: Image, tmp_path: Path, canary: str
) -> None:
    """Files and build arguments that hold secrets are in no layer, no history and no setting."""
    archive = tmp_path / "image.tar"
    image.docker.output("save", "--output", str(archive), image.name)
    history = image.docker.output("history", "--no-trunc", image.name)
    settings = image.docker.output("image", "inspect", image.name)

    assert canary not in history
    assert canary not in settings
    assert canary not in image.build_log
    assert _hits(archive, canary.encode()) == []
    assert _hits(archive, b"python -m qtickets_api") != []  # the search does find what is there
    names = _names(archive)
    assert any(name.endswith("qtickets_api/__init__.py") for name in names)
    assert [n for n in names if Path(n).name.startswith(".env") or "/.git/" in n] == []


def _layers(archive: Path) -> Iterator[tuple[str, tarfile.TarFile]]:
    with tarfile.open(archive) as outer:
        for member in outer:
            stream = outer.extractfile(member) if member.isfile() else None
            if stream is None:
                continue
            try:
                with tarfile.open(fileobj=stream) as layer:
                    yield member.name, layer
            except tarfile.ReadError:
                continue


def _names(archive: Path) -> list[str]:
    return [member.name for _, layer in _layers(archive) for member in layer]


def _hits(archive: Path, needle: bytes) -> list[str]:
    return [
        member.name
        for _, layer in _layers(archive)
        for member in layer
        if (stream := layer.extractfile(member) if member.isfile() else None)
        and needle in stream.read()
    ]
