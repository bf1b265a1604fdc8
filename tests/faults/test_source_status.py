"""S01–S08, S13–S15: what the source says, and how often it is asked again."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from trial import Case, Trial
from zakaz.http import ATTEMPTS
from zakaz_emulators.qtickets import faults as broken


def test_s01_retry_after_is_waited_out_once(trial: Trial) -> None:
    """A 429 that names three seconds is followed by one retry after them."""
    trial.faults.add(broken.status(429, retry_after=3), path="/orders")
    trial.ends(0, moves=True)

    assert trial.patience.waits == [3.0]
    assert [asked.status for asked in trial.orders_asked()] == [429, 200]
    trial.equals()


def test_s02_without_a_hint_the_waits_grow(trial: Trial) -> None:
    """Three bare 429 are followed by longer waits with jitter, within five attempts."""
    trial.faults.add(broken.status(429), times=3, path="/orders")
    trial.ends(0, moves=True)

    assert [asked.status for asked in trial.orders_asked()] == [429, 429, 429, 200]
    for wait, ceiling in zip(trial.patience.waits, (0.5, 1.0, 2.0), strict=True):
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


def test_s04_a_passing_5xx_loses_nothing(fresh: Trial) -> None:
    """500, 502, 503 and 504, once each of either list, are asked again and the load is whole."""
    for path in ("/orders", "/events"):
        for nth, status in enumerate((500, 502, 503, 504), start=1):
            fresh.faults.add(broken.status(status), nth=nth, path=path)
    outcome = fresh.ends(0, moves=True)

    assert outcome.report.requests == (1 + 4) + (3 + 4)
    fresh.equals()


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


def test_s13_a_maintenance_page_is_never_no_orders(trial: Trial) -> None:
    """HTML with status 200 is retried, then 75; not a word of it is told."""
    page = b"<html>" + b"We call buyer1@example.test on +70000000001. " * 100
    fault = broken.body(page, content_type="text/html")
    trial.breaks(Case(fault, 75, "instead of JSON", ATTEMPTS))

    (told,) = trial.rows("SELECT message FROM zakaz.meta_job_runs WHERE status = 'failed'")
    assert "We call" not in told[0]
    assert "We call" not in "".join(trial.said)


def test_s14_a_body_without_a_list_is_a_typed_error(trial: Trial) -> None:
    """Nothing, null or a list in place of the page is an error by name, never no orders."""
    paging = b'"paging":{"perPage":50,"currentPage":1,"total":0}'
    trial.breaks(
        Case(broken.body(b""), 75, "empty body", ATTEMPTS),
        Case(broken.body(b"", code=204), 75, "204 without a body", ATTEMPTS),
        Case(broken.body(b"null"), 65, "not an object", 1),
        Case(broken.body(b"[]"), 65, "not an object", 1),
        Case(broken.body(b'{"data":null,%s}' % paging), 65, "$.data", 1),
    )


def test_s15_an_error_with_status_200_is_told_by_its_code(trial: Trial) -> None:
    """An error object inside a 200 is named by its code and never read as an empty page."""
    named = {"status": 503, "code": "UNKNOWN_ERROR", "info": []}
    refused = {"status": 403, "code": "WRONG_AUTHORIZATION"}
    trial.breaks(
        Case(broken.error_object("TEMPORARY"), 75, "(no code that we know)", 1),
        Case(said({"error": "Unknown error", **named}), 75, "(UNKNOWN_ERROR)", 1),
        Case(said({"error": "Wrong authorization", **refused}), 78, "WRONG_AUTHORIZATION", 1),
    )


def said(value: dict[str, Any]) -> Any:
    """Give a fault that answers 200 with this object."""
    return broken.body(json.dumps(value).encode())
