"""Programs of the product, started as an operator starts them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from stack_server import StackServer

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/bootstrap_clickhouse.sh"


def run(
    command: list[str], environ: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a program with this environment and nothing of the developer's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": path, **home, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def bootstrap(server: StackServer, folder: Path) -> subprocess.CompletedProcess[str]:
    """Bootstrap the server with passwords for its accounts."""
    passwords = {
        "ZAKAZ_WRITER_PASSWORD": server.passwords["etl_writer"],
        "ZAKAZ_READER_PASSWORD": server.passwords["datalens_reader"],
    }
    return run([str(SCRIPT)], {**server.environ(), **passwords}, folder)
