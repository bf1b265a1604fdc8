"""The query language of lists, seen over real HTTP: operators, dotted columns, order, select."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from zakaz_emulators.qtickets import QticketsEmulator


def rows(response: requests.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200
    found: list[dict[str, Any]] = response.json()["data"]
    return found


@pytest.mark.parametrize(
    "where",
    [
        [{"column": "id", "operator": "=", "value": 7_000_010}],
        [{"column": "id", "operator": "in", "value": [7_000_010]}],
        [
            {"column": "id", "operator": ">", "value": 7_000_009},
            {"column": "id", "operator": "<", "value": "7000011"},
        ],
        [
            {"column": "id", "operator": ">=", "value": 7_000_010},
            {"column": "id", "operator": "<=", "value": 7_000_010},
        ],
    ],
)
def test_operators_compare_as_a_database_does(
    emulator: QticketsEmulator, session: requests.Session, where: list[dict[str, Any]]
) -> None:
    """Numbers may come as text, as in a bracketed query."""
    found = rows(session.get(emulator.base_url + "/orders", json={"where": where}, timeout=300))
    assert [row["id"] for row in found] == [7_000_010]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ([{"column": "event_id", "operator": "!=", "value": 80001}], 61),
        ([{"column": "payed_at", "operator": "not null"}], 123),
        ([{"column": "payed_at", "operator": "null"}], 0),
        ([{"column": "client.details.vk_id", "value": ""}], 123),
        ([{"column": "baskets.price", "value": 700}], 61),
        ([{"value": 1}], 123),
    ],
)
def test_columns_may_be_dotted_and_conditions_add_up(
    emulator: QticketsEmulator, session: requests.Session, where: list[dict[str, Any]], count: int
) -> None:
    """A condition without a column is ignored."""
    response = session.get(emulator.base_url + "/orders", json={"where": where}, timeout=300)
    assert response.json()["paging"]["total"] == count


@pytest.mark.parametrize(
    "body",
    [
        {"where": [{"column": "no_such_column", "value": 1}]},
        {"where": [{"column": "id", "operator": "like", "value": 1}]},
        {"where": [{"column": "payed_at", "operator": ">=", "value": "yesterday"}]},
        {"orderBy": {"id": "sideways"}},
    ],
)
def test_what_the_service_cannot_handle_is_a_stable_503(
    emulator: QticketsEmulator, session: requests.Session, body: dict[str, Any]
) -> None:
    """Our inference: nothing of the kind was ever captured."""
    response = session.get(emulator.base_url + "/orders", json=body, timeout=300)
    assert response.status_code == 503


def test_order_by_sorts_and_select_keeps_the_named_fields(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """Dotted names reach into objects and lists."""
    body = {"orderBy": {"updated_at": "desc"}, "perPage": 2, "select": ["id", "baskets.show_id"]}
    found = rows(session.get(emulator.base_url + "/orders", json=body, timeout=300))
    assert found == [
        {"id": 7_000_123, "baskets": [{"show_id": 800_010}]},
        {"id": 7_000_122, "baskets": [{"show_id": 800_020}, {"show_id": 800_020}]},
    ]


@pytest.mark.parametrize(
    ("select", "found"),
    [
        (["id", "city.name"], {"id": 80001, "city": {"name": "Казань"}}),
        (["shows.id", "shows.is_active"], {"shows": [{"id": 800_010, "is_active": 1}]}),
        (["shows.min_price.id", "place_coordinates.x"], {
            "shows": [{"min_price": {"id": 900_002}}], "place_coordinates": [55.79, 49.12],
        }),
        (["no_such_field", "age", "deleted_at"], {"age": "6+", "deleted_at": None}),
        ({"0": "slug"}, {"slug": "snezhnaya-skazka-kazan"}),
    ],
)  # fmt: skip
def test_select_leaves_the_weight_of_events_out(
    emulator: QticketsEmulator, session: requests.Session, select: Any, found: dict[str, Any]
) -> None:
    """Dotted paths reach into objects and lists; a name nobody knows is ignored."""
    body = {"select": select, "perPage": 1}
    response = session.get(emulator.base_url + "/events", json=body, timeout=300)
    assert rows(response) == [found]
    assert response.json()["paging"] == {"perPage": 1, "currentPage": 1, "total": 2}


def test_select_takes_whole_orders_apart(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """Empty tags stay PHP's empty array; conditions work on fields that are left out."""
    body = {
        "select": ["id", "utm.utm_source", "client.details.vk_id", "baskets"],
        "where": [{"column": "event_id", "value": 80001}],
        "perPage": 3,
    }
    plain, tagged, _ = rows(session.get(emulator.base_url + "/orders", json=body, timeout=300))
    assert list(plain) == ["id", "client", "utm", "baskets"]
    assert (plain["utm"], tagged["utm"]) == ([], {"utm_source": "yandex"})
    assert plain["client"] == {"details": {"vk_id": ""}}
    assert len(plain["baskets"][0]) == 37


def test_select_in_a_bracketed_query(emulator: QticketsEmulator, session: requests.Session) -> None:
    """The same fields for clients that cannot send a body."""
    query = {"select[0]": "id", "select[1]": "city.name", "perPage": "1"}
    found = rows(session.get(emulator.base_url + "/events", params=query, timeout=300))
    assert found == [{"id": 80001, "city": {"name": "Казань"}}]
