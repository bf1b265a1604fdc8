"""Measure what the README promises, as figures: run by ``nox -s bench``.

The source is the demo organisation of 20 000 orders. Nothing here passes or fails. ``--large``
loads 100 000 generated orders (``--orders N``: so many) beside other loaders instead, and
``--backfill`` loads them through ``zakaz sync`` over real HTTP, ``--container`` in the image;
``--ads 500`` loads a year of so many ads with ``zakaz sync vk``, and ``--readers 50`` lets so many
read the dashboard beside loads.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2] / ".ci"))
sys.path.append(str(Path(__file__).parent))

from components import lacking
from large import measure_large
from measured import timed
from page import measure_page

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def serve(environ: dict[str, str]) -> subprocess.Popen[str]:
    """Start ``zakaz serve`` on a free port."""
    return subprocess.Popen(
        [str(BIN / "zakaz"), "serve", "--no-open", "--port", "0"],
        env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip


@contextmanager
def dashboard(environ: dict[str, str]) -> Iterator[tuple[str, float]]:
    """Run ``zakaz serve``; give its address and the seconds until it answered."""
    started = time.perf_counter()
    process = serve(environ)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "http://" in line:
                up = time.perf_counter() - started
                yield "http://" + line.split("http://", 1)[1].split("/", 1)[0].strip(), up
                break
    finally:
        process.terminate()
        process.wait(timeout=30)


def median_of(times: int, measure: Callable[[], float]) -> float:
    """Give the median of several measurements."""
    return statistics.median(measure() for _ in range(times))


def measure() -> list[tuple[str, str, str]]:
    """Give (figure, value, goal) of everything that is measured."""
    figures: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "HOME": folder, "XDG_DATA_HOME": f"{folder}/data"}
        environ = {k: v for k, v in environ.items() if not k.startswith(("ZAKAZ_", "QTICKETS_"))}
        store = f"{folder}/store"
        demo = [str(BIN / "zakaz"), "demo", "--once", "--store", store]

        help_ = median_of(3, lambda: timed([str(BIN / "zakaz"), "--help"], environ).seconds)
        figures.append(("zakaz --help, median of 3", f"{help_:.2f} s", "≤ 0.3 s"))
        first = timed(demo, environ)
        figures.append(("zakaz demo --once, first load", f"{first.seconds:.1f} s", "≤ 15 s"))
        figures.append(("peak memory of that", f"{first.memory:.0f} MiB", "–"))
        loaded = next(line for line in first.said.splitlines() if line.startswith("Loaded"))
        figures.append(("load", loaded.rstrip("."), "–"))
        environ["ZAKAZ_WAREHOUSE_URL"] = f"chdb://{store}"
        with dashboard(environ) as (address, up):
            figures.append(("dashboard up", f"{up:.2f} s", "≤ 1.5 s"))
            why = lacking("browser")
            if why:
                figures.append(("page", f"NOT RUN (needs Chromium: {why})", "–"))
            else:
                figures += measure_page(address)
    return figures


def main() -> int:
    """Print the figures as a table and keep them in results/."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--large", action="store_true", help="the order path beside other loaders")
    asked.add_argument("--backfill", action="store_true", help="a first load over real HTTP")
    asked.add_argument("--container", action="store_true", help="that in the image, with faults")
    asked.add_argument("--orders", type=int, default=100_000, help="how many orders those load")
    asked.add_argument("--ads", type=int, default=0, help="a year of so many ads of VK Ads")
    asked.add_argument("--readers", type=int, default=0, help="so many readers beside loads")
    asked.add_argument("--generations", type=int, default=500, help="how many are shown then")
    asked.add_argument("--peers", help="a Python of an environment of peers.txt")
    args = asked.parse_args()
    runs: list[dict[str, Any]] = []
    if args.large:
        figures, runs = measure_large(args.peers, args.orders)
    elif args.backfill:
        from backfill import measure_backfill  # the engine's import counts in no other figure

        figures = measure_backfill(args.orders)
    elif args.container:
        from container import measure_container

        figures = measure_container(args.orders)
    elif args.ads:
        from ads import measure_ads

        figures = measure_ads(args.ads)
    elif args.readers:
        from readers import measure_readers

        figures = measure_readers(serve, str(BIN / "zakaz"), args.readers, 60, args.generations)
    else:
        figures = measure()
    width = max(len(name) for name, _, _ in figures)
    for name, value, goal in figures:
        print(f"{name:<{width}}  {value:<32} goal {goal}")
    record: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, {platform.python_version()}",
        "figures": figures,
    }
    if runs:
        record["runs"] = runs
    results = ROOT / "results"
    results.mkdir(exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, indent=1)
    kinds = {"large": args.large, "backfill": args.backfill, "container": args.container}
    kinds |= {"ads": bool(args.ads), "readers": bool(args.readers)}
    kept = next((kind for kind, is_asked in kinds.items() if is_asked), "figures")
    (results / f"bench-{kept}.json").write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
