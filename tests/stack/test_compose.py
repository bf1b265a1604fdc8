"""The composed server, as its files describe it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "infra/clickhouse"
COMPOSE = FOLDER / "docker-compose.yml"
MADE = {
    "CLICKHOUSE_PASSWORD": "made-by-the-test-1",
    "CLICKHOUSE_PORT": "19000",
    "CLICKHOUSE_HTTP_PORT": "18123",
}


@pytest.fixture
def service() -> dict[str, Any]:
    document = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    assert list(document["services"]) == ["clickhouse"]
    return dict(document["services"]["clickhouse"])


def compose(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [*command, "--file", str(COMPOSE), "config"],
        cwd="/",
        env={**environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(params=["docker compose", "docker-compose"])
def command(request: pytest.FixtureRequest) -> list[str]:
    """Either generation of compose, where this machine has it."""
    words = str(request.param).split()
    found = shutil.which(words[0]) and not subprocess.call(
        [*words, "version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if not found:
        pytest.skip(f"NOT RUN (needs the command {request.param})")
    return words


def test_the_compose_file_follows_the_compose_specification() -> None:
    """The file is valid by the published schema."""
    validator = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run(
        [validator, "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def test_b6_the_compose_file_works_with_either_compose_command(command: list[str]) -> None:
    """Generation 1 and generation 2 of compose read the same file to the same server."""
    answer = compose(command, **MADE)

    assert answer.returncode == 0, answer.stderr
    settings = yaml.safe_load(answer.stdout)["services"]["clickhouse"]
    assert settings["image"] == "clickhouse/clickhouse-server:24.8"
    assert settings["environment"]["ZAKAZ_ADMIN_PASSWORD"] == MADE["CLICKHOUSE_PASSWORD"]


def test_c12_no_server_starts_without_a_password_of_its_own(command: list[str]) -> None:
    """Without the made passwords compose refuses and names the script that makes them."""
    if (FOLDER / ".env").exists():
        pytest.skip("this checkout has made its passwords already")
    answer = compose(command)

    assert answer.returncode != 0
    assert "bootstrap_clickhouse.sh --up" in answer.stderr


def test_b9_ports_are_published_on_loopback_only(service: dict[str, Any]) -> None:
    """Nobody outside this machine reaches the server unless its owner changes the file."""
    assert len(service["ports"]) == 2
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_b4_health_asks_ping_and_needs_no_password(service: dict[str, Any]) -> None:
    """The health check stays true whatever the passwords are."""
    check = service["healthcheck"]["test"]

    assert check[-1].endswith("/ping")
    assert "password" not in " ".join(check).lower()


def test_b12_no_name_depends_on_the_folder() -> None:
    """Project, network and volume have names of their own, so a moved checkout finds its data."""
    document = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    example = (FOLDER / ".env.example").read_text(encoding="utf-8").splitlines()

    assert document["networks"]["default"]["name"] == "zakaz"
    assert document["volumes"]["data"]["name"] == "zakaz_clickhouse_data"
    assert "COMPOSE_PROJECT_NAME=zakaz" in example


def test_b5_data_lives_in_a_named_volume(service: dict[str, Any]) -> None:
    """No bind mount whose owner the server cannot write as."""
    assert "data:/var/lib/clickhouse" in service["volumes"]


def test_b1_configuration_is_mounted_file_by_file(service: dict[str, Any]) -> None:
    """The image's own settings beside ours stay visible."""
    mounted = [volume for volume in service["volumes"] if volume.startswith("./")]

    assert len(mounted) == 2
    for volume in mounted:
        source, target, mode = volume.split(":")
        assert (FOLDER / source).is_file()
        assert target.endswith("/zakaz.xml")
        assert mode == "ro"


def test_b14_the_image_is_not_told_to_make_a_user(service: dict[str, Any]) -> None:
    """The variables that would replace our accounts by one of the image's are not passed on."""
    assert {"CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD", "CLICKHOUSE_DB"}.isdisjoint(
        service["environment"]
    )


def test_b2_the_server_listens_on_ipv4_and_tolerates_a_busy_port() -> None:
    """A machine without IPv6 does not keep the server from starting."""
    config = ElementTree.parse(FOLDER / "config.d/zakaz.xml").getroot()  # noqa: S314 - ours
    hosts = [host.text for host in config.findall("listen_host") if host.text]

    assert hosts == ["0.0.0.0"]  # noqa: S104 - inside the container
    assert config.findtext("listen_try") == "1"


def test_c4_c6_one_user_is_defined_and_once() -> None:
    """Outside SQL there is the admin alone: default is removed, nobody stands twice."""
    files = sorted((FOLDER / "users.d").iterdir())
    users = [
        user
        for path in files
        for user in ElementTree.parse(path).getroot().findall("users/*")  # noqa: S314 - ours
    ]

    assert [(user.tag, user.get("remove")) for user in users] == [
        ("default", "remove"),
        ("admin", None),
    ]


def test_c2_the_admin_may_make_accounts_and_has_no_password_in_a_file() -> None:
    """The admin's password comes from the environment, and only private networks reach it."""
    users = ElementTree.parse(FOLDER / "users.d/zakaz.xml").getroot()  # noqa: S314 - ours
    admin = users.find("users/admin")
    assert admin is not None
    password = admin.find("password")
    assert password is not None

    assert admin.findtext("access_management") == "1"
    assert password.text is None
    assert password.get("from_env") == "ZAKAZ_ADMIN_PASSWORD"
    assert "::/0" not in [ip.text for ip in admin.findall("networks/ip")]


def test_c12_the_example_holds_no_password() -> None:
    """Passwords are made, not copied."""
    lines = (FOLDER / ".env.example").read_text(encoding="utf-8").splitlines()
    passwords = [line for line in lines if "PASSWORD" in line and not line.startswith("#")]

    assert len(passwords) == 3
    assert all(line.endswith("=") for line in passwords)
