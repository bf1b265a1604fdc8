"""What the UTM page says of figures reckoned by hand, and of little."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from panel_rows import table, tiles
from sample_tags import NONE, Fact, write
from starlette.testclient import TestClient
from zakaz_web.utm_panels import TABLES

VK = ("vk", "cpc", "ice-vk-202506", "казань_14_06", "")
MAIL = ("mail", "email", "ice-mail-202506", "", "")


Own = Callable[..., TestClient]


@pytest.fixture
def own(holding: Callable[..., TestClient]) -> Own:
    """Return a maker of a client over a store of these rows alone, each row a part of its own."""
    return lambda *facts: holding(lambda warehouse: write(warehouse, facts))


def test_figures_reckoned_by_hand(own: Own) -> None:
    """Of 8 orders 2 carry no tag: a quarter; refunds are off the revenue; so it was before."""
    client = own(
        Fact(NONE, 2, 3, "3000.00", "500.00", days_ago=1),
        Fact(VK, 5, 10, "7000.50", days_ago=2),
        Fact(MAIL, 1, 4, "0.00", days_ago=3),  # free tickets count
        Fact(NONE, 3, 3, "1000.00", days_ago=8),
        Fact(VK, 1, 1, "999.00", days_ago=9),
        Fact(NONE, 1, 1, "100.00", days_ago=60),  # beyond both weeks
    )
    query = "?from=2025-06-07&to=2025-06-13"
    assert tiles(client, "utm", query) == {
        "revenue": "9500.50",
        "orders": 8,
        "tickets": 17,
        "average_ticket": "558.85",  # 9500.50 / 17 = 558.852…
        "untagged_revenue": "2500.00",
        "untagged_orders": 2,
        "untagged_share": "0.2500",
        "untagged_week": "0.2500",  # 8 to 14 June holds the same eight orders
    }
    before = {row["kpi"]: row["previous"] for row in table(client, "utm_kpi", query)}
    assert before == {
        "Выручка": "1999.00",
        "Заказы": 4,
        "Билеты": 4,
        "Средний билет": "499.75",
        "Выручка без меток": "1000.00",
        "Заказы без меток": 3,
        "Доля без меток": "0.7500",
        "Без меток за 7 дней": "0.7500",
    }
    rows = [tuple(row.values()) for row in table(client, "utm_sources", query)]
    assert rows == [
        ("vk", 5, 10, "7000.50", "0.7369", "700.05", "7000.50", "999.00", "6.0075"),
        ("без метки", 2, 3, "2500.00", "0.2631", "833.33", "2500.00", "1000.00", "1.5000"),
        ("mail", 1, 4, "0.00", "0.0000", "0.00", "0.00", "0.00", None),
    ]
    chart = table(client, "utm_revenue", query)
    assert [row["s0"] for row in chart] == ["0.00"] * 5 + ["7000.50", "0.00"]
    assert [row["unknown"] for row in chart] == ["0.00"] * 6 + ["2500.00"]


def test_h7_rows_not_merged_yet_count_once(own: Own) -> None:
    """A fact written again stands in two parts: the newest counts, whatever the parts."""
    old = Fact(VK, 1, 1, "100.00", version=1)
    client = own(old, Fact(VK, 2, 3, "300.00", version=2), old)
    found = tiles(client, "utm", "?period=7d")
    assert (found["orders"], found["tickets"], found["revenue"]) == (2, 3, "300.00")
    for panel in TABLES:
        shown = [row["revenue"] for row in table(client, panel, "?period=7d")]
        assert sum(Decimal(money) for money in shown) == Decimal(300)


def test_an_order_with_one_tag_is_not_untagged(own: Own) -> None:
    """No source does not mean no tag: the row stands under no tag, the tile does not count it."""
    client = own(Fact(("", "", "ice-vk-202506", "", "")))
    found = tiles(client, "utm", "?period=7d")
    assert (found["untagged_orders"], found["untagged_share"]) == (0, "0.0000")
    sources = table(client, "utm_sources", "?period=7d")
    assert [(row["source"], row["orders"]) for row in sources] == [("без метки", 1)]


def test_no_tag_has_its_row_even_where_every_order_has_one(own: Own) -> None:
    """All tagged: a row of zeros says so, until the reader narrows the field."""
    client = own(Fact(VK))
    rows = table(client, "utm_sources", "?period=7d")
    assert [(row["source"], row["orders"]) for row in rows] == [("vk", 1), ("без метки", 0)]
    assert rows[1]["average_ticket"] is None
    assert len(table(client, "utm_sources", "?period=7d&tag_source=vk")) == 1
    assert len(table(client, "utm_tags", "?period=7d&tag_source=vk")) == 1


def test_what_does_not_fit_is_one_row_and_no_tag_is_always_shown(own: Own) -> None:
    """Ten rows, no tag though it is the smallest, and the rest as a sum; all on demand."""
    many = [Fact((f"site{n:02}", "cpc", "", "", ""), n, n, f"{n}00.00") for n in range(2, 15)]
    client = own(*many, Fact(NONE, 1, 1, "10.00"))
    rows = table(client, "utm_sources", "?period=7d")
    names = [row["source"] for row in rows]
    assert names == [*(f"site{n:02}" for n in range(14, 4, -1)), "без метки", "Остальные (3)"]
    assert (rows[-1]["orders"], rows[-1]["revenue"]) == (9, "900.00")
    page = client.get("/utm?period=7d").text
    assert 'data-testid="all-utm_sources"' in page
    assert len(table(client, "utm_sources", "?period=7d&rows=all")) == 14
    chart = client.get("/panel/utm_revenue.json?period=7d").json()["columns"]
    labels = [column["label"] for column in chart][3:]
    assert labels == [
        "site14",
        "site13",
        "site12",
        "site11",
        "site10",
        "Остальные (8)",
        "без метки",
    ]


def test_untagged_orders_break_no_rule(own: Own) -> None:
    """Nothing to check is not a fault; the page says how to begin."""
    client = own(Fact(NONE))
    assert table(client, "utm_faults", "?period=7d") == []
    page = client.get("/utm?period=7d").text
    assert 'data-testid="no-tags"' in page
    assert "?utm_source=…&amp;utm_medium=…" in page
    assert "проверять нечего" in page


def test_good_tags_are_praised(own: Own) -> None:
    """No fault: the panel says that all tags follow the rule and offers no file."""
    page = own(Fact(VK)).get("/utm?period=7d").text
    assert "соответствуют правилу" in page
    assert 'data-testid="csv-utm_faults"' not in page
    assert 'data-testid="no-tags"' not in page


def test_the_longest_tag_leads_to_its_rows(own: Own) -> None:
    """A tag as long as the loader keeps them can be narrowed to like any other."""
    longest = "x" * 255
    client = own(Fact((longest, "cpc", "", "", "")), Fact(VK))
    assert [row["orders"] for row in table(client, "utm_tags", f"?tag_source={longest}")] == [1]
    assert client.get(f"/utm?tag_source={longest}x").status_code == 400


def test_a_source_that_sold_before_and_no_more_keeps_its_row(own: Own) -> None:
    """What went away is seen: nothing now, so much before."""
    client = own(Fact(VK, days_ago=1), Fact(MAIL, days_ago=9), Fact(NONE, days_ago=60))
    rows = {row["source"]: row for row in table(client, "utm_sources", "?period=7d")}
    assert (rows["mail"]["orders"], rows["mail"]["previous_revenue"]) == (0, "1000.00")
    assert rows["mail"]["change"] == "-1.0000"


def test_fewer_sales_without_tags_are_neither_good_nor_bad(own: Own) -> None:
    """All sales may have fallen: only the share tells, so the amounts are left uncoloured."""
    facts = [Fact(NONE, gross="100.00"), Fact(NONE, gross="200.00", days_ago=9)]
    page = own(*facts, Fact(VK, gross="900.00", days_ago=9), Fact(VK), Fact(VK, days_ago=60))
    text = page.get("/utm?period=7d").text
    for place in ('data-testid="kpi-untagged_revenue"', 'data-key="source=unknown"'):
        found = text[text.index(place) :]
        assert 'class="delta calm"' in found[: found.index("</span>", found.index("delta"))]
    vk = text[text.index('data-key="source=vk"') :]
    assert 'class="delta good"' in vk[: vk.index("</tr>")]


def test_h12_two_currencies_stand_apart(own: Own) -> None:
    """Nothing is added across currencies; the one with most revenue comes first."""
    client = own(Fact(VK, gross="900.00"), Fact(VK, gross="500.00", currency="KZT"))
    assert tiles(client, "utm", "?period=7d")["revenue"] == "900.00"
    assert tiles(client, "utm", "?period=7d&currency=KZT")["revenue"] == "500.00"
    assert [row["revenue"] for row in table(client, "utm_tags", "?period=7d&currency=KZT")] == [
        "500.00",
        "0.00",
    ]


def test_a_period_without_sales_says_what_to_do(own: Own) -> None:
    """No rows, no charts: a sentence; zero over zero is a dash."""
    client = own(Fact(VK, days_ago=100))
    page = client.get("/utm?period=7d")
    assert 'data-testid="nothing"' in page.text
    assert "Выберите другой период" in page.text
    found = tiles(client, "utm", "?period=7d")
    assert (found["orders"], found["untagged_share"], found["untagged_week"]) == (0, None, None)
    for panel in (*TABLES, "utm_faults"):
        assert table(client, panel, "?period=7d") == []


def test_an_empty_store_says_what_to_run(own: Own) -> None:
    """Before the first load the page names the command."""
    page = own().get("/utm")
    assert page.status_code == 200
    assert "zakaz sync" in page.text
