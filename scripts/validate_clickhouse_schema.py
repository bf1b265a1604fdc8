#!/usr/bin/env python3
"""Validate the SQL of infra/clickhouse against its rules, the engine and the loaders.

It is `zakaz validate` for this checkout: run it from any directory with any Python 3.11 or newer,
it finds or makes its environment. The last line is "Schema validation passed"; otherwise every
fault is named and the exit code is 65.
"""

from __future__ import annotations

import sys

import environment

if __name__ == "__main__":
    environment.run(["-m", "zakaz", "validate", "--all-rooms", *sys.argv[1:]])
