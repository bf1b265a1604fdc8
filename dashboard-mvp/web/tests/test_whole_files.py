"""A file is whole: all rows of the reader's choice, whatever the page shows at first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import sample_ads
import sample_store
from panel_rows import file, table
from sample_ads import Ad
from sample_shows import Show
from sample_store import EVENTS, NOW, Sale
from starlette.testclient import TestClient
from zakaz.warehouse.port import Warehouse

MANY = 60
REST = ("Остальные", "Others", "Other")


def _write(warehouse: Warehouse) -> None:
    """Write sixty events in sixty cities, each with a show, a sale, an ad and tags of its own."""
    made = [
        replace(
            EVENTS[0], id=str(at), name=f"Шоу {at}", city=f"город {at}", city_name=f"Город {at}"
        )
        for at in range(1, MANY + 1)
    ]
    hour = NOW.replace(minute=0) - timedelta(days=2)
    sales = [Sale(hour, event, 1, 2, Decimal(1000), Decimal(0), event.id) for event in made]
    shows = [Show(event.id, event.id, 5, counts=(10, 2, 0, 8)) for event in made]
    sample_store.write(warehouse, sales, NOW, shows, events=made)
    tags = [(f"site{at}", "cpc", f"c{at}", f"x{at}") for at in range(1, MANY + 1)]
    first = sample_ads.BANNERS[0]
    banners = [
        replace(first, id=event.id, plan=event.id, city=event.city, event=event.id, tags=tag)
        for event, tag in zip(made, tags, strict=True)
    ]
    ads = [Ad(hour.date(), banner, 100, 10, Decimal(50)) for banner in banners]
    sample_ads.write(warehouse, ads, NOW)
    same = {
        "account_id": "main", "sales_date": hour.date(), "event_id": "1", "show_id": "1",
        "currency": "RUB", "utm_term": "", "orders": 1, "tickets_sold": 1, "gross": Decimal(10),
        "refunds": Decimal(0), "revenue": Decimal(10), "refunds_by_refund_date": Decimal(0),
        "_ver": 1, "_loaded_at": NOW,
    }  # fmt: skip
    tagged = dict(zip(sample_store.UTM[:4], map(list, zip(*tags, strict=True)), strict=True))
    warehouse.insert(
        "zakaz.fact_qtickets_sales_daily",
        {name: [value] * MANY for name, value in same.items()} | tagged,
    )


@pytest.fixture(scope="module")
def client(holding: Callable[..., TestClient]) -> Iterator[TestClient]:
    """Return a client over a store that has more of everything than a page shows at first."""
    return holding(_write)


@pytest.mark.parametrize(
    ("panel", "query", "rows"),
    [
        ("events", "", MANY),
        ("cities", "", MANY),
        ("inventory", "", MANY),
        ("event_list", "", MANY),
        ("utm_sources", "", MANY + 2),  # the sales of vk, and no tag
        ("utm_tags", "", MANY + 2),
        ("utm_faults", "", MANY + 1),  # no campaign follows the rule, vk has none
        ("marketing_campaigns", "", MANY + 1),
        ("marketing_cities", "", MANY + 1),
        ("marketing_events", "", MANY + 1),
        ("marketing_utm", "", MANY + 2),
        ("utm", "event=1", MANY + 1),
        ("pace", "event=1&" + "&".join(f"compare={at}" for at in range(2, 12)), 11),
    ],
)
def test_field_p05_a_file_holds_every_row(
    client: TestClient, panel: str, query: str, rows: int
) -> None:
    """CSV and XLSX have all rows and none that stands for others; the JSON counts what it lacks."""
    query = f"?{query}&period=7d" if panel[0] in "ecum" else f"?{query}"
    _, lines = file(client, panel, query)
    assert len(lines) == rows
    assert not [line for line in lines if line[0].startswith(REST)]
    book = client.get(f"/panel/{panel}.xlsx{query}")
    assert book.status_code == 200
    shown = client.get(f"/panel/{panel}.json{query}").json()
    assert len(shown["rows"]) < rows
    assert shown["left_out"] or panel == "pace"


def test_field_p05_a_file_adds_up_to_the_tiles(client: TestClient) -> None:
    """The sums of what is downloaded are those of the page."""
    for panel, page in (("events", "sales"), ("cities", "sales"), ("utm_tags", "utm")):
        head, lines = file(client, panel, "?period=7d")
        at = head.index("Выручка")
        kpi = "utm_kpi" if page == "utm" else "kpi"
        total = table(client, kpi, "?period=7d")[0]["value"]
        assert sum(Decimal(line[at]) for line in lines) == Decimal(total)


def test_field_p05_the_chart_of_tags_has_a_column_for_each(client: TestClient) -> None:
    """The page draws the main tags and the rest; its file names them all."""
    head, _ = file(client, "utm_revenue", "?period=7d")
    assert {f"site{at}" for at in range(1, MANY + 1)} < set(head)
    assert not [label for label in head if label.startswith(REST)]
