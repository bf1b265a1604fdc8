"""``zakaz serve`` as a process of its own, for tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

CALL = "from zakaz.cli.app import main; main()"
PATIENCE = 30


def command(*arguments: str) -> list[str]:
    """Give the command line of this installation."""
    return [sys.executable, "-c", CALL, "serve", "--no-open", *arguments]


def environ(store: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give an environment with a store and nothing of the developer's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZAKAZ_")}
    return kept | {"ZAKAZ_WAREHOUSE_URL": f"chdb://{store}"} | dict(extra or {})


@contextmanager
def served(store: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the dashboard on a free port and give its address."""
    with subprocess.Popen(
        command("--port", "0", *arguments),
        env=environ(store),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=store.parent,
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, process.stderr and process.stderr.read()
            yield process, found[0]
        finally:
            process.kill()


def get(address: str, path: str) -> tuple[int, str]:
    """Read one page."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
