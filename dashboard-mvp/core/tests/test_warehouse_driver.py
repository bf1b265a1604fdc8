"""clickhouse-driver: loaded without the tables that make a command wait."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CODE = """
import os
from datetime import date
from zakaz.warehouse.driver import load_driver
load_driver()
from clickhouse_driver.columns.datecolumn import DateColumn
print(len(DateColumn.date_lut), os.environ.get("CLICKHOUSE_DRIVER_LASY_DATE_LUT"))
print(DateColumn.date_lut_reverse[date(2149, 6, 6)], DateColumn.date_lut[0])
"""


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({}, ["0", "None", "65535", "1970-01-01"]),
        (
            {"CLICKHOUSE_DRIVER_LASY_DATE_LUT": "2026-01-01:2026-01-02"},
            ["2", "2026-01-01:2026-01-02", "65535", "1970-01-01"],
        ),
    ],
)
def test_no_command_waits_for_a_table_of_all_days(chosen: dict[str, str], told: list[str]) -> None:
    """The library reckons a day when it meets it, unless the user chose days to begin with."""
    done = subprocess.run(
        [sys.executable, "-c", CODE], env={"PATH": os.environ["PATH"], **chosen},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.split() == told, done.stderr
