"""What the Events pages say where there is little, too much, or more than one of a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import sample_store
from markupsafe import escape
from panel_rows import table, tiles
from sample_shows import Show
from sample_store import EVENTS, NOW, Event, Sale
from starlette.testclient import TestClient
from zakaz.warehouse.port import Warehouse

Own = Callable[..., TestClient]


@pytest.fixture
def own(holding: Callable[..., TestClient]) -> Own:
    """Return a maker of a client over sales, shows, and sales of a second account."""

    def make(
        sales: Sequence[Sale] = (), shows: Sequence[Show] = (), second: Sequence[Sale] = ()
    ) -> TestClient:
        def write(warehouse: Warehouse) -> None:
            sample_store.write(warehouse, sales, NOW, shows)
            if second:
                sample_store.write(warehouse, second, NOW, (), "second")

        return holding(write)

    return make


def sale(event: Event, days_ago: int = 0, tickets: int = 2, show: str = "") -> Sale:
    """Give a sale of some days ago, 500 roubles a ticket."""
    hour = NOW.replace(minute=0) - timedelta(days=days_ago)
    return Sale(hour, event, 1, tickets, Decimal(500 * tickets), Decimal("0.00"), show)


def test_two_accounts_may_know_one_number(own: Own) -> None:
    """The same id in two accounts is two events: the list shows both, and neither gets a sum."""
    client = own([sale(EVENTS[0])], second=[sale(EVENTS[0], tickets=3)])
    page = client.get("/events?event=101").text
    assert "/events?event=101&amp;account=main" in page
    assert "/events?event=101&amp;account=second" in page
    assert [row["tickets"] for row in table(client, "event_list", "?event=101")] in (
        [2, 3],
        [3, 2],
    )
    for account, tickets in (("main", 2), ("second", 3)):
        query = f"?event=101&account={account}"
        assert tiles(client, "event", query)["tickets"] == tickets
        assert len(table(client, "utm", query)) == 1
        assert f"аккаунт {account}" in client.get(f"/events{query}").text


def test_an_event_without_sales_says_so(own: Own) -> None:
    """Loaded and not sold yet: zeros in the tiles, sentences in place of empty panels."""
    client = own([], [Show("1", "101", 3, counts=(10, 0, 0, 10))])
    page = client.get("/events?event=101").text
    for name in ("no-sales", "no-utm", "no-refunds", "no-promo_codes"):
        assert f'data-testid="{name}"' in page
    found = tiles(client, "event", "?event=101")
    assert (found["tickets"], found["average_ticket"], found["sell_through"]) == (0, None, "0.0000")
    assert table(client, "curve", "?event=101") == []
    assert table(client, "event_shows", "?event=101")[0]["tickets"] == 0


def test_a_deleted_show_keeps_its_sales(own: Own) -> None:
    """Sales of a show that was deleted since are in the table, the curve and the tiles."""
    shows = [Show("1", "101", 12), Show("2", "101", 5, is_deleted=True, name="Отменён")]
    client = own([sale(EVENTS[0], 3, 4, "1"), sale(EVENTS[0], 3, 5, "2")], shows)
    rows = table(client, "event_shows", "?event=101")
    assert [(row["show"], row["state"], row["tickets"]) for row in rows] == [
        (None, "В продаже", 4), ("Отменён", "Показ удалён", 5),
    ]  # fmt: skip
    curve = table(client, "curve", "?event=101&compare=none")
    assert [row["gain"] for row in curve if row["gain"]] == [4, 5]
    assert curve[0]["step"] == "Д−15"


def test_an_order_without_a_show_is_not_lost(own: Own) -> None:
    """An order that has no ticket left is on no show: it is in a row and a step of its own."""
    client = own([sale(EVENTS[0], 2, 4, "1"), sale(EVENTS[0], 1, 1, "")], [Show("1", "101", 12)])
    rows = table(client, "event_shows", "?event=101")
    assert [(row["state"], row["tickets"]) for row in rows] == [("В продаже", 4), ("Без показа", 1)]
    assert table(client, "curve", "?event=101&compare=none")[-1]["gain"] == 1


def test_h12_two_currencies_of_one_event_are_two_pages(own: Own) -> None:
    """Nothing is added across currencies; the one with most revenue comes first."""
    tenge = replace(EVENTS[0], currency="KZT")
    client = own([sale(EVENTS[0], tickets=4), sale(tenge, tickets=3)])
    assert tiles(client, "event", "?event=101")["tickets"] == 4
    assert tiles(client, "event", "?event=101&currency=KZT")["tickets"] == 3
    assert 'data-testid="currency-KZT"' in client.get("/events?event=101").text
    rows = table(client, "event_list", "?shows=all&city=москва")
    assert [(row["currency"], row["tickets"]) for row in rows] == [("RUB", 4), ("KZT", 3)]
    page = client.get("/events?shows=all&city=москва").text
    assert "2\u202f000\u202f₽" in page
    assert "1\u202f500\u202f₸" in page


def test_field_p23_whatever_text_a_currency_is_its_link_leads_to_it(own: Own) -> None:
    """What the source has for a currency is shown and asked for as it is, on every page."""
    odd = ["₽", "643", "тенге", "A", "BYN/RUB", "kzt", "<b>&\"'"]
    found = [
        sale(replace(EVENTS[0], currency=text), 1, tickets=at) for at, text in enumerate(odd, 3)
    ]
    client = own([sale(EVENTS[0], 1, tickets=99), *found])
    places = ["/sales?", "/utm?", "/events?event=101&"]
    links = [client.get(f"{place}lang=ru").text for place in places]
    for at, currency in enumerate(odd, 3):
        query = urlencode({"currency": currency})
        assert [query in page for page in links] == [True] * 3
        chosen = client.get(places[at % 3] + query)
        assert chosen.status_code == 200
        assert str(escape(currency)) in chosen.text
        assert tiles(client, "event", f"?event=101&{query}")["tickets"] == at
    (tickets,) = (r["value"] for r in table(client, "kpi", f"?{query}") if r["kpi"] == "Билеты")
    assert tickets == at


def test_a_chart_carries_five_events(own: Own) -> None:
    """A sixth chosen event is not drawn, and the page says so."""
    many = [replace(EVENTS[0], id=str(at), name=f"Шоу {at}", known=False) for at in range(1, 9)]
    client = own([sale(event) for event in many])
    query = "?event=1" + "".join(f"&compare={at}" for at in range(2, 9))
    assert len(table(client, "pace", query)) == 6
    page = client.get(f"/events{query}").text
    assert "ещё 2 выбранных не показаны" in page


def test_no_two_lines_have_one_name(own: Own) -> None:
    """Seasons of one show are told apart by city, year or number in the legend and the file."""
    same = [replace(EVENTS[0], id=str(at), name="Ёлка", known=False) for at in (1, 2, 3)]
    client = own([sale(event) for event in same])
    answer = client.get("/panel/curve.json?event=1&compare=2&compare=3").json()
    labels = [column["label"] for column in answer["columns"]][2:]
    assert len(labels) == len(set(labels)) == 3


def test_an_empty_store_says_what_to_run(own: Own) -> None:
    """Before the first load of events the list names the command."""
    client = own()
    assert "/events?event=101" in client.get("/events?shows=all").text
    assert "Событий впереди нет" not in client.get("/events?shows=all").text
