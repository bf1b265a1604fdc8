"""A server for every test of the server path."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))

from native_process import native_server, server_url

__all__ = ["native_server", "server_url"]
