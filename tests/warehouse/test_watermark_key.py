"""Watermarks of one job, kept apart by the engine."""

from __future__ import annotations

import pytest
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine


def test_a27_two_watermarks_of_one_job_live_side_by_side(
    emptied: EmbeddedWarehouse,
) -> None:
    """The stream is part of the key, also after a merge."""
    for stream in ("orders", "events"):
        emptied.insert(
            "zakaz.meta_watermarks", {"job": ["qtickets"], "stream": [stream], "value": ["1"]}
        )
    emptied.execute("SYSTEM START MERGES")
    emptied.execute("OPTIMIZE TABLE zakaz.meta_watermarks FINAL")
    assert emptied.query("SELECT count() FROM zakaz.meta_watermarks").scalar() == 2
