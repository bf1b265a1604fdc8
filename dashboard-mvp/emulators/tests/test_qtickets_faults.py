"""Fault switches: what a client sees, and that the next request is honest again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
import requests
from zakaz_emulators.qtickets import Organisation, QticketsEmulator, faults

Get = Callable[..., requests.Response]


@pytest.fixture
def get(emulator: QticketsEmulator, session: requests.Session) -> Get:
    def ask(body: dict[str, Any] | None = None, path: str = "/orders") -> requests.Response:
        return session.get(emulator.base_url + path, json=body, timeout=300)

    return ask


def test_s01_a_429_names_when_to_come_back(emulator: QticketsEmulator, get: Get) -> None:
    """The second request is refused, the third is served."""
    emulator.faults.add(faults.status(429, retry_after=3), nth=2)
    answers = [get(), get(), get()]
    assert [one.status_code for one in answers] == [200, 429, 200]
    assert answers[1].headers["Retry-After"] == "3"
    assert answers[1].json()["status"] == 429
    assert [asked.status for asked in emulator.requests] == [200, 429, 200]


def test_s02_a_429_may_come_without_a_hint(emulator: QticketsEmulator, get: Get) -> None:
    """Three times, then 200."""
    emulator.faults.add(faults.status(429), times=3)
    answers = [get() for _ in range(4)]
    assert [one.status_code for one in answers] == [429, 429, 429, 200]
    assert "Retry-After" not in answers[0].headers


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422, 500, 502, 503, 504])
def test_s04_s05_any_status_can_be_given_once(
    emulator: QticketsEmulator, get: Get, code: int
) -> None:
    """One shot, with the error object of the service."""
    emulator.faults.add(faults.status(code))
    assert [get().status_code, get().status_code] == [code, 200]


def test_a_stable_503_stays(emulator: QticketsEmulator, get: Get) -> None:
    """It reads as a malformed request, not as an outage."""
    switch = emulator.faults.always(faults.status(503), path="/orders")
    assert {get().status_code for _ in range(4)} == {503}
    assert get(path="/events").status_code == 200
    assert switch.used == 4


def test_s09_a_reset_in_the_middle_of_the_body(emulator: QticketsEmulator, get: Get) -> None:
    """The connection is gone, the next one works."""
    emulator.faults.add(faults.reset())
    with pytest.raises(requests.RequestException):
        get()
    assert get().status_code == 200


def test_s10_a_body_shorter_than_its_length(emulator: QticketsEmulator, get: Get) -> None:
    """requests notices this one."""
    emulator.faults.add(faults.short_length())
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get()
    assert get().status_code == 200


def test_s11_a_chunked_body_that_ends_early(emulator: QticketsEmulator, get: Get) -> None:
    """requests notices this one too."""
    emulator.faults.add(faults.cut_chunk())
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get()


def test_s12_a_body_cut_by_closing_shows_only_in_the_json(
    emulator: QticketsEmulator, get: Get
) -> None:
    """Status 200 and no error on the wire."""
    emulator.faults.add(faults.cut_close())
    response = get()
    assert response.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        response.json()


def test_s13_a_maintenance_page_with_200(emulator: QticketsEmulator, get: Get) -> None:
    """Only the content type tells."""
    emulator.faults.add(faults.html())
    response = get()
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{}"])
def test_s14_bodies_without_a_list(emulator: QticketsEmulator, get: Get, raw: bytes) -> None:
    """200 and nothing usable."""
    emulator.faults.add(faults.body(raw))
    response = get()
    assert (response.status_code, response.content) == (200, raw)


def test_s14_a_204_has_no_body(emulator: QticketsEmulator, get: Get) -> None:
    """And keeps the connection in step."""
    emulator.faults.add(faults.body(b"", code=204))
    assert (get().status_code, get().status_code) == (204, 200)


def test_s15_an_error_object_with_200(emulator: QticketsEmulator, get: Get) -> None:
    """It must not read as an empty page."""
    emulator.faults.add(faults.error_object())
    assert get().json() == {"error": {"code": "UNKNOWN_ERROR", "message": "Unknown error"}}


def test_s16_silence_is_bounded_and_ends_with_the_emulator(organisation: Organisation) -> None:
    """A test never waits for a hanging request that nobody reads."""
    with QticketsEmulator(organisation) as emulator, requests.Session() as session:
        emulator.faults.add(faults.silence(30))
        session.headers["Authorization"] = f"Bearer {emulator.token}"
        with pytest.raises(requests.ReadTimeout):
            session.get(emulator.base_url + "/orders", timeout=0.1)
        began = monotonic()
    assert monotonic() - began < 20


def test_a_slow_answer_is_still_whole(emulator: QticketsEmulator, get: Get) -> None:
    """0.1 s late."""
    emulator.faults.add(faults.slow(0.1))
    began = monotonic()
    assert len(get().json()["data"]) == 50
    assert monotonic() - began >= 0.1


def test_filters_can_be_ignored_altogether(emulator: QticketsEmulator, get: Get) -> None:
    """The answer is 200 with everything, oldest first; paging still works."""
    emulator.faults.always(faults.ignore_filters())
    asked = {
        "where": [{"column": "event_id", "value": 80002}],
        "orderBy": {"id": "desc"},
        "select": ["id"],
        "page": 2,
    }
    page = get(asked).json()
    assert page["paging"] == {"perPage": 50, "currentPage": 2, "total": 123}
    assert page["data"][0]["id"] == 7_000_051
    assert "baskets" in page["data"][0]


def test_one_column_can_be_ignored(emulator: QticketsEmulator, get: Get) -> None:
    """``updated_at`` may not be filterable while the rest is."""
    emulator.faults.always(faults.ignore_filters("updated_at"))
    since = "2026-03-20T00:00:00+03:00"
    where = [
        {"column": "updated_at", "operator": ">=", "value": since},
        {"column": "event_id", "value": 80002},
    ]
    page = get({"where": where}).json()
    assert page["paging"]["total"] == 61
    assert {row["event_id"] for row in page["data"]} == {80002}


def test_s17_the_same_page_comes_forever(emulator: QticketsEmulator, get: Get) -> None:
    """Whatever page is asked."""
    emulator.faults.always(faults.stuck_page(2))
    bodies = {get({"page": page}).content for page in (2, 3, 4)}
    assert len(bodies) == 1


def test_s21_a_short_page_with_more_to_follow(emulator: QticketsEmulator, get: Get) -> None:
    """Only the paging metadata says so."""
    emulator.faults.add(faults.short_page(30))
    page = get().json()
    assert (len(page["data"]), page["paging"]["perPage"]) == (30, 50)


def test_the_total_can_grow_while_paging(emulator: QticketsEmulator, get: Get) -> None:
    """By 30 with every answer."""
    emulator.faults.always(faults.growing_total(30))
    totals = [get({"page": page}).json()["paging"]["total"] for page in (1, 2, 3)]
    assert totals == [153, 183, 213]


def test_s18_e15_orders_can_come_and_go_between_pages(
    emulator: QticketsEmulator, get: Get, organisation: Organisation
) -> None:
    """Deleting three orders of page 1 pushes three unseen ones off page 2."""

    def happen() -> None:
        for number in (7_000_001, 7_000_002, 7_000_003):
            organisation.remove_order(number)
        organisation.insert_order(event_id=80001)

    emulator.faults.add(faults.after(happen))
    first, second = get({"page": 1}).json(), get({"page": 2}).json()
    assert first["paging"]["total"] == 123
    assert second["paging"]["total"] == 121
    assert second["data"][0]["id"] == 7_000_054


def test_s19_orders_can_move_between_pages(
    emulator: QticketsEmulator, get: Get, organisation: Organisation
) -> None:
    """An update moves an order to the end of a list sorted by ``updated_at``."""
    later = organisation.now + timedelta(minutes=1)
    emulator.faults.add(faults.before(lambda: organisation.touch(7_000_001, later)), nth=2)
    body = {"orderBy": {"updated_at": "asc"}, "perPage": 2}
    assert [row["id"] for row in get(body).json()["data"]] == [7_000_001, 7_000_002]
    assert [row["id"] for row in get(body).json()["data"]] == [7_000_002, 7_000_003]


def test_p01_to_p08_payloads_of_single_orders_can_be_spoiled(
    emulator: QticketsEmulator, get: Get, organisation: Organisation
) -> None:
    """The truth and the ledger stay, the neighbours on the page too."""
    before = emulator.ledger.totals()
    organisation.spoil(7_000_001, lambda order: order.pop("id"))
    organisation.spoil(7_000_002, lambda order: order.update(payed_at="2026-02-30T00:00:00+03:00"))
    organisation.spoil(7_000_003, lambda order: order.update(price=float("inf")))
    organisation.spoil(7_000_004, lambda order: order.update(baskets=None))
    page = get().json()["data"]
    assert "id" not in page[0]
    assert page[1]["payed_at"] == "2026-02-30T00:00:00+03:00"
    assert page[2]["price"] == float("inf")
    assert page[3]["baskets"] is None
    assert page[4]["id"] == 7_000_005
    assert emulator.ledger.totals() == before


def test_p09_an_order_can_be_listed_twice_on_a_page(emulator: QticketsEmulator, get: Get) -> None:
    """With other content, too."""

    def again(page: Any) -> None:
        page["data"].append({**page["data"][0], "price": 1})

    emulator.faults.add(faults.repeat_first())
    emulator.faults.add(faults.edit(again), nth=2)
    ids = [[row["id"] for row in get().json()["data"]] for _ in range(2)]
    assert [(len(page), page[-1]) for page in ids] == [(51, 7_000_001), (51, 7_000_001)]


def test_p13_p18_the_very_bytes_can_be_changed(emulator: QticketsEmulator, get: Get) -> None:
    """A byte order mark, and a number no float holds."""
    emulator.faults.add(faults.byte_order_mark())
    assert get().content.startswith(b"\xef\xbb\xbf{")
    emulator.faults.add(
        faults.rewrite(lambda raw: raw.replace(b'"price":1000', b'"price":1e999', 1))
    )
    assert b"1e999" in get().content


def test_a_condition_of_ones_own_chooses_the_requests(emulator: QticketsEmulator, get: Get) -> None:
    """And ``clear`` makes the emulator honest again."""
    emulator.faults.add(
        faults.status(500), when=lambda request: b'"page": 2' in request.body, times=None
    )
    assert [get({"page": page}).status_code for page in (1, 2, 2)] == [200, 500, 500]
    emulator.faults.clear()
    assert get({"page": 2}).status_code == 200
