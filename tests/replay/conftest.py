"""Cassettes: recorded answers, scrubbed on save, played back without any network.

``python -m pytest tests/replay --record`` records them again: from the emulators over real HTTP,
or from the live service when its token is in the environment.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import vcr
from qtickets_api.settings import LIVE
from zakaz.scrub import scrub
from zakaz_emulators.qtickets import Organisation, QticketsEmulator, small_organisation
from zakaz_emulators.qtickets.wire import encode

CASSETTES = Path(__file__).resolve().parents[2] / "cassettes"
TOKEN = "[token]"
REMOVED = "[removed]"
ORIGIN = "X-Recorded-From"  # tells the recordings of the emulator from those of the live service

_KEPT_REQUEST_HEADERS = {"accept", "content-type"}
_KEPT_RESPONSE_HEADERS = {"content-type"}
_PERSONAL = re.compile(
    r"client|client_\w+|basket_user_id|backend_user_id|email|phone|middlename|surname|\w*_?card_number|uniqid|barcode|inn|kpp"
    r"|(payment|cancel|pdf|passbook|gpass|agree)_url|organization_name|legal_name|work_position"
    r"|comment|custom|fields|telegram_user|vk_id|facebook_id"
)


def scrubbed(value: Any, key: str = "") -> Any:
    """Give an answer without buyers, links that open something, and halls; types stay."""
    if _PERSONAL.fullmatch(key):
        return blank(value)
    if key == "scheme_properties":
        return {}
    if isinstance(value, dict):
        return {name: scrubbed(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [scrubbed(item, key) for item in value]
    return scrub(value) if isinstance(value, str) else value


def blank(value: Any) -> Any:
    """Give the same shape with every text and number taken out; empty and null stay."""
    if isinstance(value, dict):
        return {name: blank(item) for name, item in value.items()}
    if isinstance(value, list):
        return [blank(item) for item in value]
    return REMOVED if isinstance(value, str) and value else value and type(value)()


def scrubbed_body(body: bytes) -> bytes:
    """Give a JSON body scrubbed, any other one as text without secrets."""
    try:
        return encode(scrubbed(json.loads(body)))
    except ValueError:
        return scrub(body.decode("utf-8", "replace")).encode()


def recorded_organisation() -> Organisation:
    """Give the organiser of the cassettes: two pages with a refund, a deletion, a reservation."""
    organisation = small_organisation(17)
    ids = [order.id for order in organisation.orders]
    organisation.refund(ids[4])
    organisation.cancel(ids[6])
    organisation.insert_order(event_id=80001, prices=("19.99",), paid=False)
    return organisation


@dataclass(slots=True)
class Tape:
    """What a scenario talks to: the environment of its loader."""

    environ: dict[str, str]


Play = Callable[..., contextlib.AbstractContextManager[Tape]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option of this folder."""
    parser.addoption("--record", action="store_true", help="record the cassettes again")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run nothing but the scenarios while recording."""
    if config.getoption("--record", default=False):
        items[:] = [item for item in items if "play" in getattr(item, "fixturenames", ())]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a proxy of this machine out of the recordings."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def play(request: pytest.FixtureRequest) -> Play:
    """Give a way to run a scenario on its cassette; every recorded answer must be played."""
    return _recording if request.config.getoption("--record", default=False) else _replaying


@pytest.fixture
def replay_part() -> Play:
    """Give a way to run on a cassette without playing all of it."""
    return functools.partial(_replaying, whole=False)


@contextlib.contextmanager
def _replaying(name: str, *, token: str = TOKEN, whole: bool = True) -> Iterator[Tape]:
    path = CASSETTES / "qtickets_api" / f"{name}.yaml"
    with _recorder("none", "").use_cassette(str(path)) as cassette:
        yield Tape(_environ(LIVE, token))
    if whole:
        assert cassette.all_played, f"{path.name} holds answers that nothing plays"


@contextlib.contextmanager
def _recording(name: str, *, token: str = "") -> Iterator[Tape]:
    path = CASSETTES / "qtickets_api" / f"{name}.yaml"
    path.unlink(missing_ok=True)
    live = os.environ.get("QTICKETS_TOKEN", "")
    with contextlib.ExitStack() as stack:
        if live:
            tape = Tape(_environ(os.environ.get("QTICKETS_BASE_URL", LIVE), token or live))
        else:
            emulator = stack.enter_context(QticketsEmulator(recorded_organisation()))
            tape = Tape(_environ(emulator.base_url, token or emulator.token))
        recorder = _recorder("all", "live" if live else "emulator")
        stack.enter_context(recorder.use_cassette(str(path)))
        yield tape


def _environ(base_url: str, token: str) -> dict[str, str]:
    return {
        "QTICKETS_BASE_URL": base_url,
        "QTICKETS_TOKEN": token,
        "QTICKETS_PAGE_SIZE": "10",
        "QTICKETS_REQUESTS_PER_SECOND": "100",
    }


def _recorder(mode: str, origin: str) -> Any:
    live = urlsplit(LIVE)

    def request(sent: Any) -> Any:
        parts = urlsplit(sent.uri)
        sent.uri = parts._replace(scheme=live.scheme, netloc=live.netloc).geturl()
        kept = {n: v for n, v in sent.headers.items() if n.lower() in _KEPT_REQUEST_HEADERS}
        sent.headers = kept | {"Authorization": f"Bearer {TOKEN}", ORIGIN: origin}
        return sent

    def response(got: dict[str, Any]) -> dict[str, Any]:
        headers = got["headers"]
        kept = {n: v for n, v in headers.items() if n.lower() in _KEPT_RESPONSE_HEADERS}
        return got | {"headers": kept, "body": {"string": scrubbed_body(got["body"]["string"])}}

    return vcr.VCR(
        record_mode=mode,
        match_on=["method", "scheme", "host", "port", "path", "query", "body"],
        before_record_request=request,
        before_record_response=response,
        decode_compressed_response=True,
    )


@pytest.fixture
def recorded_emulator() -> Iterator[QticketsEmulator]:
    """Give a running emulator with the organiser of the cassettes."""
    with QticketsEmulator(recorded_organisation()) as emulator:
        yield emulator


@pytest.fixture
def cassette_rules() -> tuple[Callable[[bytes], bytes], str]:
    """Give the scrubbing of bodies, and the header that tells where a cassette is from."""
    return scrubbed_body, ORIGIN
