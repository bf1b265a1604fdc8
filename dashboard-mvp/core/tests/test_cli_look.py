"""The commands that look: status, runs, check freshness, query, verify."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from copied import copied
from zakaz import dirty_months, manifest, quarantine, watermarks
from zakaz.quarantine import QuarantinedRow
from zakaz.source import SyncReport, SyncRequest
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

Cli = Callable[..., Any]
TOKEN = {"SHOP_TOKEN": "token-of-the-shop"}


@pytest.fixture(scope="module")
def first_load(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the store of the first load is kept; each test works on a copy of it."""
    return tmp_path_factory.mktemp("loaded") / "store"


@pytest.fixture
def loaded(
    cli: Cli, shop: Any, at: datetime, bootstrapped: Path, first_load: Path, tmp_path: Path
) -> str:
    """Return the id of a run that loaded something and quarantined something."""
    store = tmp_path / "store"
    if first_load.exists():
        line = (copied(first_load, store) / "state" / "runs.jsonl").read_text(encoding="utf-8")
        return str(json.loads(line)["run_id"])
    copied(bootstrapped, store)
    seen: list[str] = []

    def load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        seen.append(request.run_id)
        row = QuarantinedRow("qtickets", "order", "7", "bad_date", "payed_at")
        quarantine.write(warehouse, [row], job="qtickets", run_id=request.run_id, at=at)
        manifest.record(warehouse, "qtickets", request.run_id, "orders", 1, 3, 2, 1, 0, at)
        watermarks.write(warehouse, "qtickets", "orders", "2026-02-01T12:00:00+03:00", at)
        return SyncReport(
            received=3, accepted=2, quarantined=1, inserted=2, requests=1, mode="updated_at"
        )

    shop.load = load
    assert cli("sync", **TOKEN).code == 0
    copied(store, first_load)
    return seen[0]


@pytest.mark.usefixtures("shop")
def test_before_the_first_load_every_look_is_calm(cli: Cli) -> None:
    """An empty installation is a state with a next step, not an error."""
    status, runs, query = cli("status"), cli("runs"), cli("query", "SELECT 1")

    assert status.code == 0
    assert "Nothing is loaded yet" in status.out
    assert "zakaz doctor" in status.out
    assert (runs.code, "No run yet" in runs.out) == (0, True)
    assert query.code == 75
    assert "zakaz sync" in query.err


def test_status_is_one_page(cli: Cli, loaded: str) -> None:
    """Store, schema, source, mode, watermark and quarantine are on it."""
    done = cli("status", **TOKEN)

    assert done.code == 0
    for word in ("chdb://", "embedded", "ClickHouse", "Schema version", "updated_at", "orders"):
        assert word in done.out
    assert "2026-02-01T12:00:00+03:00" in done.out
    assert "Quarantined items  1" in done.out
    assert "Months to rebuild  none" in done.out


def test_status_for_machines(cli: Cli, loaded: str) -> None:
    """The same page as one object."""
    told = json.loads(cli("status", "--json", **TOKEN).out)

    source = next(entry for entry in told["sources"] if entry["source"] == "qtickets")
    assert source["configured"] is True
    assert source["last_run"]["run_id"] == loaded
    assert source["last_run"]["mode"] == "updated_at"
    assert told["quarantined"] == 1
    assert told["pending_months"] == []


def test_status_tells_months_that_wait(cli: Cli, loaded: str, tmp_path: Any, at: datetime) -> None:
    """A crash between load and facts is visible, with what repairs it."""
    url = WarehouseUrl("embedded", path=tmp_path / "store")
    with open_for_writing(url) as warehouse:
        dirty_months.record(warehouse, {202601}, at)
    publish(url)

    done = cli("status", **TOKEN)

    assert "Months to rebuild  202601" in done.out
    assert "the next zakaz sync rebuilds them" in done.out


def test_p10_a_store_of_an_older_version_is_told_with_what_to_do(
    cli: Cli, loaded: str, tmp_path: Path
) -> None:
    """Whoever updates the program and looks first is sent to bootstrap, not to an engine's code."""
    url = WarehouseUrl("embedded", path=tmp_path / "store")
    with open_for_writing(url) as warehouse:
        warehouse.execute("ALTER TABLE zakaz.meta_stream_runs (DROP COLUMN new_fields)")
        warehouse.execute("ALTER TABLE zakaz.schema_migrations (DELETE WHERE version >= 33)")
    publish(url)

    for done in (cli("status", **TOKEN), cli("runs", "show", loaded)):
        assert done.code == 78
        assert "schema version 32" in done.err
        assert "zakaz bootstrap" in done.err


def test_runs_lists_the_newest_first(cli: Cli, loaded: str) -> None:
    """A second run stands above the first."""
    cli("sync", **TOKEN)

    told = json.loads(cli("runs", "--json").out)

    assert [run["status"] for run in told] == ["ok", "ok"]
    assert told[1]["run_id"] == loaded
    assert "run_id" in cli("runs").out


def test_a_run_is_shown_in_detail(cli: Cli, loaded: str) -> None:
    """Counts and the reasons of what was refused."""
    done = cli("runs", "show", loaded)

    assert done.code == 0
    assert "bad_date" in done.out
    assert "received" in done.out
    assert json.loads(cli("runs", "show", loaded, "--json").out)["quarantine"] == [
        {"entity": "order", "reason": "bad_date", "items": 1}
    ]


def test_an_unknown_run_is_told(cli: Cli, loaded: str) -> None:
    """Exit 65 and where to find the ids."""
    done = cli("runs", "show", "1999")

    assert done.code == 65
    assert "zakaz runs" in done.err


