"""Lists of campaigns, groups and ads: all of them, each once, also while they move."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from vk_ads import lists
from zakaz.errors import DataError, TransientSourceError


class Account:
    """A list that grows, shrinks or lies while it is read."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids
        self.asked: list[dict[str, Any]] = []
        self.after: Callable[[], None] = lambda: None
        self.cap = 50
        self.counts: Callable[[int], int | None] = lambda page: len(self.ids)

    def ask(self, path: str, parameters: dict[str, Any]) -> bytes:
        self.asked.append(parameters)
        start = parameters["offset"]
        page = self.ids[start : start + min(parameters["limit"], self.cap)]
        body: dict[str, Any] = {"items": [{"id": number, "name": "x"} for number in page]}
        if (count := self.counts(len(page))) is not None:
            body |= {"count": count, "offset": start}
        self.after()
        return json.dumps(body).encode()


def read(account: Account) -> list[int | str]:
    return [plan.id for plan in lists.read(account.ask, lists.PLANS).items]


@pytest.mark.parametrize("length", [0, 1, 49, 50, 51, 99, 100, 101, 1000])
@pytest.mark.parametrize("told", [True, False], ids=["count", "no-count"])
def test_a_list_of_any_length_is_read_whole(length: int, told: bool) -> None:
    """Also where the envelope has no count: an empty rest ends it."""
    account = Account(list(range(1, length + 1)))
    if not told:
        account.counts = lambda page: None
    assert read(account) == account.ids
    assert len(account.asked) <= length // 49 + 2


def test_a_smaller_page_than_asked_for_is_no_end() -> None:
    """An account may be capped at 20 rows a page."""
    account = Account(list(range(1, 101)))
    account.cap = 20
    assert read(account) == account.ids


def test_everything_is_asked_for_by_id_and_with_its_fields() -> None:
    """Archived ads have spent money, and the default fields hold nothing."""
    account = Account([1])
    read(account)
    assert account.asked[0]["_status__in"] == "active,blocked,deleted"
    assert account.asked[0]["sorting"] == "id"
    assert set(account.asked[0]["fields"].split(",")) >= {"id", "name", "status", "objective"}


def test_a_list_that_moved_is_read_again() -> None:
    """A row that vanished behind the reading would push another one out of sight."""
    account = Account(list(range(1, 121)))

    def vanish_once() -> None:
        account.after = lambda: None
        account.ids.remove(7)

    account.after = vanish_once
    assert read(account) == [number for number in range(1, 121) if number != 7]


def test_a_list_that_never_stands_still_ends_the_run() -> None:
    """Exit 75 after three readings; nothing half is taken for the whole."""
    account = Account(list(range(1, 500)))
    account.after = lambda: account.ids.pop(0) and None
    with pytest.raises(TransientSourceError, match="changed each of the 3 times"):
        read(account)


def test_s17_a_page_that_comes_again_is_found_at_once() -> None:
    """Exit 65 at the second request: an offset that is ignored never leads to the end."""
    account = Account(list(range(1, 500)))
    ask = account.ask
    with pytest.raises(DataError, match="the offset was ignored"):
        lists.read(lambda path, asked: ask(path, asked | {"offset": 0}), lists.BANNERS)
    assert len(account.asked) == 2


@pytest.mark.parametrize("body", [b"{}", b'{"items": 5}', b'{"items": {"0": {"id": 1}}}'])
def test_an_answer_that_is_no_list_is_no_empty_list(body: bytes) -> None:
    """Exit 65: an outage must not read as "no campaigns"."""
    with pytest.raises(DataError):
        lists.read(lambda path, parameters: body, lists.BANNERS)


@pytest.mark.parametrize("row", ["null", "[]", "5", '{"name": "no id"}', '{"id": "\\ud83d"}'])
def test_field_p03_a_row_without_an_id_costs_that_row(row: str) -> None:
    """It is put aside wherever it stands in the list, also twice and at the end of a page."""
    texts = [f'{{"id": {number}}}' for number in range(1, 100)]
    for place in (0, 49, 48, 98, 30, 30):
        texts.insert(place, row)

    def ask(_: str, asked: dict[str, Any]) -> bytes:
        page = texts[asked["offset"] : asked["offset"] + asked["limit"]]
        return f'{{"items": [{",".join(page)}], "count": {len(texts)}}}'.encode()

    listed = lists.read(ask, lists.BANNERS)
    assert [one.id for one in listed.items] == list(range(1, 100))
    assert [(one.entity, one.id, one.reason) for one in listed.odd] == [
        ("banner", "", "bad_id")
    ] * 6


def test_an_id_that_always_comes_twice_is_one_object() -> None:
    """A list that moved tells one twice for once; the same twice each time is the list's fault."""
    account = Account([1, 2, 2, 3])
    listed = lists.read(account.ask, lists.PLANS)
    assert [one.id for one in listed.items] == [1, 2, 3]
    assert [(one.id, one.reason) for one in listed.odd] == [("2", "duplicate_key")]
    assert len(account.asked) == 3
