"""The whole first load as a user runs it, over real HTTP: ``nox -s bench -- --backfill``.

Own process for the source, own process for ``zakaz sync``; without pacing, which is what a live
source decides. Facts are rebuilt and a snapshot is published, as ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from large import ground
from measured import timed
from order_pages import Truth, write_pages
from ours import TRUTH
from zakaz.warehouse.embedded import EmbeddedWarehouse

HERE = Path(__file__).parent
Figure = tuple[str, str, str]


def measure_backfill(orders: int) -> list[Figure]:
    """Give the figures of a first load of so many orders into an embedded store."""
    with tempfile.TemporaryDirectory(prefix="zakaz-bench-", dir=ground(orders)) as folder:
        root = Path(folder)
        truth = write_pages(root / "pages", orders, repeated=0)
        server = subprocess.Popen(
            [sys.executable, str(HERE / "page_server.py"), str(root / "pages")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            seconds, memory, _ = timed(_sync(), _environ(root, address))
        finally:
            server.terminate()
            server.wait(timeout=30)
        _hold_against(truth, root / "store" / "live")
    name = f"zakaz sync, first load of {orders:,} orders over HTTP"
    return [
        (name, f"{seconds:.0f} s, {orders / seconds:,.0f} orders/s", "–"),
        ("peak memory of that, the engine included", f"{memory:.0f} MiB", "≤ 512 MiB"),
    ]


def _sync() -> list[str]:
    return [str(Path(sys.executable).parent / "zakaz"), "sync", "qtickets", "--only", "orders"]


def _environ(root: Path, address: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZAKAZ_", "QTICKETS_"))}
    return {
        **kept,
        "HOME": str(root),
        "XDG_DATA_HOME": str(root / "data"),
        "ZAKAZ_WAREHOUSE_URL": f"chdb://{root / 'store'}",
        "QTICKETS_TOKEN": "bench",
        "QTICKETS_BASE_URL": address,
        "QTICKETS_RUN_DEADLINE_SECONDS": "7200",
    }


def _hold_against(truth: Truth, store: Path) -> None:
    with EmbeddedWarehouse(store) as warehouse:
        found = tuple(map(int, warehouse.query(TRUTH).rows[0]))
    if found != (truth.orders, truth.tickets, truth.revenue):
        raise SystemExit(f"the first load stored {found}, sent was {truth}")
