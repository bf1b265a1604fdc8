"""R8: a first load in the image, in a container of little memory, from a source that often fails.

``nox -s bench -- --container --orders 1000000``. The bar allows 512 MiB; 256 are given, as for any
first load. The container has the machine's network, so that source and server stay on loopback; it
may do nothing else. The server is the native-protocol test server over chDB, outside of the limit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from backfill import HERE, NATIVE, Figure, environ, hold_against, started, zakaz
from components import lacking
from large import ground
from measured import timed
from order_pages import PER_PAGE, write_pages
from zakaz.warehouse.connect import open_for_reading
from zakaz.warehouse.url import warehouse_url

ROOT = HERE.parents[1]
IMAGE = "zakaz-qtickets:bench"
FAULTS = 0.05
_LIMIT = "256m"
_TRANSIENT = 75  # asks for another run later
_RUNS = 5
_RIGHTS = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")


def measure_container(orders: int) -> list[Figure]:
    """Give the figures of a first load of so many orders; ends the program if rows are missing."""
    why = lacking("docker") or ("" if os.environ.get("ZAKAZ_NATIVE_PYTHON") else "no chDB 3.2.0")
    if why:
        return [("first load in a container", f"NOT RUN ({why})", "–")]
    _docker("build", "--file", "dashboard-mvp/integrations/qtickets_api/Dockerfile", *_base(), ".")
    try:
        with tempfile.TemporaryDirectory(prefix="zakaz-bench-", dir=ground(orders)) as folder:
            root = Path(folder)
            truth = write_pages(root / "pages", orders, repeated=0)
            source = [sys.executable, str(HERE / "page_server.py"), str(root / "pages")]
            native = [os.environ["ZAKAZ_NATIVE_PYTHON"], str(NATIVE)]
            native += ["--folder", str(root / "native"), "--port", "0"]
            with started([*source, f"--faults={FAULTS}"]) as address, started(native) as told:
                url = f"clickhouse://default@127.0.0.1:{json.loads(told)['port']}/zakaz"
                variables = environ(root, address, url)
                timed([zakaz(), "bootstrap"], variables)
                seconds, runs = _load(variables)
                with open_for_reading(warehouse_url(variables)) as warehouse:
                    hold_against(truth, warehouse)
                with urllib.request.urlopen(f"{address}/counts", timeout=10) as answer:
                    counts = json.load(answer)
    finally:
        _docker("image", "rm", "--force", IMAGE)
        # The classic builder leaves the first stage behind; BuildKit does not.
        _docker("image", "prune", "--force", "--filter", "label=zakaz.stage=build")
    least = -(-orders // PER_PAGE)
    name = f"first load of {orders:,} orders, container of {_LIMIT}, {FAULTS:.0%} faults"
    return [
        (name, f"{seconds:.0f} s in {runs} run(s), ledger equal", "finishes"),
        ("faults it met", f"{counts['faults']} of {counts['requests']} requests", "–"),
        ("requests per page", f"{counts['requests'] / least:.3f}", "≤ 1.15"),
    ]


def _load(variables: dict[str, str]) -> tuple[float, int]:
    """Run the container until a load is complete, as a timer would; give seconds and runs."""
    asked = [f"--env={n}={v}" for n, v in variables.items() if n.startswith(("ZAKAZ_", "QTICKETS"))]
    room = ["--memory", _LIMIT, "--memory-swap", _LIMIT, "--tmpfs", "/tmp"]
    room += ["--tmpfs", "/var/lib/zakaz:mode=1777", "--network", "host"]
    command = ["docker", "run", "--rm", *_RIGHTS, *room, *asked, IMAGE, "--only", "orders"]
    began = time.perf_counter()
    for run in range(1, _RUNS + 1):
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
        if ended == 0:
            return time.perf_counter() - began, run
        if ended != _TRANSIENT:
            break
    raise SystemExit(f"the load in the container ended with {ended}")


def _base() -> list[str]:
    named = os.environ.get("BASE_IMAGE")
    return ["--tag", IMAGE, *([f"--build-arg=BASE_IMAGE={named}"] if named else [])]


def _docker(*arguments: str) -> None:
    done = subprocess.run(
        ["docker", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"docker {arguments[0]} failed: {done.stderr.decode()[-500:]}")
