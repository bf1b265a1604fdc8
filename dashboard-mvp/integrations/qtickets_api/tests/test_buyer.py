"""Names of an order's people do not stay in its tags."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from qtickets_api.buyer import without_names


def raw(**changes: Any) -> bytes:
    """Give an order bought by Anna Primerova for a visitor called Oleg Obraztsov."""
    order = {
        "client": {"details": {"name": "Анна", "surname": "Примерова", "middlename": None}},
        "baskets": [{"client_name": "Олег", "client_surname": "Образцов"}],
    }
    return json.dumps(order | changes).encode()


@pytest.mark.parametrize(
    ("tag", "kept"),
    [("Примерова Анна", "[name] [name]"), ("dlya-ПРИМЕРОВА_2026", "dlya-[name]_2026"),
     ("Образцов", "[name]"),
     (quote("Примерова x"), "[name] x"), ("анна", "анна"),
     ("Анна Каренина", "Анна Каренина"), ("", "")],
)  # fmt: skip
def test_f26_a_surname_is_masked_and_a_first_name_with_it(tag: str, kept: str) -> None:
    """A surname names a person; a first name alone names a campaign as well."""
    tags = {"utm_source": "vk", "utm_term": tag}
    assert without_names(tags, raw()) == {"utm_source": "vk", "utm_term": kept}


@pytest.mark.parametrize(
    "order",
    [b"{}", b'{"client":[]}', b'{"client":{"details":null},"baskets":{}}', b"[", b'{"baskets":[5]}',
     raw(client=None, baskets=None)],
)  # fmt: skip
def test_an_order_that_names_nobody_keeps_its_tags(order: bytes) -> None:
    """Any shape of buyer is survived."""
    assert without_names({"utm_term": "Примерова"}, order) == {"utm_term": "Примерова"}


def test_baskets_with_holes_are_read_too() -> None:
    """PHP writes a list with holes as an object."""
    order = raw(baskets={"2": {"client_name": "Олег", "client_surname": "Образцов"}})
    assert without_names({"utm_term": "Образцов"}, order) == {"utm_term": "[name]"}
