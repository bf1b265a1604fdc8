"""The manifest: counts that add up, or nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from zakaz import manifest
from zakaz.warehouse.port import Warehouse


def test_a_batch_is_recorded(warehouse: Warehouse, at: datetime) -> None:
    """What arrived and what became of it can be read back."""
    manifest.record(warehouse, "qtickets", "r1", "orders", 1, 10, 7, 2, 1, at)

    found = warehouse.query(
        "SELECT stream, batch, received, accepted, quarantined, duplicate, recorded_at"
        " FROM zakaz.meta_manifest"
    )

    assert found.rows == [("orders", 1, 10, 7, 2, 1, at)]


def test_counts_that_do_not_add_up_are_a_bug(warehouse: Warehouse, at: datetime) -> None:
    """received = accepted + quarantined + duplicate, in every batch."""
    with pytest.raises(ValueError, match="orders batch 1"):
        manifest.record(warehouse, "qtickets", "r1", "orders", 1, 10, 7, 2, 2, at)

    assert warehouse.query("SELECT count() FROM zakaz.meta_manifest").scalar() == 0
