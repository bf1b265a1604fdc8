"""zakaz rebuild beside another writer; tests/warehouse proves what it computes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]


@pytest.mark.usefixtures("shop", "ready_store")
def test_a_rebuild_waits_for_no_other_writer(
    cli: Cli, tmp_path: Path, holder: Callable[[Path], int]
) -> None:
    """Exit 75 with the holder's process id, and a skipped run in the local journal."""
    cli("sync", SHOP_TOKEN="token-of-the-shop")
    pid = holder(tmp_path / "store" / "lock")

    done = cli("rebuild")

    assert done.code == 75
    assert str(pid) in done.err
    newest = (tmp_path / "store/state/runs.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert (json.loads(newest)["job"], json.loads(newest)["status"]) == ("facts", "skipped")


@pytest.mark.usefixtures("shop", "ready_store")
def test_a_rebuild_of_an_empty_store_says_so(cli: Cli) -> None:
    """No month has data: exit 0 and an empty run."""
    cli("sync", SHOP_TOKEN="token-of-the-shop")

    done = cli("rebuild")

    assert done.code == 0
    assert "facts: there is nothing to rebuild" in done.out


def test_days_that_are_none_are_refused(cli: Cli) -> None:
    """As zakaz sync refuses them."""
    assert "--from" in cli("rebuild", "--from", "yesterday").err
    assert cli("rebuild", "--from", "2026-02-02", "--to", "2026-02-01").code == 78
