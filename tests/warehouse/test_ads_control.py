"""A day on which the ad account and its ads differ: told by status and by an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from staged import Staged
from zakaz.cli.app import run
from zakaz.warehouse.connect import publish
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.url import WarehouseUrl


def say(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run a command; give its exit code and what it said."""
    capsys.readouterr()
    code = run(arguments)
    return code, capsys.readouterr().out


def test_a_day_that_differs_is_told_everywhere(
    bootstrapped: EmbeddedWarehouse,
    store_root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 75 with both amounts, the largest on the status page; once mended, 0 and none."""
    monkeypatch.setenv("ZAKAZ_WAREHOUSE_URL", f"chdb://{store_root}")
    assert say(capsys, "check", "control")[0] == 0, "nothing is loaded"
    staged = Staged(bootstrapped)
    for day, spend, clicks in (("2026-02-10", "512.34", 10), ("2026-02-11", "500.01", 12)):
        staged.ads(day)
        staged.ads_account(day, spend=spend, clicks=clicks)
    bootstrapped.close()
    url = WarehouseUrl("embedded", path=store_root)
    publish(url)

    code, told = say(capsys, "check", "control")
    assert code == 75
    assert told.splitlines()[:2] == [
        "2026-02-10, account main: the account says 512.34 RUB, its ads 500.00 RUB",
        "2026-02-11, account main: the account says 12 clicks, its ads 10 clicks",
    ]
    assert [row["d"] for row in json.loads(say(capsys, "check", "control", "--json")[1])["days"]]
    code, told = say(capsys, "status")
    assert code == 0
    assert "Ad days differing  2" in told
    assert "The largest: 2026-02-10, account main: the account says 512.34 RUB" in told

    with EmbeddedWarehouse(store_root / "live") as again:
        Staged(again).ads_account("2026-02-10", ver=100)
        Staged(again).ads_account("2026-02-11", ver=100)
    publish(url)
    assert say(capsys, "check", "control")[0] == 0
    assert "Ad days differing  none" in say(capsys, "status")[1]
