"""What is on the cassettes: the emulator's own answers, the sheet's fields, nobody's data."""

from __future__ import annotations

import contextlib
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "cassettes").rglob("*.yaml"))
OURS = sorted((ROOT / "cassettes" / "qtickets_api").glob("*.yaml"))

SHEET = tomllib.loads(Path(__file__).with_name("qtickets_fields.toml").read_text(encoding="utf-8"))
ORDER, TICKET, EVENT, SHOW = (set(SHEET[n]) for n in ("order", "ticket", "event", "show"))
LEAKS = {
    "token": re.compile(r"Bearer (?!\[token\])\S|vk[12]\.a\.|eyJ[\w-]{8,}|access_token=", re.I),
    "e-mail": re.compile(r"[\w.+-]+(?:@|%40|\\u0040)[\w-]+(?:\.[\w-]+)+", re.I),
    "phone": re.compile(r"(?<![\w.+-])(?:\+|%2B)?[78][ (-]{0,2}9?\d{2,3}[ )-]{0,2}\d{3}"
                        r"[ -]?\d{2}[ -]?\d{2}(?![\w.-])"),
    "cookie": re.compile(r"set-cookie|^cookie", re.I),
    "link that opens something": re.compile(r"/(?:pay|cancel-order|ticket/(?:pdf|passbook))/"),
    "card": re.compile(r"\d{4,6}\*{4,}\d{4}"),
}  # fmt: skip


def interactions(path: Path) -> list[dict[str, Any]]:
    """Give request and response of every recorded exchange."""
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return list(loaded["interactions"])


def texts(value: Any) -> Iterator[str]:
    """Give every text in a decoded cassette; JSON inside a text is opened too."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield str(name)
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, bytes):
        yield from texts(value.decode("utf-8", "replace"))
    elif isinstance(value, str):
        yield value.replace("\\/", "/")
        if value[:1] in ("{", "["):
            with contextlib.suppress(ValueError):
                yield from texts(json.loads(value))


def leaks(value: Any) -> set[str]:
    """Name what must not stand in a cassette."""
    return {kind for text in texts(value) for kind, rule in LEAKS.items() if rule.search(text)}


def body(interaction: dict[str, Any]) -> Any:
    """Give the JSON of a recorded answer."""
    return json.loads(interaction["response"]["body"]["string"])


def test_every_cassette_is_used_by_a_scenario() -> None:
    """The recorded files are exactly those that scenarios play."""
    source = Path(__file__).with_name("test_qtickets.py").read_text(encoding="utf-8")

    assert {path.stem for path in OURS} == set(re.findall(r"\bplay\(\"(\w+)\"", source))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_g02_no_cassette_holds_anything_private(path: Path) -> None:
    """No token, address, phone, card, cookie or link that opens something is recorded."""
    assert leaks(interactions(path)) == set()


@pytest.mark.parametrize(
    ("kind", "planted"),
    [
        ("token", {"headers": {"Authorization": ["Bearer canary"]}}),
        ("token", {"uri": "https://host.example/x?access_token=canary"}),
        ("token", {"string": '{"a": "vk1.a.canary"}'}),
        ("e-mail", {"string": '{"client": {"email": "canary@example.org"}}'}),
        ("e-mail", {"string": '{"a": "canary\\u0040example.org"}'}),
        ("e-mail", {"uri": "https://host.example/?q=canary%40example.org"}),
        ("e-mail", {"string": b'{"a": "canary@example.org"}'}),
        ("phone", {"string": '{"phone": "+70000000001"}'}),
        ("phone", {"string": '{"a": "8 (900) 000-00-01"}'}),
        ("cookie", {"headers": {"Set-Cookie": ["session=canary"]}}),
        ("card", {"string": '{"payment_card_number": "000000******0000"}'}),
        ("link that opens something", {"string": '{"a": "https:\\/\\/qtickets.ru\\/pay\\/aB3"}'}),
    ],
)
def test_g02_a_planted_canary_is_found(kind: str, planted: dict[str, Any]) -> None:
    """Each kind of private data is found in header, address and body."""
    assert kind in leaks([{"request": planted}])


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_the_emulator_still_answers_every_cassette(path: Path, request: Any) -> None:
    """Asked the same, the emulator gives the same status, type and bytes as when recorded."""
    replay = request.getfixturevalue("replaying")
    for place, recorded in enumerate(interactions(path)):
        sent, got = recorded["request"], recorded["response"]
        if sent["headers"][replay.origin] != ["emulator"]:
            pytest.skip("recorded from the live service, which no emulator equals byte by byte")
        answer = replay.ask(sent, refused=got["status"]["code"] == 403)

        assert (place, answer.status_code) == (place, got["status"]["code"])
        assert [answer.headers["Content-Type"]] == got["headers"]["Content-Type"]
        assert replay.scrubbed_body(answer.content).decode() == got["body"]["string"]


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
    for interaction in interactions(ROOT / "cassettes/qtickets_api/events.yaml"):
        for event in body(interaction)["data"]:
            assert set(event) == EVENT
            assert set(event["city"]) == {"id", "name", "timezone"}
            assert all(set(show) == SHOW for show in event["shows"])


def test_what_the_loader_reads_is_on_the_sheet() -> None:
    """No field of the loader's whitelist is one that the service does not send."""
    from qtickets_api import wire

    for struct, known in (
        (wire.Order, ORDER), (wire.Basket, TICKET), (wire.Event, EVENT), (wire.Show, SHOW),
    ):  # fmt: skip
        assert set(struct.__struct_encode_fields__) <= known


def test_every_recorded_request_is_a_get_with_a_body() -> None:
    """The shape of a request is the documented one: a GET whose body holds the query."""
    for path in OURS:
        for interaction in interactions(path):
            sent = interaction["request"]
            assert sent["method"] == "GET"
            assert sent["uri"].startswith("https://qtickets.ru/api/rest/v1/")
            assert set(json.loads(sent["body"])) <= {"where", "orderBy", "page", "perPage"}
            assert sent["headers"]["Authorization"] == ["Bearer [token]"]


class Replaying:
    """Asks a fresh emulator what a cassette was asked."""

    def __init__(self, emulator: Any, scrubbed_body: Any, origin: str) -> None:
        self._emulator = emulator
        self.scrubbed_body = scrubbed_body
        self.origin = origin

    def ask(self, sent: dict[str, Any], *, refused: bool) -> requests.Response:
        """Send a recorded request again."""
        token = "wrong-token" if refused else self._emulator.token
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                sent["method"],
                sent["uri"].replace("https://qtickets.ru", self._emulator.url),
                data=sent["body"],
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )


@pytest.fixture
def replaying(recorded_emulator: Any, cassette_rules: Any) -> Replaying:
    """Give a way to ask the emulator again."""
    return Replaying(recorded_emulator, *cassette_rules)
