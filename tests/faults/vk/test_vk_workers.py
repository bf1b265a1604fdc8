"""Two workers of one account, each with a store of its own, and one token between them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from account_service import DAYS, PATIENCE, ROOM, SYNC, Service
from zakaz.moscow import MOSCOW
from zakaz.snapshot import snapshot
from zakaz.warehouse.embedded import EmbeddedWarehouse

DAILY = "banners/day.json"


def test_scenario_h_two_parallel_workers_survive_a_refresh(
    service: Service, bootstrapped_folder: Path, tmp_path: Path
) -> None:
    """(h) two parallel workers survive a refresh: one renews the token, the other takes it over.

    Both ask for their first statistics at the same moment, and the token expires behind them.
    """
    service.do("meet", path=DAILY)
    service.do("expire_at", path=DAILY, nth=4)
    other = tmp_path / "other"
    other.mkdir()
    snapshot(bootstrapped_folder, other / "live")
    since = ["--from", (datetime.now(MOSCOW).date() - timedelta(days=DAYS)).isoformat()]
    workers = [
        service.start([*SYNC, *since]),
        service.start([*ROOM, *since], ZAKAZ_WAREHOUSE_URL=f"chdb://{other}"),
    ]

    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    assert service.tokens() == (1, 1, 1)
    service.equals()
    service.store.close()
    with EmbeddedWarehouse(other / "live") as warehouse:
        service.equals(warehouse)
