"""Static files: read once, compressed once, addressed by the hash of them all."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes
    media_type: str


class Assets:
    """The files under ``static/`` that a browser may ask for; nothing else can be reached."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._paths = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.suffix in _TYPES and path.is_file()
        }
        self._files: dict[str, _File] = {}

    @cached_property
    def version(self) -> str:
        """Name the whole set by its content, so that browsers may keep it for ever."""
        digest = hashlib.sha256()
        for name, path in self._paths.items():
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:16]

    def url(self, name: str) -> str:
        """Give the address of a file; an unknown name is a bug and raises KeyError."""
        _ = self._paths[name]
        return f"/static/{self.version}/{name}"

    def respond(self, name: str, request: Request, cache: str = FOREVER) -> Response | None:
        """Answer with a file, compressed where the browser takes it; None if there is none."""
        if name not in self._paths:
            return None
        file = self._load(name)
        headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
        body = file.body
        if "gzip" in request.headers.get("accept-encoding", ""):
            body = file.packed
            headers["Content-Encoding"] = "gzip"
        return Response(body, media_type=file.media_type, headers=headers)

    def _load(self, name: str) -> _File:
        # Two requests at once may both compress; the results are equal, so no lock is needed.
        if name not in self._files:
            path = self._paths[name]
            body = path.read_bytes()
            self._files[name] = _File(body, gzip.compress(body, 9, mtime=0), _TYPES[path.suffix])
        return self._files[name]


@cache
def installed() -> Assets:
    """Return the files of this installation, read and compressed once in a process."""
    return Assets()
