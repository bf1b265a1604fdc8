"""Accounts and rights: only ClickHouse itself has them, the test double does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import bootstrap
from stack_server import CONTAINER, IMAGE, StackServer
from zakaz.errors import WarehouseError
from zakaz.warehouse.server import ServerWarehouse
from zakaz.warehouse.url import warehouse_url

READONLY, ACCESS_DENIED = 164, 497


@pytest.fixture
def prepared(empty_server: StackServer, tmp_path: Path) -> StackServer:
    """A ClickHouse server after its bootstrap."""
    if empty_server.kind != CONTAINER:
        pytest.skip(f"NOT RUN (needs the image {IMAGE}: the test double has no accounts)")
    answer = bootstrap(empty_server, tmp_path)
    assert answer.returncode == 0, answer.stderr
    return empty_server


def test_b14_the_server_knows_the_accounts_of_the_product_and_no_other(
    prepared: StackServer,
) -> None:
    """No user of the image is left beside ours, so nobody logs in without a password."""
    with ServerWarehouse(warehouse_url(prepared.environ())) as admin:
        users = [name for (name,) in admin.query("SELECT name FROM system.users ORDER BY 1").rows]

    assert users == ["admin", "bi_definer", "datalens_reader", "etl_writer"]


def test_c5_every_account_reads_the_views_over_the_network(prepared: StackServer) -> None:
    """Admin, writer and reader log in from outside the container and see bi."""
    for user in prepared.passwords:
        with ServerWarehouse(warehouse_url(prepared.environ(user))) as warehouse:
            assert warehouse.query("SELECT count() FROM bi.v_sales_daily").scalar() == 0


@pytest.mark.parametrize(
    ("user", "sql"),
    [
        ("datalens_reader", "SELECT count() FROM zakaz.stg_qtickets_orders"),
        ("datalens_reader", "INSERT INTO zakaz.dim_city_alias SELECT * FROM zakaz.dim_city_alias"),
        ("datalens_reader", "CREATE TABLE bi.t (a UInt8) ENGINE = Memory"),
        ("datalens_reader", "SELECT name FROM system.users"),
        ("etl_writer", "DROP TABLE zakaz.dim_events"),
        ("etl_writer", "CREATE DATABASE other"),
        ("etl_writer", "CREATE ROLE another"),
    ],
)
def test_c7_an_account_does_nothing_beyond_its_job(
    prepared: StackServer, user: str, sql: str
) -> None:
    """What a role was not granted is refused by the server itself."""
    with (
        ServerWarehouse(warehouse_url(prepared.environ(user))) as warehouse,
        pytest.raises(WarehouseError) as refused,
    ):
        warehouse.execute(sql)

    assert refused.value.code in (READONLY, ACCESS_DENIED)
