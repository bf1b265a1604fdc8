"""S04, S09–S12, S16, S21, S24: what happens to an answer, and to whom the token is shown."""

from __future__ import annotations

import functools
import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from qtickets_api import client
from tcp_proxy import TcpProxy
from trial import Case, Trial
from zakaz.http import ATTEMPTS, HttpSource, Timeouts
from zakaz_emulators.qtickets import faults as broken

LATER = "Gave up after 5 attempts; run again later"


@pytest.fixture
def proxy(trial: Trial) -> Iterator[TcpProxy]:
    """Stand between the loader and the emulator."""
    with TcpProxy(("127.0.0.1", urlsplit(trial.emulator.url).port or 0)) as between:
        trial.environ["QTICKETS_BASE_URL"] = trial.emulator.base_url.replace(
            trial.emulator.url, f"http://127.0.0.1:{between.port}"
        )
        yield between


def test_s04_s09_s10_s11_s12_s21_what_breaks_in_passing_loses_nothing(fresh: Trial) -> None:
    """A 5xx and a body that breaks off are asked for again; after a short page comes the rest.

    Each of 500, 502, 503 and 504 comes once of either list, and a page of thirty rows of fifty
    once, with more to follow.
    """
    for nth, status in enumerate((500, 502, 503, 504), start=1):
        fresh.faults.add(broken.status(status), nth=nth, path="/events")
    breaks = {
        1: (broken.reset(), "waiting"),  # it may come before or within the body
        2: (broken.short_length(), "broke off (truncated)"),
        3: (broken.status(500), "answered 500"),
        5: (broken.cut_chunk(), "broke off (truncated)"),
        6: (broken.cut_close(), "bad_json"),
        7: (broken.status(502), "answered 502"),
        9: (broken.cut_close(0.99), "bad_json"),
        10: (broken.cut_close(0.0), "empty body"),
        11: (broken.status(503), "answered 503"),
        12: (broken.status(504), "answered 504"),
    }
    for nth, (fault, _) in breaks.items():
        fresh.faults.add(fault, nth=nth, path="/orders")
    fresh.faults.add(broken.short_page(30), nth=8, path="/orders")
    outcome = fresh.ends(0, moves=True)

    assert outcome.report.mode == "full-keyset"
    assert outcome.report.received == 125
    assert outcome.report.requests <= (1 + 4) + 3 + len(breaks)
    warned = [line for line in fresh.said if "of 5, waiting" in line][4:]
    assert len(warned) == len(breaks)
    for line, (_, told) in zip(warned, breaks.values(), strict=True):
        assert told in line
    fresh.equals()


def test_s09_s10_s11_s12_a_page_that_never_comes_whole_is_75(trial: Trial) -> None:
    """A body that breaks off every time is given up after five attempts, the cursor unmoved."""
    trial.breaks(
        Case(broken.reset(), 75, LATER, ATTEMPTS),
        Case(broken.short_length(), 75, "broke off (truncated). " + LATER, ATTEMPTS),
        Case(broken.cut_chunk(), 75, "broke off (truncated). " + LATER, ATTEMPTS),
        Case(broken.cut_close(), 75, "broken or cut JSON body (bad_json). " + LATER, ATTEMPTS),
    )


def test_s16_silence_is_waited_out_for_thirty_seconds_at_most(
    trial: Trial, proxy: TcpProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that accepts and says nothing is asked five times, then 75; none of it hangs."""
    assert max(Timeouts().read, Timeouts().connect) <= 30
    hasty = functools.partial(client.HttpSource, timeouts=Timeouts(connect=5, read=0.05))
    with monkeypatch.context() as patch:  # an honest answer may take longer on a busy machine
        patch.setattr(client, "HttpSource", hasty)
        proxy.is_silent = True
        outcome = trial.ends(75, "no answer in time (timeout)", moves=False)
        proxy.is_silent = False

    assert (outcome.report.requests, proxy.connections) == (ATTEMPTS, ATTEMPTS)
    trial.ends(0, moves=True)
    assert proxy.connections == ATTEMPTS + 1  # a whole run needs one line
    trial.equals()


def test_s16_the_deadline_of_the_run_holds_whatever_the_source_does(
    trial: Trial, proxy: TcpProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither silence nor a byte at a time keeps a run beyond its time limit."""
    monkeypatch.setattr(client, "HttpSource", HttpSource)  # on the real clock
    trial.environ["QTICKETS_RUN_DEADLINE_SECONDS"] = "0.5"
    for is_silent in (True, False):
        proxy.is_silent, proxy.drip = is_silent, 0.02
        began = time.monotonic()
        outcome = trial.ends(75, "deadline", moves=False)

        assert outcome.report.requests <= 1
        assert time.monotonic() - began < 60  # the drip of one page would take minutes
    del trial.environ["QTICKETS_RUN_DEADLINE_SECONDS"]
    proxy.is_silent, proxy.drip = False, 0.0
    trial.ends(0, moves=True)
    trial.equals()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Give a self-signed certificate for localhost and its key."""
    pem, key = tmp_path / "server.pem", tmp_path / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(pem)],
        stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=300,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )  # fmt: skip
    return pem, key


def test_s24_a_wrong_certificate_gets_no_token(
    trial: Trial, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A self-signed certificate and one of another host are refused with 78, unasked.

    The same certificate is good once it is trusted and the host is its own.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    target = ("127.0.0.1", urlsplit(trial.emulator.url).port or 0)
    sent = len(trial.emulator.requests)
    with TcpProxy(target, context) as between:
        for host, trusted in (("localhost", False), ("127.0.0.1", True), ("localhost", True)):
            if trusted:
                monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate[0]))
            trial.environ["QTICKETS_BASE_URL"] = trial.emulator.base_url.replace(
                trial.emulator.url, f"https://{host}:{between.port}"
            )
            if (host, trusted) == ("localhost", True):
                trial.ends(0, moves=True)
            else:
                outcome = trial.ends(78, "the TLS certificate is not trusted", moves=False)
                assert outcome.report.requests <= 1
                assert (len(trial.emulator.requests), between.seen) == (sent, 0)
    trial.equals()
