"""One server for the session: ClickHouse 24.8 in a container where its image can be had,
otherwise the native-protocol test server over the real 24.8 engine.

The last lines of a run and a property of every test in the junit record say which of the two ran.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_docker.plugin import DockerComposeExecutor

sys.path.append(str(Path(__file__).resolve().parent))

from native_process import NativeServer, native_python, native_server
from stack_server import ACCOUNTS, CONTAINER, NATIVE, StackServer, empty, image_can_be_had

__all__ = ["native_server"]

ROOT = Path(__file__).resolve().parents[2]
RAN_ON = pytest.StashKey[str]()
START_SECONDS = 180


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> StackServer:
    """The server of this session."""
    kind = "container" if image_can_be_had() else "double"
    started: StackServer = request.getfixturevalue(kind)
    request.config.stash[RAN_ON] = started.kind
    return started


@pytest.fixture
def empty_server(server: StackServer) -> StackServer:
    """The server without the databases of the product."""
    empty(server)
    return server


@pytest.fixture
def server_url(empty_server: StackServer) -> str:
    """The administrator's URL of the empty server."""
    return empty_server.environ()["ZAKAZ_WAREHOUSE_URL"]


@pytest.fixture(scope="session")
def stack_passwords() -> dict[str, str]:
    """Passwords as long as those of a real server."""
    return {name: secrets.token_urlsafe(24) for name in ACCOUNTS}


@pytest.fixture(autouse=True)
def _says_what_it_ran_on(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    if "server" in request.fixturenames:
        record_property("server", request.getfixturevalue("server").kind)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which server the session ran on."""
    if RAN_ON in config.stash:
        terminalreporter.section("server")
        terminalreporter.line(f"ran on {config.stash[RAN_ON]}")


# --- The native-protocol test server ---------------------------------------------------------


@pytest.fixture(scope="session")
def double(
    tmp_path_factory: pytest.TempPathFactory, stack_passwords: dict[str, str]
) -> Iterator[StackServer]:
    """The test double of a server, in a process of its own."""
    if native_python() is None:
        pytest.fail(
            "ZAKAZ_NATIVE_PYTHON must name a Python with chDB 3.2.0 (the 24.8 engine)", False
        )
    accounts = [f"--account={user}:{word}" for user, word in stack_passwords.items()]
    process = NativeServer(tmp_path_factory.mktemp("double") / "data", *accounts).start()

    def restart() -> None:
        process.stop()
        process.start()

    yield StackServer(NATIVE, process.port, stack_passwords, restart)
    process.stop()


# --- ClickHouse 24.8 through pytest-docker ---------------------------------------------------


@pytest.fixture(scope="session")
def docker_compose_command() -> str:
    """Compose in either generation."""
    answer = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return "docker-compose" if answer.returncode else "docker compose"


@pytest.fixture(scope="session")
def docker_compose_file() -> list[str]:
    """The file users start, with names of its own laid over it."""
    apart = Path(__file__).with_name("compose.apart.yml")
    return [str(ROOT / "infra/clickhouse/docker-compose.yml"), str(apart)]


@pytest.fixture(scope="session")
def docker_compose_project_name(stack_passwords: dict[str, str]) -> Iterator[str]:
    """A project of this process alone, with its ports and password in the environment."""
    name = f"zakaz-stack-{os.getpid()}"
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("ZAKAZ_STACK_NAME", name)
        environ.setenv("COMPOSE_PROJECT_NAME", name)
        environ.setenv("CLICKHOUSE_PASSWORD", stack_passwords["admin"])
        environ.setenv("CLICKHOUSE_PORT", str(free_port()))
        environ.setenv("CLICKHOUSE_HTTP_PORT", str(free_port()))
        yield name


@pytest.fixture(scope="session")
def docker_setup(
    docker_compose_command: str, docker_compose_file: list[str], docker_compose_project_name: str
) -> Iterator[str]:
    """Compose 1 cannot wait for health, so neither is asked to."""
    compose = DockerComposeExecutor(
        docker_compose_command, docker_compose_file, docker_compose_project_name
    )
    yield "up --detach"
    # Here and not in docker_cleanup, which never runs after a start that failed.
    compose.execute("down --volumes")


@pytest.fixture(scope="session")
def docker_cleanup() -> str:
    """Nothing is left to clean up: see docker_setup."""
    return ""


@pytest.fixture(scope="session")
def container(docker_services: Any, stack_passwords: dict[str, str]) -> StackServer:
    """The composed server, healthy."""
    native, http = (docker_services.port_for("clickhouse", port) for port in (9000, 8123))

    def healthy() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{http}/ping", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait() -> None:
        docker_services.wait_until_responsive(healthy, timeout=START_SECONDS, pause=0.2)

    def restart() -> None:
        docker_services._docker_compose.execute("restart clickhouse")
        wait()

    wait()
    return StackServer(CONTAINER, native, stack_passwords, restart)


def free_port() -> int:
    """Give a port of loopback that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
