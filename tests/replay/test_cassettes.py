"""What is on the cassettes: the emulator's own answers, with the fields of the sheet."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from cassette_recorder import ORIGIN
from cassette_scan import interactions
from cassette_scrub import scrubbed_body
from cassette_services import QTICKETS
from qtickets_api import dictionaries, seats, wire
from zakaz_emulators.qtickets import QticketsEmulator

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(QTICKETS.folder.glob("*.yaml"))
SHEET = QTICKETS.fields

ORDER, TICKET, EVENT, SHOW, SEAT, PROMO_CODE = (
    set(SHEET[name]) for name in ("order", "ticket", "event", "show", "seat", "promo_code")
)


def body(interaction: dict[str, Any]) -> Any:
    """Give the JSON of a recorded answer."""
    return json.loads(interaction["response"]["body"]["string"])


def test_every_cassette_is_used_by_a_scenario() -> None:
    """The recorded files are exactly those that scenarios play."""
    sources = Path(__file__).parent.glob("test_qtickets*.py")
    played = re.findall(r"\bplay\(\"(\w+)\"", "".join(map(Path.read_text, sources)))

    assert sorted(path.stem for path in OURS) == sorted(set(played))


def test_every_stream_and_every_refusal_is_recorded() -> None:
    """Five streams, a second page, an empty one, 403, 404 in JSON and in HTML, 503."""
    statuses = {}
    for path in OURS:
        codes = [one["response"]["status"]["code"] for one in interactions(path)]
        statuses[path.stem] = (len(codes), *sorted(set(codes)))

    assert statuses == {
        "discounts": (1, 200),
        "empty_page": (2, 200),
        "events": (1, 200),
        "orders": (2, 200),
        "promo_codes": (3, 200),
        "promo_codes_unsorted": (3, 200),
        "seats": (3, 200),
        "single": (2, 200),
        "unavailable": (5, 503),
        "unknown_order": (1, 404),
        "wrong_address": (1, 404),
        "wrong_token": (1, 403),
    }


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_the_emulator_still_answers_every_cassette(
    path: Path, recorded_emulator: QticketsEmulator
) -> None:
    """Asked the same, the emulator gives the same status, type and bytes as when recorded."""
    for place, recorded in enumerate(interactions(path)):
        sent, got = recorded["request"], recorded["response"]
        if sent["headers"][ORIGIN] != ["emulator"]:
            pytest.skip("recorded from the live service, which no emulator equals byte by byte")
        answer = asked_again(recorded_emulator, sent, refused=got["status"]["code"] == 403)

        assert (place, answer.status_code) == (place, got["status"]["code"])
        assert [answer.headers["Content-Type"]] == got["headers"]["Content-Type"]
        assert scrubbed_body(answer.content, QTICKETS).decode() == got["body"]["string"]


def asked_again(
    emulator: QticketsEmulator, sent: dict[str, Any], *, refused: bool
) -> requests.Response:
    """Send a recorded request again, to a fresh emulator."""
    token = "wrong-token" if refused else emulator.token
    headers = {name: values[0] for name, values in sent["headers"].items()}
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            sent["method"],
            sent["uri"].replace("https://qtickets.ru", emulator.url),
            data=sent["body"],
            headers=headers | {"Authorization": f"Bearer {token}"},
        )


def test_orders_and_tickets_have_the_fields_of_the_sheet() -> None:
    """Recorded orders hold exactly the fields known of the service, no more and no less."""
    for interaction in interactions(ROOT / "cassettes/qtickets_api/orders.yaml"):
        page = body(interaction)
        assert set(page) == {"data", "paging"}
        assert set(page["paging"]) == {"perPage", "currentPage", "total"}
        for order in page["data"]:
            assert set(order) == ORDER
            assert all(set(ticket) == TICKET for ticket in order["baskets"])


def test_events_and_shows_have_the_fields_of_the_sheet() -> None:
    """Recorded events hold exactly the fields known of the service, no more and no less."""
    event = body(interactions(ROOT / "cassettes/qtickets_api/single.yaml")[1])["data"]
    assert set(event) == EVENT
    assert set(event["city"]) == {"id", "name", "timezone"}
    assert [set(show) for show in event["shows"]] == [SHOW]


def test_events_of_the_list_hold_what_was_selected() -> None:
    """The heavy drawing of the hall stays where it is."""
    [interaction] = interactions(ROOT / "cassettes/qtickets_api/events.yaml")
    selected = json.loads(interaction["request"]["body"])["select"]
    for event in body(interaction)["data"]:
        assert set(event) == {name.partition(".")[0] for name in selected}
        for show in event["shows"]:
            assert {f"shows.{name}" for name in show} < set(selected)


def test_seats_discounts_and_promo_codes_have_the_fields_of_the_sheet() -> None:
    """Nothing is recorded that the sheet does not name."""
    for interaction in interactions(ROOT / "cassettes/qtickets_api/seats.yaml"):
        hall = body(interaction)["data"]
        asked = set(json.loads(interaction["request"]["body"])["select"])
        assert asked <= SEAT
        assert hall == [] or {frozenset(seat) for seat in hall.values()} == {frozenset(asked)}
    [discounts] = interactions(ROOT / "cassettes/qtickets_api/discounts.yaml")
    for discount in body(discounts)["data"]:
        assert set(discount) == set(SHEET["discount"])
        assert all(set(event) == set(SHEET["discount_event"]) for event in discount["events"])
        assert all(set(show) == set(SHEET["discount_show"]) for show in discount["shows"])
    for interaction in interactions(ROOT / "cassettes/qtickets_api/promo_codes.yaml"):
        assert all(set(promo) == PROMO_CODE for promo in body(interaction)["data"])


def test_what_the_loader_reads_is_on_the_sheet() -> None:
    """No field of the loader's whitelist is one that the service does not send."""
    for struct, known in (
        (wire.Order, ORDER), (wire.Basket, TICKET), (wire.Event, EVENT), (wire.Show, SHOW),
        (seats.Seat, SEAT | {"seat_id"}), (dictionaries.WireDiscount, set(SHEET["discount"])),
        (dictionaries.WirePromoCode, PROMO_CODE),
    ):  # fmt: skip
        assert set(struct.__struct_encode_fields__) <= known


def test_every_recorded_request_is_a_get() -> None:
    """The shape of a request is the documented one: the query of a list stands in its body."""
    known = {"where", "orderBy", "page", "perPage", "select", "flat"}
    for path in OURS:
        for interaction in interactions(path):
            sent = interaction["request"]
            assert sent["method"] == "GET"
            assert sent["uri"].startswith("https://qtickets.ru/api/rest/v1/")
            assert sent["headers"]["Authorization"] == ["Bearer [token]"]
            is_single = sent["uri"].rpartition("/")[2].isdigit()
            assert (sent["body"] is None) == is_single
            assert is_single or set(json.loads(sent["body"])) <= known
