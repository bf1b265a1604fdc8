"""What monitors ask: check freshness and check loads, with exit code and sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from zakaz import freshness, moscow, run_journal
from zakaz.run_journal import JobRun, RunStatus
from zakaz.source import SyncReport
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl

Cli = Callable[..., Any]
TOKEN = {"SHOP_TOKEN": "token-of-the-shop"}


def ran(store: Path, minutes_ago: int, status: RunStatus = RunStatus.OK) -> None:
    """Let a run of the shop have ended so long ago."""
    ended = moscow.now() - timedelta(minutes=minutes_ago)
    url = WarehouseUrl("embedded", path=store)
    with open_for_writing(url) as warehouse:
        run = JobRun("qtickets", f"run-{minutes_ago}", ended, ended, status, "", SyncReport())
        run_journal.write(warehouse, run)
    publish(url)


@pytest.mark.usefixtures("shop")
def test_d04_i11_check_loads_is_75_when_two_are_missing(cli: Cli, ready_store: Path) -> None:
    """A fresh load is 0, one of 70 minutes ago is 75, and with an hour's interval 0 again."""
    ran(ready_store, 70)
    late, hourly = (
        cli("check", "loads", **TOKEN),
        cli("check", "loads", **TOKEN, ZAKAZ_SYNC_EVERY="1h"),
    )
    ran(ready_store, 1, RunStatus.FAILED)
    failing = cli("check", "loads", "qtickets")
    ran(ready_store, 0)
    fresh = cli("check", "loads", "--json", **TOKEN)

    assert (late.code, hourly.code, failing.code, fresh.code) == (75, 0, 75, 0)
    assert late.out.startswith("qtickets: LATE: the last good load ended 1 h 10 min ago, at ")
    assert late.out.endswith("Moscow; one is due every 30 min. Look at: zakaz runs\n")
    assert "LATE" not in hourly.out
    assert "The newest run ended failed." in failing.out
    assert json.loads(fresh.out)["sources"][0]["late"] is False


@pytest.mark.parametrize(("minutes", "code"), [(350, 0), (370, 75)])
def test_check_loads_judges_a_source_by_its_own_pace(
    cli: Cli, shop: Any, ready_store: Path, minutes: int, code: int
) -> None:
    """Loaded every three hours, it is late after six, however often the others are due."""
    shop.SOURCE = replace(shop.SOURCE, pace=lambda _: timedelta(hours=3))
    ran(ready_store, minutes)

    done = cli("check", "loads", **TOKEN, ZAKAZ_SYNC_EVERY="10m")

    assert done.code == code
    assert "one is due every 3 h" in done.out
    assert ("WARN  loads" in cli("doctor", **TOKEN).out) is bool(code)


@pytest.mark.usefixtures("shop")
def test_check_loads_before_the_first_one(cli: Cli) -> None:
    """A configured source that was never loaded is late; without any source nothing is due."""
    assert cli("check", "loads", **TOKEN).code == 75
    nothing = cli("check", "loads")

    assert nothing.code == 0
    assert "zakaz doctor" in nothing.out


@pytest.mark.usefixtures("shop")
def test_check_loads_names_an_unknown_source(cli: Cli) -> None:
    """A misspelt source is no silent success."""
    done = cli("check", "loads", "qticket")

    assert done.code == 78
    assert "installed sources: qtickets" in done.err


@pytest.mark.parametrize(
    ("status", "days", "said"),
    [
        ("ok", 0, ""),
        ("warning", 1, "qtickets is warning: the last load was 2.5 h ago, the newest day "
                       "of its data is 2026-01-31 (1 day ago)."),
        ("critical", 4, "the newest day of its data is 2026-01-31 (4 days ago)."),
    ],
)  # fmt: skip
def test_d9_i14_a_light_that_is_not_green_says_what_to_do(
    at: Any, status: str, days: int, said: str
) -> None:
    """Beside the table stands a sentence with the age of the load and the next step."""
    row = {
        "source": "qtickets",
        "status": status,
        "last_loaded_at": at,
        "hours_since_load": 2.5,
        "last_business_date": (at - timedelta(days=1)).date(),
        "days_behind": days,
        "lost_rows": 0,
    }

    told = freshness.advice(row, ["qtickets"])

    assert said in told
    assert bool(told) == ("zakaz runs" in told)


def test_i14_a_load_with_nothing_in_it_is_told_as_one(at: Any) -> None:
    """Whoever loaded an account without sales is not told to load, but to look whose it is."""
    row = {**freshness.nothing_loaded(["qtickets"])[0]}
    row |= {"last_loaded_at": at, "hours_since_load": 0.5}

    told = freshness.advice(row, ["qtickets"])

    assert "the last load was 0.5 h ago and there is nothing" in told
    assert "zakaz doctor" in told


def test_a_source_without_data_is_told_how_to_load() -> None:
    """A configured source without data gets its command, an unconfigured one is left alone."""
    (row,) = freshness.nothing_loaded(["qtickets"])

    assert "zakaz sync qtickets" in freshness.advice(row, ["qtickets"])
    assert freshness.advice(row, []) == ""
