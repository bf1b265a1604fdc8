"""What the loader's image holds, and what it does not."""

from __future__ import annotations

import json
import tarfile
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.images.conftest import Docker, Image

pytestmark = pytest.mark.needs("docker")

ROOT = Path(__file__).resolve().parents[2]
ROOM = ROOT / "dashboard-mvp/integrations/qtickets_api"
OUR_PACKAGES = {"zakaz-core", "zakaz-qtickets-api"}
OURS = ("opt/zakaz", "var/lib/zakaz")
TOOLS = ["pip", "pip3", "uv", "hatchling", "gcc", "g++", "cc", "make", "ld", "as", "git", "curl"]


@pytest.fixture(scope="module")
def archive(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image as docker save writes it: every layer whole."""
    path = tmp_path_factory.mktemp("saved") / "image.tar"
    image.docker.output("save", "--output", str(path), image.name)
    return path


def test_d03_l3_no_secret_of_the_context_reaches_the_image(
    image: Image, archive: Path, canary: str
) -> None:
    """Files and build arguments that hold secrets are in no layer, history, setting or variable."""
    history = image.docker.output("history", "--no-trunc", image.name)
    settings = image.docker.output("image", "inspect", image.name)
    variables = image.run(options=["--entrypoint", "env"]).stdout

    assert canary not in history
    assert canary not in settings
    assert canary not in variables
    assert "QTICKETS_TOKEN" not in variables
    assert canary not in image.build_log
    assert _hits(archive, canary.encode()) == []
    assert _hits(archive, b"python -m qtickets_api") != []  # the search does find what is there
    names = [name for layer in _layers(archive) for name in layer.getnames()]
    assert any(name.endswith("qtickets_api/__init__.py") for name in names)
    assert [n for n in names if Path(n).name.startswith(".env") or "/.git/" in n] == []


def test_r15_the_image_adds_its_own_folders_and_nothing_else(
    image: Image, base: str, archive: Path
) -> None:
    """Above the base stand the program and its state folder: no caches, no build folder, no /tmp.

    The other entries are what was removed from the base, and its programs without their setuid bit.
    """
    ours = islice(_layers(archive), _depth(image.docker, base), None)
    added = [member for layer in ours for member in layer]
    assert added
    strange = [
        member.name
        for member in added
        if not member.isdir()
        and not member.name.startswith(OURS)
        and not Path(member.name).name.startswith(".wh.")
        and not (member.isfile() and member.mode & 0o111)
    ]
    assert strange == []


def test_r15_no_installer_compiler_or_setuid_program_is_left(image: Image) -> None:
    """Whoever gets in finds nothing to build, fetch or become root with."""
    searched = " ".join(f"command -v {tool};" for tool in TOOLS)
    find = "find / -xdev -type f -perm /6000 2>/dev/null"
    caches = "find /opt /var/lib/zakaz /tmp -name '*.whl' -o -name '.cache' -o -name pip"

    for command in (searched, find, caches):
        found = image.run("-c", command, options=["--entrypoint", "sh"])
        assert found.stdout == "", command


def test_r15_every_package_is_installed_by_hash(image: Image) -> None:
    """What the image holds is the lock file's list plus our two rooms; each line has a hash."""
    lock = (ROOM / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", "")
    pinned = [line for line in lock.splitlines() if "==" in line]
    assert [line for line in pinned if "--hash=sha256:" not in line] == []
    listed = image.python(
        "import importlib.metadata as m, json;"
        "print(json.dumps(sorted(f'{d.name.lower()}=={d.version}' for d in m.distributions())))"
    )
    installed = {name.replace("_", "-") for name in json.loads(listed)}
    named = {line.partition(" ")[0].lower() for line in pinned}

    assert {name.partition("==")[0] for name in installed - named} == OUR_PACKAGES


def test_the_image_holds_no_engine_and_no_installer(image: Image) -> None:
    """Only the server client ships: no embedded engine, no pip in the environment."""
    code = (
        "import importlib.util as u; "
        "print([n for n in ('chdb', 'pandas', 'pyarrow', 'pip', 'hatchling') if u.find_spec(n)])"
    )

    assert image.python(code) == "[]"


def test_l3_the_image_does_not_run_as_root(image: Image) -> None:
    """The program runs under a fixed uid that owns nothing."""
    assert image.python("import os; print(os.getuid(), os.getgid())") == "10001 10001"


def test_the_program_cannot_change_itself(image: Image) -> None:
    """Neither the code nor its libraries are writable for the uid that runs them."""
    code = "import os, sys; print([p for p in sys.path if os.access(p, os.W_OK)])"

    assert image.python(code) == "[]"


def test_the_image_adds_little_to_its_base(image: Image, base: str) -> None:
    """What we put on top of the base stays below 60 MB."""

    def size(name: str) -> int:
        return int(image.docker.output("image", "inspect", "--format", "{{.Size}}", name))

    assert size(image.name) - size(base) < 60_000_000


def test_the_labels_say_what_it_is(image: Image, revision: str) -> None:
    """The OCI labels name title, version, licence, source and the revision given to the build."""
    labels = {
        key.removeprefix("org.opencontainers.image."): value
        for key, value in _config(image)["Labels"].items()
    }
    project = tomllib.loads((ROOM / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert labels["title"] == "zakaz-qtickets"
    assert labels["description"]
    assert labels["licenses"] == project["license"]
    assert labels["version"] == project["version"]
    assert labels["revision"] == revision
    assert labels["source"] == "https://git.example/zakaz"


def test_d04_the_image_watches_its_own_loads(image: Image) -> None:
    """The health check asks whether loads keep coming, and gives the first one an hour."""
    check = _config(image)["Healthcheck"]

    assert check["Test"] == ["CMD", "zakaz", "check", "loads", "qtickets"]
    assert check["StartPeriod"] == 3600 * 10**9


def _config(image: Image) -> dict[str, Any]:
    text = image.docker.output("image", "inspect", "--format", "{{json .Config}}", image.name)
    config: dict[str, Any] = json.loads(text)
    return config


def _depth(docker: Docker, name: str) -> int:
    text = docker.output("image", "inspect", "--format", "{{json .RootFS.Layers}}", name)
    return len(json.loads(text))


def _layers(archive: Path) -> Iterator[tarfile.TarFile]:
    """Give the layers, the base's first."""
    with tarfile.open(archive) as outer:
        listing = outer.extractfile("manifest.json")
        assert listing is not None
        for name in json.load(listing)[0]["Layers"]:
            with tarfile.open(fileobj=outer.extractfile(name)) as layer:
                yield layer


def _hits(archive: Path, needle: bytes) -> list[str]:
    return [
        member.name
        for layer in _layers(archive)
        for member in layer
        if (stream := layer.extractfile(member) if member.isfile() else None)
        and needle in stream.read()
    ]