def test_d8_freshness_without_data_is_no_data(cli: Cli, loaded: str) -> None:
    """I14: a configured source without sales is 75, an unconfigured one is not; never 1970."""
    done = cli("check", "freshness", **TOKEN)

    assert done.code == 75
    assert "no_data" in done.out
    assert "1970" not in done.out
    assert cli("check", "freshness").code == 0
    assert json.loads(cli("check", "freshness", "--json", **TOKEN).out)["exit_code"] == 75


@pytest.mark.usefixtures("shop")
def test_freshness_of_an_empty_store_is_no_data(cli: Cli) -> None:
    """Before the first load a configured source is stale."""
    assert cli("check", "freshness", **TOKEN).code == 75
    assert cli("check", "freshness").code == 0


def test_query_answers_as_table_csv_and_json(cli: Cli, loaded: str) -> None:
    """One question, three notations; money stays exact."""
    sql = "SELECT job, toDecimal64(1234.5, 2) AS price, NULL AS nothing FROM bi.v_job_runs"

    table, as_csv, as_json = (
        cli("query", sql),
        cli("query", sql, "--csv"),
        cli("query", sql, "--json"),
    )

    assert "1234.50" in table.out
    assert table.err.strip() == "1 row"
    assert list(csv.reader(io.StringIO(as_csv.out))) == [
        ["job", "price", "nothing"],
        ["qtickets", "1234.50", ""],
    ]
    assert json.loads(as_json.out) == [{"job": "qtickets", "price": "1234.50", "nothing": None}]


def test_query_reads_stdin(cli: Cli, loaded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long question comes from a file."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT count() AS runs FROM bi.v_job_runs\n"))

    assert cli("query", "-", "--csv").out == "runs\n1\n"


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT * FROM zakaz.meta_job_runs", "outside database bi"),
        ("DROP VIEW bi.v_job_runs", "only SELECT"),
        ("SELECT no_such_column FROM bi.v_job_runs", "no_such_column"),
        ("SELECT * FROM bi.no_such_view", "no_such_view"),
    ],
)
def test_w13_a_query_that_may_not_or_cannot_be_answered_exits_65(
    cli: Cli, loaded: str, sql: str, told: str
) -> None:
    """Refused by us or by the engine, it is one sentence."""
    done = cli("query", sql)

    assert done.code == 65
    assert told in done.err
    assert "Traceback" not in done.err


def test_two_notations_at_once_are_a_usage_error(cli: Cli) -> None:
    """--csv and --json exclude each other."""
    assert cli("query", "SELECT 1", "--csv", "--json").code == 2


def test_a_column_that_looks_like_markup_is_shown_as_it_is(cli: Cli, loaded: str) -> None:
    """Names from the source are data, not formatting."""
    assert "[red]x[/red]" in cli("query", "SELECT '[red]x[/red]' AS name FROM bi.v_job_runs").out


def test_verify_holds_after_a_load(cli: Cli, loaded: str) -> None:
    """Every promise is listed as kept."""
    done = cli("verify")

    assert done.code == 0
    assert "BROKEN" not in done.out
    assert "holds   journal equals manifest" in done.out


def test_r10_verify_names_what_does_not_hold(
    cli: Cli, loaded: str, tmp_path: Any, at: datetime
) -> None:
    """A lost quarantine row, an unbalanced batch, a false fact: each is named, exit 65."""
    url = WarehouseUrl("embedded", path=tmp_path / "store")
    with open_for_writing(url) as warehouse:
        warehouse.execute("ALTER TABLE zakaz.meta_quarantine DROP PARTITION ALL")
        warehouse.insert(
            "zakaz.meta_manifest",
            {"job": ["qtickets"], "run_id": [loaded], "stream": ["orders"], "batch": [2],
             "received": [9], "accepted": [1], "quarantined": [0], "duplicate": [0],
             "recorded_at": [at], "_ver": [1], "_loaded_at": [at]},
        )  # fmt: skip
        warehouse.insert(
            "zakaz.fact_qtickets_sales_daily",
            {"account_id": ["main"], "sales_date": [at.date()], "event_id": ["1"],
             "show_id": ["1"], "currency": ["RUB"], "utm_source": [""], "utm_medium": [""],
             "utm_campaign": [""], "utm_content": [""], "utm_term": [""], "orders": [1],
             "tickets_sold": [1], "gross": [1], "refunds": [0], "revenue": [1],
             "refunds_by_refund_date": [0], "_ver": [1], "_loaded_at": [at]},
        )  # fmt: skip
    publish(url)

    done = cli("verify")
    told = json.loads(cli("verify", "--json").out)

    assert done.code == 65
    broken = {finding["promise"] for finding in told["findings"]}
    assert broken >= {
        "quarantine_equals_manifest", "manifest_counts_balance", "journal_equals_manifest",
        "fact_daily_equals_staging", "fact_hourly_equals_daily",
    }  # fmt: skip
    assert "BROKEN  quarantine equals manifest" in done.out
    assert "zakaz rebuild" in done.out


def test_r10_verify_names_a_drifted_view(cli: Cli, loaded: str, tmp_path: Any) -> None:
    """W02: over another schema only the schema is told."""
    url = WarehouseUrl("embedded", path=tmp_path / "store")
    with open_for_writing(url) as warehouse:
        warehouse.execute("CREATE OR REPLACE VIEW bi.v_events AS SELECT 1 AS old")
    publish(url)

    done = cli("verify")

    assert done.code == 65
    assert "schema_is_declared: bi.v_events" in done.out
    assert "zakaz bootstrap" in done.out
