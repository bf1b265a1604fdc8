"""The life of a token: five slots are soon gone, so one is renewed and never burnt."""

from __future__ import annotations

import io
import json
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests_mock as rm
from urllib3.exceptions import ProtocolError
from vk_ads.access import Access
from vk_ads.refusals import AuthorizationError
from vk_ads.token_endpoint import PATH, TokenEndpoint
from vk_ads.token_store import TokenStore
from zakaz.errors import PermanentSourceError, TransientSourceError
from zakaz.file_lock import FileLock

BASE = "https://ads.example.test"
URL = BASE + PATH
SECRET = "secret-canary-0001"
NOW = datetime(2026, 2, 5, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Slots:
    """The token endpoint of one account: five slots, renewals in place, as the sheet tells it."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.asked: list[str] = []
        self.serial = 0
        self.expires_in: Any = 86400

    def answer(self, request: Any, context: Any) -> dict[str, Any]:
        """Answer one POST."""
        form = {name: values[0] for name, values in parse_qs(request.text).items()}
        self.asked.append(form["grant_type"])
        self.serial += 1
        if form["grant_type"] == "refresh_token":
            slot = form["refresh_token"].removeprefix("EXAMPLErefresh-")
            if not slot.isdigit() or int(slot) >= len(self.values):
                context.status_code = 400
                return {"error": "invalid_grant", "error_description": "no such token"}
            number = int(slot)
        elif len(self.values) == 5:
            context.status_code = 403
            return {"error": "token_limit_exceeded", "error_description": "limit reached"}
        else:
            self.values.append("")
            number = len(self.values) - 1
        self.values[number] = f"EXAMPLEaccess-{self.serial}"
        return {
            "access_token": self.values[number],
            "refresh_token": f"EXAMPLErefresh-{number}",
            "token_type": "bearer",
            "expires_in": self.expires_in,
        }


@pytest.fixture
def slots(requests_mock: rm.Mocker) -> Slots:
    account = Slots()
    requests_mock.post(URL, json=account.answer)
    return account


def worker(folder: Path, clock: Callable[[], datetime] = lambda: NOW) -> Access:
    """Give what a new process would make."""
    endpoint = TokenEndpoint(BASE, "client-1", SECRET)
    store = TokenStore(folder, BASE, "client-1", wait=0.0)
    return Access(store, issue=endpoint.issue, renew=endpoint.renew, clock=clock)


def test_ten_runs_of_a_day_ask_for_one_token(slots: Slots, tmp_path: Path) -> None:
    """Whether a run ended well or was killed: the token was stored before it was used."""
    headers = {worker(tmp_path).header() for _ in range(10)}
    assert slots.asked == ["client_credentials"]
    assert headers == {("Authorization", "Bearer EXAMPLEaccess-1")}


def test_ten_days_take_one_slot(slots: Slots, tmp_path: Path) -> None:
    """A token with less than half an hour to live is renewed in its slot."""
    for day in range(10):
        worker(tmp_path, lambda at=NOW + day * DAY: at).header()  # type: ignore[misc]
    assert slots.asked == ["client_credentials", *["refresh_token"] * 9]
    assert len(slots.values) == 1


@pytest.mark.parametrize(("told", "renewed"), [("86400", True), ("None", False), (None, False)])
def test_a_life_told_as_text_counts_and_an_endless_one_is_kept(
    slots: Slots, tmp_path: Path, told: Any, renewed: bool
) -> None:
    """``expires_in`` comes as a number, as text, or not at all."""
    slots.expires_in = told
    worker(tmp_path).header()
    worker(tmp_path, lambda: NOW + DAY).header()
    assert slots.asked[1:] == ["refresh_token"] * renewed


def test_a_token_that_cannot_be_renewed_is_asked_for_once(slots: Slots, tmp_path: Path) -> None:
    """VK deletes a token that was idle for a month."""
    worker(tmp_path).header()
    slots.values.clear()
    given = worker(tmp_path, lambda: NOW + 40 * DAY).header()
    assert slots.asked == ["client_credentials", "refresh_token", "client_credentials"]
    assert given == ("Authorization", f"Bearer {slots.values[0]}")


def test_a_sixth_token_is_refused_with_what_to_do(slots: Slots, tmp_path: Path) -> None:
    """No slot is freed by the program: other programs may live on those tokens."""
    slots.values = ["taken"] * 5
    with pytest.raises(PermanentSourceError, match="all five slots") as caught:
        worker(tmp_path).header()
    assert caught.value.exit_code == 78
    assert slots.values == ["taken"] * 5


def test_an_expired_token_is_renewed_and_a_neighbours_renewal_is_used(
    slots: Slots, tmp_path: Path
) -> None:
    """Two workers meet the same 401: the first renews, the second takes what the first stored."""
    one, two = worker(tmp_path), worker(tmp_path)
    one.header(), two.header()
    expired = AuthorizationError("expired_token", "/x")
    assert one.after_refusal(expired) == two.after_refusal(expired)
    assert slots.asked == ["client_credentials", "refresh_token"]


@pytest.mark.parametrize("code", ["invalid_client", "invalid_user", "revoked_token", ""])
def test_a_refusal_that_no_token_mends_stops(slots: Slots, tmp_path: Path, code: str) -> None:
    """Exit 78, and no slot is tried."""
    access = worker(tmp_path)
    access.header()
    with pytest.raises(PermanentSourceError) as caught:
        access.after_refusal(AuthorizationError(code, "/api/v2/banners.json"))
    assert code in str(caught.value)
    assert slots.asked == ["client_credentials"]


def test_the_token_is_its_owners_alone(slots: Slots, tmp_path: Path) -> None:
    """Mode 0600, and neither secret nor token stands in anything that is printed."""
    folder = tmp_path / "state"
    worker(folder).header()
    (file,) = folder.glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    token = TokenStore(folder, BASE, "client-1").read()
    assert token is not None
    assert token.access == "EXAMPLEaccess-1"
    assert "EXAMPLE" not in repr(token)
    assert SECRET not in file.read_text("utf-8")


def test_a_broken_file_costs_a_slot_and_not_the_run(slots: Slots, tmp_path: Path) -> None:
    """A disk that was full left half a file."""
    worker(tmp_path).header()
    (file,) = tmp_path.glob("*.json")
    naive = b'{"access":"a","refresh":"b","expires_at":"2026-01-01T00:00:00"}'
    for number, broken in enumerate((b'{"access":', b'{"access":"\xff"}', naive), start=2):
        file.write_bytes(broken)
        assert worker(tmp_path).header() == ("Authorization", f"Bearer EXAMPLEaccess-{number}")


def test_a_busy_token_is_waited_for_and_then_left(slots: Slots, tmp_path: Path) -> None:
    """Exit 75 when another run renews for too long; nothing is asked for behind its back."""
    lock_path = next(iter([TokenStore(tmp_path, BASE, "client-1").path])).with_suffix(".lock")
    other = FileLock(lock_path)
    other.acquire()
    try:
        with pytest.raises(TransientSourceError, match="being renewed"):
            worker(tmp_path).header()
    finally:
        other.release()
    assert slots.asked == []


def test_four_workers_at_once_ask_for_one_token(slots: Slots, tmp_path: Path) -> None:
    """All four start on a machine that has no token yet."""
    given: list[tuple[str, str]] = []

    def start() -> None:
        endpoint = TokenEndpoint(BASE, "client-1", SECRET)
        store = TokenStore(tmp_path, BASE, "client-1", sleep=lambda _: None)
        access = Access(store, issue=endpoint.issue, renew=endpoint.renew, clock=lambda: NOW)
        given.append(access.header())

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(given) == 4
    assert slots.asked == ["client_credentials"]


@pytest.mark.parametrize(
    ("status", "body", "code", "words"),
    [
        (401, {"error": "invalid_client"}, 78, "invalid_client"),
        (500, {}, 75, "Run again later"),
        (429, {}, 75, "Run again later"),
        (200, {"access_token": 5}, 78, "without a token"),
        (200, {"access_token": " "}, 78, "without a token"),
        (200, {"access_token": "a", "expires_in": []}, 78, "without a token"),
        (200, {"access_token": "a", "expires_in": 10**30}, 78, "without a token"),
        (200, {"access_token": "a", "tokens_left": "x"}, 78, "without a token"),
        (200, [], 78, "without a token"),
        (302, {}, 78, "answered 302"),
    ],
)
def test_an_endpoint_that_gives_no_token_says_why(
    requests_mock: rm.Mocker, tmp_path: Path, status: int, body: Any, code: int, words: str
) -> None:
    """One request, whatever the answer: a token that got lost on its way has taken a slot."""
    requests_mock.post(URL, text=json.dumps(body), status_code=status)
    with pytest.raises((PermanentSourceError, TransientSourceError), match=words) as caught:
        worker(tmp_path).header()
    assert caught.value.exit_code == code
    assert SECRET not in str(caught.value)
    assert requests_mock.call_count == 1


def test_field_p01_a_redirect_to_no_address_is_a_typed_error(
    requests_mock: rm.Mocker, tmp_path: Path
) -> None:
    """Exit 78: one odd link more that stopped the program."""
    requests_mock.post(URL, status_code=302, headers={"Location": "https://[x]/o"})
    with pytest.raises(PermanentSourceError, match="VK_ADS_BASE_URL"):
        worker(tmp_path).header()


class BrokenOff(io.BytesIO):
    """A body whose connection is reset inside it."""

    def read(self, *_: Any) -> bytes:
        """Fail as urllib3 does."""
        raise ProtocolError("Connection broken", ConnectionResetError(104, "reset by peer"))


def test_an_answer_that_breaks_off_is_a_pause_and_no_bug(
    requests_mock: rm.Mocker, tmp_path: Path
) -> None:
    """The body is read by urllib3, whose errors are none of requests'."""
    requests_mock.post(URL, body=BrokenOff())
    with pytest.raises(TransientSourceError, match=r"gave no token \(ProtocolError\)"):
        worker(tmp_path).header()
