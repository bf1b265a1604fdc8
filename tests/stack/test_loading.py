"""Schema and load on a server: bootstrap twice, across a restart, and one load as the writer."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command_line import bootstrap, run
from stack_server import StackServer
from zakaz.warehouse.connect import open_for_reading
from zakaz.warehouse.url import warehouse_url
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import QticketsEmulator

NOW = datetime(2026, 3, 14, 15, tzinfo=ZoneInfo("Europe/Moscow"))
ORDERS = 400


def rows(server: StackServer, sql: str) -> list[tuple[object, ...]]:
    with open_for_reading(warehouse_url(server.environ())) as warehouse:
        return [tuple(row) for row in warehouse.query(sql).rows]


def digests(server: StackServer) -> dict[str, tuple[object, ...]]:
    """Count and digest of the business columns of every table of the product."""
    tables = rows(
        server,
        "SELECT table, groupArray(name) FROM (SELECT table, name FROM system.columns "
        "WHERE database = 'zakaz' AND name NOT IN ('_ver', '_loaded_at') ORDER BY table, name) "
        "GROUP BY table",
    )
    return {
        str(table): rows(
            server,
            f"SELECT count(), sum(cityHash64(*)) FROM (SELECT {', '.join(columns)} "  # type: ignore[arg-type]
            f"FROM zakaz.{table})",
        )[0]
        for table, columns in tables
    }


@pytest.fixture
def emulator() -> Iterator[QticketsEmulator]:
    with QticketsEmulator(demo_organisation(seed=7, now=NOW, orders=ORDERS)) as running:
        yield running


def sync(
    server: StackServer, emulator: QticketsEmulator, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    environ = {
        **server.environ("etl_writer"),
        "QTICKETS_BASE_URL": emulator.base_url,
        "QTICKETS_TOKEN": emulator.token,
    }
    return run(["zakaz", "sync", "qtickets", *arguments], environ, folder)


@pytest.mark.criterion("CH-3")
def test_k14_bootstrap_twice_on_an_empty_server(empty_server: StackServer, tmp_path: Path) -> None:
    """The second bootstrap of an empty server exits 0 and finds nothing to do."""
    first = bootstrap(empty_server, tmp_path)
    made = digests(empty_server)
    second = bootstrap(empty_server, tmp_path)

    assert first.returncode == 0, first.stderr
    assert second.returncode == 0, second.stderr
    assert "up to date" in second.stdout
    assert digests(empty_server) == made


@pytest.mark.criterion("CH-4")
def test_k14_bootstrap_keeps_every_row_also_across_a_restart(
    empty_server: StackServer, emulator: QticketsEmulator, tmp_path: Path
) -> None:
    """On a filled server two bootstraps, a restart and a third change no row."""
    assert bootstrap(empty_server, tmp_path).returncode == 0
    loaded = sync(empty_server, emulator, tmp_path)
    assert loaded.returncode == 0, loaded.stderr
    before = digests(empty_server)

    again = [bootstrap(empty_server, tmp_path), bootstrap(empty_server, tmp_path)]
    empty_server.restart()
    again.append(bootstrap(empty_server, tmp_path))

    assert [answer.returncode for answer in again] == [0, 0, 0], again[-1].stderr
    assert all("up to date" in answer.stdout for answer in again)
    assert digests(empty_server) == before


def test_c8_a_load_as_the_writer_equals_the_ledger(
    empty_server: StackServer, emulator: QticketsEmulator, tmp_path: Path
) -> None:
    """The writer's account can do everything a load needs, and the sums are the source's own."""
    assert bootstrap(empty_server, tmp_path).returncode == 0

    first = sync(empty_server, emulator, tmp_path)
    once = totals(empty_server)
    second = sync(empty_server, emulator, tmp_path, "--full-refresh")

    assert first.returncode == 0, first.stderr
    assert once == ledger_totals(emulator)
    assert second.returncode == 0, second.stderr
    assert totals(empty_server) == once
    assert rows(empty_server, "SELECT toString(status) FROM bi.v_job_runs ORDER BY started_at") == [
        ("ok",),
        ("ok",),
    ]


def test_h9_a_plan_imported_as_the_writer_is_read_beside_the_sales(
    empty_server: StackServer, emulator: QticketsEmulator, tmp_path: Path
) -> None:
    """The writer's account may import, the reader's gets the heading and reads plan and sales."""
    writer, reader = empty_server.environ("etl_writer"), empty_server.environ("datalens_reader")
    assert bootstrap(empty_server, tmp_path).returncode == 0
    assert sync(empty_server, emulator, tmp_path).returncode == 0
    sold = totals(empty_server)
    heading = run(["zakaz", "plan", "template"], reader, tmp_path).stdout.splitlines()[0]
    events = [event for (event,) in rows(empty_server, "SELECT event_id FROM bi.v_events")]
    plan = tmp_path / "plan.csv"
    lines = [f"01.03.2026;{event};any;7;1 500,50;RUB;main" for event in events]
    plan.write_text("\n".join([heading, *lines]), encoding="utf-8")
    planned = len(events)

    imported = [run(["zakaz", "plan", "import", str(plan)], writer, tmp_path) for _ in range(2)]

    assert [answer.returncode for answer in imported] == [0, 0], imported[0].stderr
    assert f"{planned} new" in imported[0].stdout
    assert f"{planned} unchanged" in imported[1].stdout
    sums = "sum(plan_tickets), sum(plan_revenue), sum(fact_tickets), sum(fact_revenue)"
    question = ["zakaz", "query", f"SELECT {sums} FROM bi.v_plan_vs_fact", "--csv"]
    answer = run(question, reader, tmp_path).stdout.splitlines()[1].split(",")
    assert planned > 0
    assert [Decimal(cell) for cell in answer] == [
        7 * planned, Decimal("1500.50") * planned, sold[1], sold[4],
    ]  # fmt: skip


def totals(server: StackServer) -> tuple[object, ...]:
    return rows(
        server,
        "SELECT sum(orders), sum(tickets_sold), sum(gross), sum(refunds), sum(revenue) "
        "FROM bi.v_sales_daily",
    )[0]


def ledger_totals(emulator: QticketsEmulator) -> tuple[object, ...]:
    daily = emulator.ledger.daily()
    names = ("orders", "tickets", "gross", "refunds", "net")
    return tuple(sum(getattr(row, name) for row in daily) for name in names)
