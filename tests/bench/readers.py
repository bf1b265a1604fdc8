"""The dashboard among many readers and many loads: ``nox -s bench -- --readers 50``.

So many readers ask for one page after the other, each its own choices, while loads publish; then
the dashboard shows hundreds of generations, and what it holds is counted at the first and the last.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from measured import timed
from zakaz.store import Store

Figure = tuple[str, str, str]
PATHS = (
    "/sales", "/sales?period=7d", "/sales?period=90d&lang=en", "/utm", "/marketing",
    "/marketing?period=7d", "/inventory", "/events", "/panel/events.csv", "/status.json",
)  # fmt: skip
PUBLISH_SECONDS = 10.0  # from the end of one load to the next


def measure_readers(
    serve: Callable[[dict[str, str]], subprocess.Popen[str]],
    zakaz: str,
    readers: int,
    seconds: float,
    generations: int,
) -> list[Figure]:
    """Return the figures of a dashboard over the demo store; ``serve`` starts it."""
    with tempfile.TemporaryDirectory(prefix="zakaz-bench-") as folder:
        store = Path(folder) / "store"
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("ZAKAZ_", "QTICKETS_"))}
        environ = kept | {"HOME": folder, "ZAKAZ_WAREHOUSE_URL": f"chdb://{store}"}
        load = [zakaz, "demo", "--once", "--store", str(store)]
        timed(load, environ)
        process = serve(environ)
        assert process.stdout is not None
        address = next(line for line in process.stdout if "http://" in line).split()[-1]
        try:
            figures = _among_readers(address, lambda: timed(load, environ), readers, seconds)
            return figures + _over_generations(address, Store(store), process.pid, generations)
        finally:
            process.terminate()
            process.wait(30)


def _among_readers(
    address: str, load: Callable[[], object], readers: int, seconds: float
) -> list[Figure]:
    """Let readers ask for pages without a pause, beside one load after the other."""
    times: list[float] = []
    codes: Counter[int] = Counter()
    loads = [0]
    stop = threading.Event()

    def loading() -> None:
        while not stop.wait(PUBLISH_SECONDS):
            load()
            loads[0] += 1

    def reading(first: int) -> None:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=120)
        at = first
        while not stop.is_set():
            began = time.perf_counter()
            connection.request("GET", PATHS[at % len(PATHS)])
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            codes[answer.status] += 1
            at += 1
        connection.close()

    threads = [threading.Thread(target=reading, args=(at,)) for at in range(readers)]
    threads.append(threading.Thread(target=loading))
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    cuts = quantiles(times, n=20)
    busy = f"{os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    return [
        (f"{readers} readers for {seconds:.0f} s, pages", f"{len(times)} {dict(codes)}", "all 200"),
        ("loads published meanwhile", str(loads[0]), "–"),
        ("a page, median", f"{cuts[9]:.2f} s", "–"),
        ("a page, 95 of 100", f"{cuts[18]:.2f} s", "≤ 1.5 s"),
        ("load of the machine at the end", busy, "–"),
    ]


def _over_generations(address: str, store: Store, pid: int, generations: int) -> list[Figure]:
    """Publish and show one generation after the other; compare the tenth with the last."""
    held = []
    for _ in range(generations):
        name = store.publish()
        connection = HTTPConnection(urlsplit(address).netloc, timeout=120)
        connection.request("GET", "/status.json")
        if name.encode() not in connection.getresponse().read():
            raise SystemExit(f"the dashboard does not show generation {name}")
        connection.close()
        held.append(_held(pid))
    return [
        (f"held after 10 of {generations} generations", held[min(9, len(held) - 1)], "–"),
        ("held after the last", held[-1], "as after 10"),
    ]


def _held(pid: int) -> str:
    folder = Path(f"/proc/{pid}")
    threads = len(list((folder / "task").iterdir()))
    files = len(list((folder / "fd").iterdir()))
    memory = next(
        int(line.split()[1]) // 1024
        for line in (folder / "status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    children = sum(
        len((task / "children").read_text().split()) for task in (folder / "task").iterdir()
    )
    return f"{threads} threads, {files} files, {children} children, {memory} MiB"
