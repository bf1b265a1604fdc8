"""The generated pages over real HTTP, as the API lists orders by id: ``page_server.py PAGES``.

It prints its address and serves until it is ended. The emulator knows a whole organisation and
answers anything; this one only hands out files, so that it costs next to nothing.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from order_pages import FIRST_ID, PER_PAGE, page_files

_FILES = page_files(Path(sys.argv[1]))
_EMPTY = json.dumps({
    "data": [], "paging": {"perPage": PER_PAGE, "currentPage": 1, "total": 0}
}).encode()  # fmt: skip


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with the page behind the id that was asked for, or with the page of a number."""
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        number = asked.get("page", 1) - 1
        for condition in asked.get("where", ()):
            number = (condition["value"] - FIRST_ID + 1) // PER_PAGE
        found = self.path.partition("?")[0].endswith("/orders") and number < len(_FILES)
        body = _FILES[number].read_bytes() if found else _EMPTY
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
