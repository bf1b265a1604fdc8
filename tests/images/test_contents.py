"""What the loader's image holds, and what it does not."""

from __future__ import annotations

import json
import tarfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
COMMAND = b"python -m qtickets_api"
UNWANTED = ["chdb", "pandas", "pyarrow", "pip", "hatchling"]
TOOLS = ["pip", "pip3", "uv", "hatchling", "gcc", "g++", "cc", "make", "ld", "as", "git", "curl"]


# What one container is asked about itself.
LOOK = f"""
import importlib.metadata, importlib.util, json, os, subprocess, sys

def printed(command):
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True).stdout

print(json.dumps({{
    "user": [os.getuid(), os.getgid()],
    "variables": dict(os.environ),
    "tools": printed("{" ".join(f"command -v {tool};" for tool in TOOLS)}"),
    "setuid": printed("find / -xdev -type f -perm /6000 2>/dev/null"),
    "caches": printed(
        "find /opt /var/lib/zakaz /tmp -name '*.whl' -o -name '.cache' -o -name pip"
    ),
    "packages": [f"{{d.name.lower()}}=={{d.version}}" for d in importlib.metadata.distributions()],
    "unwanted": [name for name in {UNWANTED} if importlib.util.find_spec(name)],
    "writable": [path for path in sys.path if os.access(path, os.W_OK)],
}}))
"""


@dataclass(frozen=True)
class Entry:
    """One entry of a layer; layers are counted from the base's first."""

    layer: int
    member: tarfile.TarInfo
    found: set[bytes]  # of the words looked for


@pytest.fixture(scope="module")
def entries(image: Image, canary: str, tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """The image as docker save writes it, every layer whole, read once."""
    path = tmp_path_factory.mktemp("saved") / "image.tar"
    image.docker.output("save", "--output", str(path), image.name)
    found = list(_entries(path, [canary.encode(), COMMAND]))
    path.unlink()
    return found


@pytest.fixture(scope="module")
def inside(image: Image) -> dict[str, Any]:
    """What a container finds in itself."""
    told: dict[str, Any] = json.loads(image.python(LOOK))
    return told


def test_d03_l3_no_secret_of_the_context_reaches_the_image(
    image: Image, entries: list[Entry], inside: dict[str, Any], canary: str
) -> None:
    """Files and build arguments that hold secrets are in no layer, history, setting or variable."""
    history = image.docker.output("history", "--no-trunc", image.name)
    settings = image.docker.output("image", "inspect", image.name)
    variables = str(inside["variables"])

    assert canary not in history
    assert canary not in settings
    assert canary not in variables
    assert "QTICKETS_TOKEN" not in variables
    assert canary not in image.build_log
    assert [entry.member.name for entry in entries if canary.encode() in entry.found] == []
    assert [entry for entry in entries if COMMAND in entry.found]  # what is there is found
    names = [entry.member.name for entry in entries]
    assert any(name.endswith("qtickets_api/__init__.py") for name in names)
    assert [n for n in names if Path(n).name.startswith(".env") or "/.git/" in n] == []


def test_r15_the_image_adds_its_own_folders_and_nothing_else(
    image: Image, base: str, entries: list[Entry]
) -> None:
    """Above the base stand the program and its state folder: no caches, no build folder, no /tmp.

    The other entries are what was removed from the base, and its programs without their setuid bit.
    """
    depth = _depth(image.docker, base)
    added = [entry.member for entry in entries if entry.layer >= depth]
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


def test_r15_no_installer_compiler_or_setuid_program_is_left(inside: dict[str, Any]) -> None:
    """Whoever gets in finds nothing to build, fetch or become root with."""
    assert [inside[name] for name in ("tools", "setuid", "caches")] == ["", "", ""]


def test_r15_every_package_is_installed_by_hash(inside: dict[str, Any]) -> None:
    """What the image holds is the lock file's list plus our two rooms; each line has a hash."""
    lock = (ROOM / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", "")
    pinned = [line for line in lock.splitlines() if "==" in line]
    assert [line for line in pinned if "--hash=sha256:" not in line] == []
    installed = {name.replace("_", "-") for name in inside["packages"]}
    named = {line.partition(" ")[0].lower() for line in pinned}

    assert {name.partition("==")[0] for name in installed - named} == OUR_PACKAGES


def test_the_image_holds_no_engine_and_no_installer(inside: dict[str, Any]) -> None:
    """Only the server client ships: no embedded engine, no pip in the environment."""
    assert inside["unwanted"] == []


def test_l3_the_image_does_not_run_as_root(inside: dict[str, Any]) -> None:
    """The program runs under a fixed uid that owns nothing."""
    assert inside["user"] == [10001, 10001]


def test_the_program_cannot_change_itself(inside: dict[str, Any]) -> None:
    """Neither the code nor its libraries are writable for the uid that runs them."""
    assert inside["writable"] == []


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


def _entries(archive: Path, words: Sequence[bytes]) -> Iterator[Entry]:
    """Yield the entries of all layers, the base's first, with the words that stand in each."""
    with tarfile.open(archive) as outer:
        listing = outer.extractfile("manifest.json")
        assert listing is not None
        for layer, name in enumerate(json.load(listing)[0]["Layers"]):
            with tarfile.open(fileobj=outer.extractfile(name)) as members:
                for member in members:
                    stream = members.extractfile(member) if member.isfile() else None
                    content = stream.read() if stream else b""
                    yield Entry(layer, member, {word for word in words if word in content})
