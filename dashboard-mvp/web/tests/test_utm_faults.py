"""Tags outside the naming rule, case by case, in one store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from panel_rows import table
from sample_tags import Fact, write
from starlette.testclient import TestClient

GOOD = {"source": "vk", "medium": "cpc", "campaign": "ice-vk-202506", "content": "", "term": ""}
WORDS = {
    "missing": "нет, хотя другие метки есть",
    "letters": "не только латиница, цифры, - и _",
    "medium": "не из пяти каналов",
    "campaign": "не продукт-канал-ГГГГММ",
}
CASES = [
    ("source", "vk", ""),
    ("source", "afisha.ru", "letters"),
    ("source", "вк", "letters"),
    ("source", "vk ads", "letters"),
    ("source", "", "missing"),
    ("medium", "referral", ""),
    ("medium", "cpm", "medium"),
    ("medium", "c.p.c", "letters medium"),
    ("medium", "", "missing"),
    ("campaign", "ice-vk-202506", ""),
    ("campaign", "ice-show-na-vode-vk_ads-202512", ""),
    ("campaign", "ice-202506", "campaign"),
    ("campaign", "ice-vk-202513", "campaign"),
    ("campaign", "ice-vk-2506", "campaign"),
    ("campaign", "лёд-vk-202506", "letters"),
    ("campaign", "{{ad_plan_id}}", "letters campaign"),
    ("campaign", "", "missing"),
    ("content", "crea01_price", ""),
    ("content", "нижний_новгород_14_06", ""),
    ("content", "ростов-на-дону_14_06", ""),
    ("content", "щёлково_14_06", ""),
    ("content", "нижний новгород", "letters"),
    ("content", "", ""),
    ("term", "kids_2", ""),
    ("term", "куда пойти", "letters"),
    ("term", "", ""),
]


@pytest.fixture(scope="module")
def rows(holding: Callable[..., TestClient]) -> dict[tuple[str, str], tuple[object, ...]]:
    """Give the panel over a store that holds an order of each case: the rest of it by its tag."""
    facts = []
    for field, value, _ in CASES:
        source, medium, campaign, content, term = (GOOD | {field: value}).values()
        facts.append(Fact((source, medium, campaign, content, term), 2, 3, "700.00"))
    client = holding(lambda warehouse: write(warehouse, facts))
    found = [tuple(row.values()) for row in table(client, "utm_faults", "?period=7d&rows=all")]
    return {(str(field), str(value)): tuple(more) for field, value, *more in found}


@pytest.mark.parametrize(("field", "value", "broken"), CASES)
def test_a_tag_outside_the_naming_rule_is_listed(
    rows: dict[tuple[str, str], tuple[object, ...]], field: str, value: str, broken: str
) -> None:
    """Each value with all it breaks, the orders and the money it came with; a good one is not."""
    found = rows.get((f"utm_{field}", value or "без метки"))
    reasons = "; ".join(WORDS[rule] for rule in broken.split())
    assert found == ((reasons, 2, 3, "700.00") if broken else None)


def test_nothing_else_is_listed(rows: dict[tuple[str, str], tuple[object, ...]]) -> None:
    """The panel has a row for each faulty value and no other."""
    assert len(rows) == sum(bool(broken) for _, _, broken in CASES)
