"""S01–S03, S05–S08, S13–S15, P13: what the source says, and how often it is asked again."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from trial import Case, Trial
from zakaz.http import ATTEMPTS
from zakaz_emulators.qtickets import faults as broken


def test_s01_s02_a_busy_source_is_asked_again_in_time(trial: Trial) -> None:
    """A 429 that names three seconds is followed by one retry after them.

    Three that name none are followed by longer waits with jitter, within five attempts.
    """
    before = len(trial.emulator.requests)
    trial.faults.add(broken.status(429, retry_after=3), path="/events")
    trial.faults.add(broken.status(429), times=3, path="/orders")
    trial.ends(0, moves=True)

    asked = [one.status for one in trial.emulator.requests[before:]]
    assert asked == [429, 200, 429, 429, 429, 200]
    named, *waits = trial.patience.waits
    assert named == 3.0
    for wait, ceiling in zip(waits, (0.5, 1.0, 2.0), strict=True):
        assert ceiling / 2 <= wait <= ceiling
    trial.equals()


def test_s03_429_for_ever_ends_the_run(trial: Trial) -> None:
    """A source that is always busy is given up in time, told as rate limited, cursor unmoved.

    Five attempts are made, or as many as the time limit of the run leaves room for.
    """
    for retry_after, deadline, told, tries in (
        (None, "3600", "rate_limited", ATTEMPTS),
        (40, "100", "deadline", 3),
    ):
        trial.environ["QTICKETS_RUN_DEADLINE_SECONDS"] = deadline
        trial.faults.always(broken.status(429, retry_after=retry_after), path="/orders")
        began, asked = trial.patience.now, len(trial.orders_asked())
        trial.ends(75, told, moves=False)
        trial.faults.clear()

        assert len(trial.orders_asked()) - asked == tries
        assert trial.patience.now - began <= float(deadline) * 1.05
    assert trial.rows(
        "SELECT count() FROM zakaz.meta_job_runs WHERE message LIKE '%rate_limited%'"
    ) == [(2,)]
    trial.ends(0, moves=True)
    trial.equals()


def test_s05_a_refusal_is_one_request(trial: Trial) -> None:
    """What will not be served later is asked once; endpoint and status are named with exit 78."""
    where = f"GET /orders on {trial.emulator.url.removeprefix('http://')}"
    trial.breaks(
        *(
            Case(broken.status(status), 78, f"{where} answered {status}", 1)
            for status in (400, 403, 404, 422)
        )
    )

    assert trial.patience.waits == []


def test_s06_a_401_in_the_middle_loses_nothing(fresh: Trial) -> None:
    """A token that is refused on page three ends the run, and the next one has every order.

    Qtickets has no refresh: the token of the cabinet is all there is.
    """
    fresh.environ["QTICKETS_PAGE_SIZE"] = "20"
    fresh.faults.add(broken.status(401), nth=3, times=None, path="/orders")
    fresh.ends(78, "401", moves=False)

    assert [asked.status for asked in fresh.orders_asked()] == [200, 200, 401]
    fresh.faults.clear()
    fresh.ends(0, moves=True)
    fresh.equals()


def test_s07_a_401_for_ever_is_no_loop(trial: Trial) -> None:
    """A refused token is asked with at most twice, and the way to a new one is told."""
    trial.faults.always(broken.status(401))
    sent = len(trial.emulator.requests)
    outcome = trial.ends(78, "Take a new one", moves=False)

    assert 1 <= len(trial.emulator.requests) - sent <= 2
    assert outcome.report.requests == len(trial.emulator.requests) - sent


def test_s08_an_unreachable_host_is_named(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listening and no such name are tried five times, then 75 with the host, no query."""

    def no_such_name(*given: Any, **more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with socket.create_server(("127.0.0.1", 0)) as free:
        deaf = f"127.0.0.1:{free.getsockname()[1]}"
    live = trial.environ["QTICKETS_BASE_URL"]
    for host in (deaf, "api.localhost:8"):
        if host != deaf:
            monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
        trial.environ["QTICKETS_BASE_URL"] = f"http://{host}/api/rest/v1"
        outcome = trial.ends(75, f"on {host}: no connection", moves=False)

        assert outcome.report.requests == ATTEMPTS
    assert "perPage" not in "".join(trial.said)
    monkeypatch.undo()
    trial.environ["QTICKETS_BASE_URL"] = live
    trial.ends(0, moves=True)
    trial.equals()


def test_p13_s13_s14_s15_what_is_no_page_is_never_no_orders(trial: Trial) -> None:
    """HTML, nothing, null, another encoding, an error in place of the page are told by name.

    What may pass is asked for again; not a word of a maintenance page is told, and no replacement
    character is stored.
    """

    def cp1251(raw: bytes) -> bytes:
        return json.dumps(json.loads(raw), ensure_ascii=False).encode("cp1251", "replace")

    def halved(raw: bytes) -> bytes:
        return raw.replace(b'"RUB"', b'"RU\xd0"', 1)

    page = b"<html>" + b"We call buyer1@example.test on +70000000001. " * 100
    maintenance = broken.body(page, content_type="text/html")
    paging = b'"paging":{"perPage":50,"currentPage":1,"total":0}'
    named = {"status": 503, "code": "UNKNOWN_ERROR", "info": []}
    refused = {"status": 403, "code": "WRONG_AUTHORIZATION"}
    trial.breaks(
        Case(maintenance, 75, "instead of JSON", ATTEMPTS),  # S13
        Case(broken.body(b""), 75, "empty body", ATTEMPTS),  # S14
        Case(broken.body(b"", code=204), 75, "204 without a body", ATTEMPTS),
        Case(broken.body(b"null"), 65, "not an object", 1),
        Case(broken.body(b"[]"), 65, "not an object", 1),
        Case(broken.body(b'{"data":null,%s}' % paging), 65, "$.data", 1),
        Case(broken.error_object("TEMPORARY"), 75, "(no code that we know)", 1),  # S15
        Case(said({"error": "Unknown error", **named}), 75, "(UNKNOWN_ERROR)", 1),
        Case(said({"error": "Wrong authorization", **refused}), 78, "WRONG_AUTHORIZATION", 1),
        Case(broken.rewrite(cp1251), 75, "bad_json", ATTEMPTS),  # P13
        Case(broken.rewrite(halved), 75, "bad_json", ATTEMPTS),
    )

    told = trial.rows("SELECT message FROM zakaz.meta_job_runs WHERE status = 'failed'")
    assert len(told) == 11
    assert "We call" not in repr(told)
    assert "We call" not in "".join(trial.said)
    for table in ("orders", "events"):
        assert "\ufffd" not in repr(trial.rows(f"SELECT * FROM zakaz.stg_qtickets_{table}"))


def said(value: dict[str, Any]) -> Any:
    """Give a fault that answers 200 with this object."""
    return broken.body(json.dumps(value).encode())
