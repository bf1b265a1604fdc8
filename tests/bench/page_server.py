"""The generated pages over real HTTP, as the API lists orders by id: ``page_server.py PAGES``.

It prints its address and serves until it is ended. The emulator knows a whole organisation and
answers anything; this one only hands out files, so that it costs next to nothing. With
``--faults 0.05`` that share of the requests, drawn with a fixed seed, gets a fault in place of its
page; ``GET /counts`` tells how many requests came and how many of them got one.
"""

from __future__ import annotations

import argparse
import json
import random
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from order_pages import FIRST_ID, PER_PAGE, page_files

_EMPTY = json.dumps({
    "data": [], "paging": {"perPage": PER_PAGE, "currentPage": 1, "total": 0}
}).encode()  # fmt: skip
_HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_FAULTS = ("500", "502 HTML", "503 for 1 s", "429 for 1 s", "cut in the middle", "hung up")


class _PageServer(ThreadingHTTPServer):
    """Files, the share of faults, and what was counted."""

    daemon_threads = True

    def __init__(self, pages: Path, faults: float) -> None:
        super().__init__(("127.0.0.1", 0), _Pages)
        self.files = page_files(pages)
        self._share = faults
        self._draw = random.Random(8)
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def fault(self) -> str | None:
        """Count a request; give the fault it gets, or None."""
        with self._lock:
            self.counts["requests"] += 1
            if self._draw.random() >= self._share:
                return None
            self.counts["faults"] += 1
            return self._draw.choice(_FAULTS)


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _PageServer

    def do_GET(self) -> None:
        """Answer with the page behind the id that was asked for, or with the page of a number."""
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        path = self.path.partition("?")[0]
        if path == "/counts":
            self._answer(200, json.dumps(self.server.counts).encode())
            return
        fault = self.server.fault()
        if fault == "hung up":
            self.close_connection = True
            return
        number = asked.get("page", 1) - 1
        for condition in asked.get("where", ()):
            number = (condition["value"] - FIRST_ID + 1) // PER_PAGE
        files = self.server.files
        found = path.endswith("/orders") and number < len(files)
        body = files[number].read_bytes() if found else _EMPTY
        if fault is None:
            self._answer(200, body)
        elif fault == "cut in the middle":
            self._answer(200, body, sent=len(body) // 2)
        else:
            pause = ("Retry-After", "1") if fault.endswith("for 1 s") else None
            self._answer(int(fault[:3]), _HTML if "HTML" in fault else b"{}", header=pause)

    def _answer(
        self,
        status: int,
        body: bytes,
        *,
        sent: int | None = None,
        header: tuple[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if body == _HTML else "application/json")
        self.send_header("Content-Length", str(len(body)))
        if header is not None:
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(body[:sent])
        self.close_connection = sent is not None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("pages", type=Path)
    asked.add_argument("--faults", type=float, default=0.0, help="the share of requests")
    args = asked.parse_args()
    server = _PageServer(args.pages, args.faults)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
