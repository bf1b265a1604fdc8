"""A year of many ads as a user loads it, over real HTTP: ``nox -s bench -- --ads 500``.

Own process for the service, own process for ``zakaz sync vk``, first embedded, then beside the
native-protocol test server, where the loader is alone in its process.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from ads_service import YEAR
from backfill import HERE, NATIVE, Figure, started, zakaz
from measured import Timed, timed
from zakaz.warehouse.connect import open_for_reading
from zakaz.warehouse.url import warehouse_url

SYNC = [zakaz(), "sync", "vk"]
FOUND = """
SELECT sum(impressions), sum(clicks), sum(spend), sum(goals) FROM bi.v_vk_ads_daily
"""
_PROGRESS = "VK Ads, ads by month"


def measure_ads(ads: int) -> list[Figure]:
    """Give the figures of a first load of a year of so many ads, and of the next run."""
    with tempfile.TemporaryDirectory(prefix="zakaz-bench-") as folder:
        root = Path(folder)
        with started([sys.executable, str(HERE / "ads_service.py"), str(ads)]) as line:
            told = json.loads(line)
            embedded = _environ(root, told, f"chdb://{root / 'store'}")
            first = timed(SYNC, embedded)
            again = timed(SYNC, embedded)
            _hold_against(told["truth"], embedded)
            alone = _beside_a_server(root, told)
    if _PROGRESS not in first.said:
        raise SystemExit(f"the first load told no progress:\n{first.said}")
    name = f"zakaz sync vk, a year of {ads:,} ads over HTTP"
    return [
        (name, f"{first.seconds:.0f} s, {ads * YEAR / first.seconds:,.0f} rows/s", "–"),
        ("peak memory of that, the engine's file included", f"{first.memory:.0f} MiB", "–"),
        ("peak memory of its own", f"{first.own:.0f} MiB", "≤ 256 MiB"),
        ("the last thirty days again", f"{again.seconds:.1f} s, {again.own:.0f} MiB", "≤ 256 MiB"),
        ("peak memory of the loader beside a server", alone, "≤ 256 MiB"),
    ]


def _beside_a_server(root: Path, told: dict[str, Any]) -> str:
    python = os.environ.get("ZAKAZ_NATIVE_PYTHON", "")
    if not python:
        return "NOT RUN (needs chDB 3.2.0: ZAKAZ_NATIVE_PYTHON names its interpreter)"
    command = [python, str(NATIVE), "--folder", str(root / "native"), "--port", "0"]
    with started(command) as line:
        url = f"clickhouse://default@127.0.0.1:{json.loads(line)['port']}/zakaz"
        environ = _environ(root, told, url)
        timed([zakaz(), "bootstrap"], environ)
        loader: Timed = timed(SYNC, environ)
        _hold_against(told["truth"], environ)
    return f"{loader.memory:.0f} MiB, {loader.seconds:.0f} s"


def _hold_against(truth: list[Any], environ: dict[str, str]) -> None:
    """End the program if a store shows anything but what the service did."""
    with open_for_reading(warehouse_url(environ)) as warehouse:
        shows, clicks, spend, goals = warehouse.query(FOUND).rows[0]
    found = [shows, clicks, str(Decimal(spend)), goals]
    if found != truth:
        raise SystemExit(f"a year of ads shows {found}, the service told {truth}")


def _environ(root: Path, told: dict[str, Any], store: str) -> dict[str, str]:
    """Give the environment of a load: nothing of ours but account and store."""
    ours = ("ZAKAZ_", "QTICKETS_", "VK_ADS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "HOME": str(root),
        "XDG_DATA_HOME": str(root / "data"),
        "ZAKAZ_WAREHOUSE_URL": store,
        "VK_ADS_BASE_URL": told["url"],
        "VK_ADS_CLIENT_ID": told["client_id"],
        "VK_ADS_CLIENT_SECRET": told["client_secret"],
    }
