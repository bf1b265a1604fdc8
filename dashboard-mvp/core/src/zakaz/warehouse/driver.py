"""Loads clickhouse-driver without its table of every day of four centuries.

To make that table takes longer than the rest of what a command imports, and 30 MB.
"""

from __future__ import annotations

import os
from typing import Any

_VARIABLE = "CLICKHOUSE_DRIVER_LASY_DATE_LUT"  # spelt so by the library
_NO_DAYS = "none"


def load_driver() -> Any:
    """Import clickhouse-driver; it reckons each day when it first meets it."""
    is_ours = _VARIABLE not in os.environ
    if is_ours:
        os.environ[_VARIABLE] = _NO_DAYS
    try:
        import clickhouse_driver
    finally:
        if is_ours:
            del os.environ[_VARIABLE]
    return clickhouse_driver
