"""The list of events, and how one event is found by its address or chosen to compare with."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from panel_rows import table
from sample_store import EVENTS, NOW, Sale
from starlette.testclient import TestClient
from zakaz_web.catalogue import Event, Sold, comparable

TODAY = NOW.date()


def test_an_event_nobody_knows_is_not_found(client: TestClient) -> None:
    """The 404 page says where to look, in the reader's language."""
    answer = client.get("/events?event=999&lang=ru")
    assert answer.status_code == 404
    assert "Такого события нет" in answer.text
    assert client.get("/events?event=101&account=nobody").status_code == 404
    assert client.get("/panel/curve.json?event=999").status_code == 404


@pytest.mark.parametrize("panel", ["curve", "pace", "event_kpi", "event_shows", "refunds", "utm"])
def test_an_event_panel_needs_an_event(client: TestClient, panel: str) -> None:
    """Without an event there is no such panel; with one there is no list."""
    assert client.get(f"/panel/{panel}.json").status_code == 404
    assert client.get("/panel/event_list.json?event=101").status_code == 404


def test_the_list_holds_every_event(client: TestClient, sales: list[Sale]) -> None:
    """Ahead, past and all: each event once, with all it sold; one without a date stands ahead."""
    ahead = table(client, "event_list")
    past = table(client, "event_list", "?shows=past")
    whole = table(client, "event_list", "?shows=all")
    assert [row["event"] for row in past] == ['=HYPERLINK("http://example.test")']
    assert len(ahead) + len(past) == len(whole) == len(EVENTS)
    assert sum(row["tickets"] for row in whole) == sum(sale.tickets for sale in sales)
    *days, last = (row["day"] for row in ahead)
    assert days == sorted(days)
    assert last is None
    assert ahead[-1]["state"] == "Событие не загружено"


def test_the_seats_of_the_list_are_those_still_ahead(client: TestClient) -> None:
    """What may still be filled: past shows are left out while there is one to come."""
    rows = {row["event"]: row for row in table(client, "event_list", "?shows=all")}
    ice = rows["Ледяное шоу «Щелкунчик»"]
    assert (ice["total"], ice["left"], ice["sell_through"]) == (1800, 300, "0.8333")
    over = rows['=HYPERLINK("http://example.test")']
    assert (over["total"], over["sell_through"]) == (300, "0.3000")


@pytest.mark.parametrize("sort", ["event", "-tickets", "revenue", "-sell_through", "-day"])
def test_the_list_comes_in_the_order_asked_for(client: TestClient, sort: str) -> None:
    """Events without a figure come last, whatever the order."""
    name = sort.removeprefix("-")
    cells = [row[name] for row in table(client, "event_list", f"?shows=all&sort={sort}")]
    known = [cell for cell in cells if cell is not None]
    assert known == cells[: len(known)]
    keys = [Decimal(str(c)) if name in ("tickets", "revenue") else str(c).casefold() for c in known]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


def known(key: str, name: str, city: str, last: int | None, tickets: int = 5) -> Event:
    """Give an event of the catalogue whose last show is some days from today."""
    day = None if last is None else TODAY + timedelta(days=last)
    sold = [Sold("RUB", 1, tickets, Decimal(tickets), TODAY)] if tickets else []
    return Event("main", key, name, city, city, ends_on=day, is_loaded=True, sold=sold)


def test_seasons_of_a_show_are_compared_first() -> None:
    """The same name without its year and quotes, then the same city, then the latest finished."""
    one = known("1", "Ёлка «Щелкунчик» 2026", "москва", 10)
    others = [
        known("2", "Елка Щелкунчик 2025", "казань", -350),
        known("3", "Цирк", "москва", -20),
        known("4", "Балет", "томск", -5),
        known("5", "Балет", "томск", -50),
        known("6", "Опера", "томск", 9),
        known("7", "Ёлка «Щелкунчик» 2024", "москва", -720, tickets=0),
    ]
    found = comparable([one, *others], one, "RUB", TODAY)
    assert [event.id for event in found] == ["2", "3", "4"]
    assert comparable([one, *others], one, "KZT", TODAY) == []
    assert comparable([one], one, "RUB", TODAY) == []


def test_what_is_farther_from_its_shows_is_not_compared() -> None:
    """An event whose last show is later has nothing yet to say of the same day before it."""
    one = known("1", "Ёлка", "москва", 10)
    others = [known("2", "Ёлка", "москва", 11), known("3", "Опера", "томск", 10)]
    undated = known("4", "Ёлка", "москва", None)
    found = comparable([one, *others, undated], one, "RUB", TODAY)
    assert [event.id for event in found] == ["3"]
