"""Schema and load on a server: bootstrap twice, across a restart, and one load as the writer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command_line import Done, bootstrap, bootstrap_again, run
from stack_server import StackServer, empty
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
    with open_for_reading(warehouse_url(server.environ())) as warehouse:
        tables = warehouse.query(
            "SELECT table, groupArray(name) FROM (SELECT table, name FROM system.columns "
            "WHERE database = 'zakaz' AND name NOT IN ('_ver', '_loaded_at') ORDER BY table, name) "
            "GROUP BY table",
        ).rows
        asked = " UNION ALL ".join(
            f"SELECT '{table}', count(), sum(cityHash64({', '.join(columns)})) FROM zakaz.{table}"
            for table, columns in tables
        )
        return {str(table): tuple(told) for table, *told in warehouse.query(asked).rows}


@dataclass(frozen=True)
class Filled:
    """A server bootstrapped twice while it was empty, then loaded once; nobody empties it."""

    server: StackServer
    emulator: QticketsEmulator
    bootstraps: list[Done]
    empty: list[dict[str, tuple[object, ...]]]  # the digests after each bootstrap
    loaded: Done

    def sync(self, folder: Path, *arguments: str) -> Done:
        """Load as the writer."""
        return sync(self.server, self.emulator, folder, *arguments)


@pytest.fixture(scope="module")
def filled(server: StackServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """The server of this module's tests, with the sales of a small organisation."""
    folder = tmp_path_factory.mktemp("filled")
    empty(server)
    bootstraps, digested = [], []
    for way in (bootstrap, bootstrap_again):
        bootstraps.append(way(server, folder))
        digested.append(digests(server))
    with QticketsEmulator(demo_organisation(seed=7, now=NOW, orders=ORDERS)) as emulator:
        yield Filled(server, emulator, bootstraps, digested, sync(server, emulator, folder))


def sync(server: StackServer, emulator: QticketsEmulator, folder: Path, *arguments: str) -> Done:
    environ = {
        **server.environ("etl_writer"),
        "QTICKETS_BASE_URL": emulator.base_url,
        "QTICKETS_TOKEN": emulator.token,
    }
    return run(["sync", "qtickets", *arguments], environ, folder)


@pytest.mark.criterion("CH-3")
def test_k14_bootstrap_twice_on_an_empty_server(filled: Filled) -> None:
    """The second bootstrap of an empty server exits 0 and finds nothing to do."""
    first, second = filled.bootstraps

    assert first.returncode == 0, first.stderr
    assert second.returncode == 0, second.stderr
    assert "up to date" in second.stdout
    assert filled.empty[0] == filled.empty[1]


@pytest.mark.criterion("CH-4")
def test_k14_bootstrap_keeps_every_row_also_across_a_restart(
    filled: Filled, tmp_path: Path
) -> None:
    """On a filled server two bootstraps, a restart and a third change no row."""
    before = digests(filled.server)
    assert before != filled.empty[1]

    again = [bootstrap(filled.server, tmp_path), bootstrap_again(filled.server, tmp_path)]
    filled.server.restart()
    again.append(bootstrap_again(filled.server, tmp_path))

    assert [answer.returncode for answer in again] == [0, 0, 0], again[-1].stderr
    assert all("up to date" in answer.stdout for answer in again)
    assert digests(filled.server) == before


def test_c8_a_load_as_the_writer_equals_the_ledger(filled: Filled, tmp_path: Path) -> None:
    """The writer's account can do everything a load needs, and the sums are the source's own."""
    assert filled.loaded.returncode == 0, filled.loaded.stderr
    assert totals(filled.server) == ledger_totals(filled.emulator)

    second = filled.sync(tmp_path, "--full-refresh")

    assert second.returncode == 0, second.stderr
    assert totals(filled.server) == ledger_totals(filled.emulator)
    asked = "SELECT toString(status), count() FROM bi.v_job_runs WHERE job = 'qtickets' GROUP BY 1"
    assert rows(filled.server, asked) == [("ok", 2)]


def test_h9_a_plan_imported_as_the_writer_is_read_beside_the_sales(
    filled: Filled, tmp_path: Path
) -> None:
    """The writer's account may import, the reader's gets the heading and reads plan and sales."""
    server = filled.server
    writer, reader = server.environ("etl_writer"), server.environ("datalens_reader")
    sold = totals(server)
    heading = run(["plan", "template"], reader, tmp_path).stdout.splitlines()[0]
    events = [event for (event,) in rows(server, "SELECT event_id FROM bi.v_events")]
    plan = tmp_path / "plan.csv"
    lines = [f"01.03.2026;{event};any;7;1 500,50;RUB;main" for event in events]
    plan.write_text("\n".join([heading, *lines]), encoding="utf-8")
    planned = len(events)

    imported = [run(["plan", "import", str(plan)], writer, tmp_path) for _ in range(2)]

    assert [answer.returncode for answer in imported] == [0, 0], imported[0].stderr
    assert f"{planned} new" in imported[0].stdout
    assert f"{planned} unchanged" in imported[1].stdout
    sums = "sum(plan_tickets), sum(plan_revenue), sum(fact_tickets), sum(fact_revenue)"
    question = ["query", f"SELECT {sums} FROM bi.v_plan_vs_fact", "--csv"]
    answer = run(question, reader, tmp_path).stdout.splitlines()[1].split(",")
    assert planned > 0
    assert [Decimal(cell) for cell in answer] == [
        7 * planned, Decimal("1500.50") * planned, sold[1], sold[4],
    ]  # fmt: skip


def test_d5_a_wrong_password_exits_78_and_leaves_a_line(filled: Filled, tmp_path: Path) -> None:
    """Exit 78 without a traceback, and the local journal says `failed` and why."""
    url = f"clickhouse://etl_writer:not-the-password@127.0.0.1:{filled.server.port}/zakaz"
    environ = {
        "ZAKAZ_WAREHOUSE_URL": url,
        "QTICKETS_BASE_URL": "http://127.0.0.1:9/never-asked",
        "QTICKETS_TOKEN": "token-of-this-test",
    }

    done = run(["sync", "qtickets"], environ, tmp_path)

    assert done.returncode == 78, done.stderr
    assert "Traceback" not in done.stderr
    assert "not-the-password" not in done.stdout + done.stderr
    (path,) = tmp_path.glob("**/runs.jsonl")
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["status"] == "failed"
    assert "not-the-password" not in line
    told = run(["runs"], environ, tmp_path)
    assert "failed" in told.stdout
    assert "local file" in told.stdout


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
