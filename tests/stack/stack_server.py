"""The server a session of these tests runs on, whichever of the two it is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

from clickhouse_driver import Client

IMAGE = "clickhouse/clickhouse-server:24.8"
CONTAINER = f"{IMAGE} in a container"
NATIVE = "the native-protocol test server over chDB 3.2.0; no ClickHouse server ran"
ACCOUNTS = ("admin", "etl_writer", "datalens_reader")
_PULL_SECONDS = 180


@dataclass(frozen=True)
class StackServer:
    """A running server: what it is, where it is, and how to restart it on its data."""

    kind: str
    port: int
    passwords: dict[str, str] = field(repr=False)
    restart: Callable[[], None]

    def environ(self, user: str = "admin") -> dict[str, str]:
        """Give the variables that lead a program to this server under one of its accounts."""
        url = f"clickhouse://{user}:{self.passwords[user]}@127.0.0.1:{self.port}/zakaz"
        return {"ZAKAZ_WAREHOUSE_URL": url}


def empty(server: StackServer) -> None:
    """Drop the databases of the product."""
    login = {"user": "admin", "password": server.passwords["admin"]}
    with Client("127.0.0.1", server.port, **login) as client:
        for database in ("bi", "zakaz"):
            client.execute(f"DROP DATABASE IF EXISTS {database}")


def image_can_be_had() -> bool:
    """Say whether an engine runs here and has, or can pull, the server's image in time."""
    if not shutil.which("docker"):
        return False
    for arguments, seconds in (
        (["image", "inspect", IMAGE], 20),
        (["pull", "--quiet", IMAGE], _PULL_SECONDS),
    ):
        try:
            found = subprocess.run(
                ["docker", *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        if found.returncode == 0:
            return True
    return False
