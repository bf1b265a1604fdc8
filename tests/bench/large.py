"""Our order path beside other loaders on the same generated pages: ``nox -s bench -- --large``.

Every design runs in a process of its own; the designs take turns, so that a slow minute of the
machine hits all of them. Pages and stores stand in memory where there is plenty of it: a disk is
another for everybody. What each stored is held against the truth of the pages. Rates count
delivered orders, repetitions included.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from order_pages import Truth, write_pages

HERE = Path(__file__).parent
ROUNDS = 3
_SMALL, _USUAL = 10_000, 100_000
_IN_MEMORY = Path("/dev/shm")
Figure = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Design:
    """One way of loading the pages; ``most`` is the largest size it is asked for."""

    name: str
    script: str
    most: int
    times: float = 0.0  # how many times as fast ours is meant to be


OURS = Design("ours", "ours.py", 10_000_000)
PEERS = (
    Design("duckdb read_json_auto, dedup", "peer_duckdb.py", 10_000_000, 2),
    Design("dlt fed flat rows (Arrow)", "peer_dlt_flat.py", _USUAL, 2),
    Design("dlt as documented (nested, merge)", "peer_dlt.py", 5_000, 40),
    Design("Singer style (tap | jsonschema | target)", "peer_singer.py", 20_000, 10),
)


@dataclass(slots=True)
class Runs:
    """What a design did on one set of pages, a record a round."""

    design: Design
    orders: int
    truth: Truth
    records: list[dict[str, Any]] = field(default_factory=list)

    def rates(self, *, merged: bool = False) -> list[float]:
        """Give delivered orders per second of each round, slowest first."""
        seconds = [r["seconds"] + (r["merge_seconds"] if merged else 0) for r in self.records]
        return sorted(self.truth.delivered / one for one in seconds)

    def rate(self) -> float:
        """Give the median rate."""
        return statistics.median(self.rates())

    def median(self, name: str) -> float:
        """Give the median of one figure of the records."""
        return float(statistics.median(record[name] for record in self.records))

    def cpu(self) -> float:
        """Give the median processor time of a delivered order, in microseconds."""
        return self.median("cpu") / self.truth.delivered * 1e6

    def told(self) -> str:
        """Give the figures as a person reads them."""
        slowest, *_, fastest = self.rates()
        return (
            f"{self.rate():,.0f} orders/s [{slowest:,.0f}-{fastest:,.0f}], "
            f"{self.cpu():.1f} µs CPU/order, {self.median('rss_mib'):.0f} MiB"
        )


def measure_large(peers: str | None, orders: int) -> tuple[list[Figure], list[dict[str, Any]]]:
    """Give the figures, and every record, of ours at growing sizes and of the peers."""
    with tempfile.TemporaryDirectory(prefix="zakaz-bench-", dir=ground(orders)) as folder:
        root = Path(folder)
        sizes = sorted({min(_SMALL, orders), min(_USUAL, orders), orders})
        all_runs = [Runs(OURS, size, _pages(root, size)) for size in sizes]
        if peers:
            for design in PEERS:
                size = min(design.most, orders)
                all_runs.append(Runs(design, size, _pages(root, size)))
        for number in range(ROUNDS):
            for runs in all_runs:
                said = f"round {number + 1} of {ROUNDS}: {runs.design.name}, {runs.orders:,} orders"
                print(said, file=sys.stderr, flush=True)
                runs.records.append(_run(runs, root, peers))
    records = [
        {"design": runs.design.name, "orders": runs.orders, **record}
        for runs in all_runs
        for record in runs.records
    ]
    return _figures(all_runs), records


def ground(orders: int) -> Path | None:
    """Give the folder in memory if pages and stores of so many orders leave most of it free."""
    needed = 3 * (orders + _USUAL) * 5_000
    roomy = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > needed
    return _IN_MEMORY if roomy else None


def _pages(root: Path, orders: int) -> Truth:
    folder = root / f"pages-{orders}"
    known = root / f"truth-{orders}.json"
    if not folder.exists():
        truth = write_pages(folder, orders)
        known.write_text(json.dumps({n: getattr(truth, n) for n in Truth.__slots__}))
    return Truth(**json.loads(known.read_text()))


def _run(runs: Runs, root: Path, peers: str | None) -> dict[str, Any]:
    python = sys.executable if runs.design is OURS else str(peers)
    store, folder = root / "store", str(root)
    command = [python, str(HERE / runs.design.script), str(root / f"pages-{runs.orders}")]
    said = subprocess.run(
        [*command, str(store)],
        env={**os.environ, "DLT_DATA_DIR": str(root / "dlt"), "HOME": str(root), "TMPDIR": folder},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True,
    ).stdout  # fmt: skip
    shutil.rmtree(store)
    record: dict[str, Any] = json.loads(said.splitlines()[-1])
    for name in ("orders", "tickets", "revenue"):
        if record.pop(name) != (expected := getattr(runs.truth, name)):
            raise SystemExit(f"{runs.design.name} stored other {name} than the {expected} sent")
    return record


def _figures(all_runs: list[Runs]) -> list[Figure]:
    ours = [runs for runs in all_runs if runs.design is OURS]
    usual = next(runs for runs in reversed(ours) if runs.orders <= _USUAL)
    figures = [_row(runs, "≤ 512 MiB") for runs in ours]
    slowest, *_, fastest = usual.rates(merged=True)
    figures.append(
        (
            "  the same, replaced versions merged away",
            f"{slowest:,.0f}-{fastest:,.0f} orders/s",
            "–",
        )
    )
    if len(ours) > 1:
        growth = ours[0].rate() / ours[-1].rate()
        memory = ours[-1].median("rss_mib") - ours[0].median("rss_mib")
        sizes = f"{ours[0].orders:,} to {ours[-1].orders:,} orders"
        told = f"x {growth:.2f} a row, {memory:+.0f} MiB"
        figures.append((f"cost from {sizes}", told, "x 1, +0 MiB"))
    for runs in all_runs:
        if runs.design is OURS:
            continue
        same = next((one for one in ours if one.orders == runs.orders), usual)
        figures.append(_row(runs, "–"))
        clock = same.rate() / runs.rate()
        spent = runs.cpu() / same.cpu()
        told = f"x {clock:.1f} by the clock, x {spent:.1f} by processor time"
        figures.append(("  ours is faster", told, f"≥ x {runs.design.times:.0f}"))
    return figures


def _row(runs: Runs, goal: str) -> Figure:
    return f"{runs.design.name}, {runs.orders:,} orders", runs.told(), goal
