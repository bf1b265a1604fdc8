"""Keys and columns: what identifies a row, and what writers may and must supply."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest
import qtickets_api.rows
import vk_ads.rows
from staged import Staged, msk
from zakaz.errors import ZakazError
from zakaz.plan import PlannedDay
from zakaz.rows import column_names, disagreements
from zakaz.schema import declared, sources
from zakaz.warehouse.embedded import EmbeddedWarehouse

pytestmark = pytest.mark.engine

WRITERS = (*qtickets_api.rows.ROW_TYPES, *vk_ads.rows.ROW_TYPES, PlannedDay)
TABLES = declared.tables(sources.migrations())
VK = "zakaz.stg_vk_ads_daily"
FINAL = "FINAL SETTINGS do_not_merge_across_partitions_select_final = 1"


@pytest.mark.criterion("VK-2")
@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_a10_a11_a12_writers_and_live_columns_agree(
    emptied: EmbeddedWarehouse, writer: type
) -> None:
    """Every column is written, every written column exists, and the types fit."""
    live = emptied.query(f"DESCRIBE TABLE {writer.table}").rows
    assert disagreements(writer, {name: kind for name, kind, *_ in live}) == []
    assert column_names(writer)[0] in {name for name, *_ in live}


def test_a11_rows_of_every_staging_table_land(staged: Staged) -> None:
    """A bootstrapped store takes a row of each kind."""
    staged.order()
    staged.basket()
    staged.event()
    staged.show()
    staged.inventory()
    staged.discount()
    staged.promo_code()
    staged.ads("2026-02-10")
    staged.ads_account("2026-02-10")
    for name in (name for name in TABLES if name.startswith("zakaz.stg_")):
        assert staged.warehouse.query(f"SELECT count() FROM {name}").scalar() == 1


def test_a14_columns_go_by_name_in_any_order(staged: Staged) -> None:
    """The same row written in 24 orders of its columns stays the same row."""
    values = {"job": ["qtickets"], "stream": ["orders"], "value": ["v"], "_ver": [1]}
    for order in itertools.permutations(values):
        staged.warehouse.insert("zakaz.meta_watermarks", {name: values[name] for name in order})
    rows = staged.warehouse.query(
        "SELECT DISTINCT job, stream, value, _ver FROM zakaz.meta_watermarks"
    ).rows
    assert rows == [("qtickets", "orders", "v", 1)]


def test_a24_a_corrected_attribute_replaces_its_ad_row(staged: Staged) -> None:
    """A new campaign, name or tag of one banner and day leaves the spend as it was."""
    staged.ads("2026-02-10", spend="500")
    staged.ads("2026-02-10", spend="500", utm_campaign="omsk", ad_plan_id="9", banner_name="new")
    staged.ads("2026-02-10", spend="500", currency="RUB", objective="reach")
    rows = staged.warehouse.query(f"SELECT sum(spend), count() FROM {VK} {FINAL}").rows
    assert rows == [(Decimal(500), 1)]


def test_a24_a_corrected_city_replaces_its_event(staged: Staged) -> None:
    """The same for events: one row, the newest city."""
    staged.event(city_name="Томск")
    staged.event(city_name="Омск")
    rows = staged.warehouse.query(f"SELECT city_name FROM zakaz.stg_qtickets_events {FINAL}").rows
    assert rows == [("Омск",)]


def test_a25_every_day_of_a_banner_and_an_event_keeps_its_row(staged: Staged) -> None:
    """Two days stay two rows after a merge."""
    staged.warehouse.execute("SYSTEM START MERGES")
    fact = "zakaz.fact_qtickets_sales_daily"
    for day in ("2026-02-10", "2026-02-11"):
        staged.ads(day)
        staged.warehouse.insert(fact, {
            "account_id": ["main"], "sales_date": [date.fromisoformat(day)], "event_id": ["e1"],
            "show_id": ["s1"], "currency": ["RUB"], "utm_source": [""], "utm_medium": [""],
            "utm_campaign": [""], "utm_content": [""], "utm_term": [""], "orders": [1],
            "tickets_sold": [1], "gross": [Decimal(1)], "refunds": [Decimal(0)],
            "revenue": [Decimal(1)], "refunds_by_refund_date": [Decimal(0)], "_ver": [1],
            "_loaded_at": [msk("2026-02-12 09:00")],
        })  # fmt: skip
    for table in (VK, fact):
        staged.warehouse.execute(f"OPTIMIZE TABLE {table} FINAL")
        assert staged.warehouse.query(f"SELECT count() FROM {table}").scalar() == 2


def test_a26_two_loads_across_a_month_border_are_one_row(staged: Staged) -> None:
    """The partition follows the business date, not the day of the load."""
    staged.ads("2026-01-31", spend="400", loaded_at="2026-01-31 23:00")
    staged.ads("2026-01-31", spend="500", loaded_at="2026-02-01 03:00")
    rows = staged.warehouse.query(f"SELECT spend FROM {VK} {FINAL}").rows
    assert rows == [(Decimal(500),)]


def test_s23_the_last_fetch_of_an_ad_day_wins(staged: Staged) -> None:
    """Up or down: the version is the instant of the fetch."""
    staged.ads("2026-02-10", spend="500", ver=30)
    staged.ads("2026-02-10", spend="450", ver=40)
    staged.ads("2026-02-10", spend="999", ver=20)
    assert staged.warehouse.query(f"SELECT spend FROM {VK} {FINAL}").scalar() == Decimal(450)


def test_g15_ids_keep_their_leading_zeros(staged: Staged) -> None:
    """Ids are text in every table."""
    staged.ads("2026-02-10", account_id="0012", banner_id="0007")
    rows = staged.warehouse.query(f"SELECT account_id, banner_id FROM {VK}").rows
    assert rows == [("0012", "0007")]
    for table in TABLES.values():
        ids = [column for column in table.columns if column.name.endswith("_id")]
        assert {column.type for column in ids} <= {"String"}, table.name


def test_every_source_table_and_key_starts_with_the_account() -> None:
    """Several organisers may share a store."""
    for name, table in TABLES.items():
        if name.startswith(("zakaz.stg_", "zakaz.fact_", "zakaz.dim_events", "zakaz.dim_shows")):
            assert table.columns[0].name == "account_id", name
            assert table.order_by.startswith("account_id, "), name


def test_f26_no_column_could_hold_a_buyer() -> None:
    """No table has a field for a person."""
    words = ("email", "phone", "client", "buyer", "surname", "first_name", "ip_address")
    names = [column.name for table in TABLES.values() for column in table.columns]
    assert [name for name in names if any(word in name for word in words)] == []


def test_a_missing_value_is_refused_not_defaulted(staged: Staged) -> None:
    """NULL in a plain column and an unknown column are errors before anything is stored."""
    with pytest.raises(ZakazError):
        staged.ads("2026-02-10", clicks=None)
    with pytest.raises(ZakazError):
        staged.warehouse.insert(VK, {"account_id": ["a"], "city": ["томск"]})
    assert staged.warehouse.query(f"SELECT count() FROM {VK}").scalar() == 0
