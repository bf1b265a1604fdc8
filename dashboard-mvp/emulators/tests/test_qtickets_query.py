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
    found = rows(session.get(emulator.base_url + "/orders", json={"where": where}, timeout=5))
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
    response = session.get(emulator.base_url + "/orders", json={"where": where}, timeout=5)
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
    response = session.get(emulator.base_url + "/orders", json=body, timeout=5)
    assert response.status_code == 503


def test_order_by_sorts_and_select_keeps_the_named_fields(
    emulator: QticketsEmulator, session: requests.Session
) -> None:
    """Dotted names reach into objects and lists."""
    body = {"orderBy": {"updated_at": "desc"}, "perPage": 2, "select": ["id", "baskets.show_id"]}
    found = rows(session.get(emulator.base_url + "/orders", json=body, timeout=5))
    assert found == [
        {"id": 7_000_123, "baskets": [{"show_id": 800_010}]},
        {"id": 7_000_122, "baskets": [{"show_id": 800_020}, {"show_id": 800_020}]},
    ]
