"""The whole first load as a user runs it, over real HTTP: ``nox -s bench -- --backfill``.

Own process for the source, own process for ``zakaz sync``; without pacing, which is what a live
source decides. Facts are rebuilt and a snapshot is published, as ever. Then the same against a
server, where the loader is alone in its process: that is how the image runs. The server is the
native-protocol test server, so only the loader's memory means something there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from large import ground
from measured import timed
from order_pages import Truth, write_pages
from ours import TRUTH
from zakaz.warehouse.connect import open_for_reading
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import warehouse_url

HERE = Path(__file__).parent
NATIVE = HERE.parent / "stack" / "native"
Figure = tuple[str, str, str]


def measure_backfill(orders: int) -> list[Figure]:
    """Give the figures of a first load of so many orders, embedded and into a server."""
    with tempfile.TemporaryDirectory(prefix="zakaz-bench-", dir=ground(orders)) as folder:
        root = Path(folder)
        truth = write_pages(root / "pages", orders, repeated=0)
        with started([sys.executable, str(HERE / "page_server.py"), str(root / "pages")]) as told:
            store = root / "store"
            taken = timed(_sync(), environ(root, told, f"chdb://{store}"))
            with EmbeddedWarehouse(store / "live") as warehouse:
                hold_against(truth, warehouse)
            alone = _beside_a_server(root, told, truth)
    name = f"zakaz sync, first load of {orders:,} orders over HTTP"
    return [
        (name, f"{taken.seconds:.0f} s, {orders / taken.seconds:,.0f} orders/s", "–"),
        ("peak memory of that, the engine's file included", f"{taken.memory:.0f} MiB", "≤ 512 MiB"),
        ("peak memory of its own", f"{taken.own:.0f} MiB", "≤ 256 MiB"),
        ("peak memory of the loader beside a server", alone, "≤ 256 MiB"),
    ]


def _beside_a_server(root: Path, source: str, truth: Truth) -> str:
    python = os.environ.get("ZAKAZ_NATIVE_PYTHON", "")
    if not python:
        return "NOT RUN (needs chDB 3.2.0: ZAKAZ_NATIVE_PYTHON names its interpreter)"
    command = [python, str(NATIVE), "--folder", str(root / "native"), "--port", "0"]
    with started(command) as told:
        url = f"clickhouse://default@127.0.0.1:{json.loads(told)['port']}/zakaz"
        variables = environ(root, source, url)
        timed([zakaz(), "bootstrap"], variables)
        loader = timed(_sync(), variables)
        with open_for_reading(warehouse_url(variables)) as warehouse:
            hold_against(truth, warehouse)
    return f"{loader.memory:.0f} MiB"


@contextmanager
def started(command: list[str]) -> Iterator[str]:
    """Run a server and give the line it says first."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(timeout=60)


def zakaz() -> str:
    """Give the program of this environment."""
    return str(Path(sys.executable).parent / "zakaz")


def _sync() -> list[str]:
    return [zakaz(), "sync", "qtickets", "--only", "orders"]


def environ(root: Path, address: str, store: str) -> dict[str, str]:
    """Give the environment of a load: nothing of ours but source and store."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZAKAZ_", "QTICKETS_"))}
    return {
        **kept,
        "HOME": str(root),
        "XDG_DATA_HOME": str(root / "data"),
        "ZAKAZ_WAREHOUSE_URL": store,
        "QTICKETS_TOKEN": "bench",
        "QTICKETS_BASE_URL": address,
        "QTICKETS_RUN_DEADLINE_SECONDS": "7200",
    }


def hold_against(truth: Truth, warehouse: Warehouse) -> None:
    """End the program if a store holds anything but the truth of the pages."""
    found = tuple(map(int, warehouse.query(TRUTH).rows[0]))
    if found != (truth.orders, truth.tickets, truth.revenue):
        raise SystemExit(f"the first load stored {found}, sent was {truth}")
