"""Our SQL with few of its views, for bootstraps in whose tests the views are not the subject."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from zakaz.schema import sources

VIEWS = ("bi.v_events", "bi.v_job_runs", "bi.v_promo_codes_daily", "bi.v_sales_daily")


@pytest.fixture
def few_views(tmp_path: Path) -> Path:
    """Return a copy of our SQL to change; to check a view takes longer than all else there."""
    shutil.copytree(sources.sql_root(), tmp_path / "sql")
    for path in (tmp_path / "sql" / "views").iterdir():
        if path.stem not in VIEWS:
            path.unlink()
    return tmp_path / "sql"
