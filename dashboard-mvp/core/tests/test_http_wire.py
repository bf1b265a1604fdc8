"""HTTP on a real socket: faults that urllib3's own retries do not see."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from typing import Any

import pytest
from zakaz.errors import (
    TransientSourceError,
)
from zakaz.http import HttpSource

TOKEN = ("Authorization", "Bearer canary-of-http")


def local(server: Any, time: Any, **options: Any) -> HttpSource:
    """Give a client of a scripted server on the fake clock."""
    return HttpSource(
        server.url, TOKEN, clock=time.clock, sleep=time.sleep, jitter=lambda wait: wait, **options
    )


def test_c07_debug_logging_shows_neither_query_nor_token(
    wire: Callable[..., Any], answers: Any, time: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger at DEBUG the product's own lines hold no canary."""
    server = wire(answers("503 Busy", b""), answers("200 OK", b'{"data":[]}'))

    with caplog.at_level(logging.DEBUG, logger="zakaz"), local(server, time) as source:
        source.get_json("/o", params={"token": "canary-of-query"}, body={"x": "canary-of-body"})

    told = "\n".join(record.getMessage() for record in caplog.records if "zakaz" in record.name)
    assert "503" in told
    assert "canary" not in told


def test_s10_a_body_shorter_than_its_length_is_fetched_again(
    wire: Callable[..., Any], answers: Any, time: Any
) -> None:
    """Content-Length too long costs one more request."""
    server = wire(
        answers("200 OK", b'{"data":[]}', Content_Length=500), answers("200 OK", b'{"data":[]}')
    )

    with local(server, time) as source:
        assert source.get_json("/o") == b'{"data":[]}'
        assert source.requests == 2


def test_s11_a_cut_chunked_body_is_fetched_again(
    wire: Callable[..., Any], answers: Any, time: Any
) -> None:
    """A chunk that ends early costs one more request."""
    cut = answers("200 OK", b'ff\r\n{"data"', Transfer_Encoding="chunked", Content_Length=None)
    server = wire(cut, answers("200 OK", b'{"data":[]}'))

    with local(server, time) as source:
        assert source.get_json("/o") == b'{"data":[]}'
        assert source.requests == 2


def test_s12_a_close_delimited_cut_body_is_fetched_again(
    wire: Callable[..., Any], answers: Any, time: Any
) -> None:
    """Without a length only the JSON itself shows the cut."""
    server = wire(
        answers("200 OK", b'{"data":[{', Content_Length=None), answers("200 OK", b'{"data":[]}')
    )

    with local(server, time) as source:
        assert source.get_json("/o") == b'{"data":[]}'


def test_s09_a_dropped_connection_is_tried_again(
    wire: Callable[..., Any], answers: Any, time: Any
) -> None:
    """A server that hangs up without a word costs one more request."""
    server = wire(b"", answers("200 OK", b'{"data":[]}'))

    with local(server, time) as source:
        assert source.get_json("/o") == b'{"data":[]}'


def test_a_body_that_drips_for_ever_meets_the_total_limit(
    wire: Callable[..., Any], answers: Any
) -> None:
    """The limit of one answer counts from its start, not from the last byte."""
    server = wire(answers("200 OK", b'{"data":[]}'))
    ticks = iter(range(0, 100_000, 200))

    with (
        HttpSource(server.url, clock=lambda: float(next(ticks)), sleep=lambda _: None) as source,
        pytest.raises(TransientSourceError, match="timeout"),
    ):
        source.get_json("/o")


def test_a_compressed_body_comes_out_whole(
    wire: Callable[..., Any], answers: Any, time: Any
) -> None:
    """What an API sends gzipped is read like any other answer."""
    body = b'{"data":[%s0]}' % (b"0," * 100_000)
    server = wire(answers("200 OK", gzip.compress(body), Content_Encoding="gzip"))

    with local(server, time) as source:
        assert source.get_json("/o") == body


def test_a_proxy_has_no_business_with_loopback(
    wire: Callable[..., Any], answers: Any, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP_PROXY in the environment does not stand between us and an emulator."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server = wire(answers("200 OK", b'{"data":[]}'))

    with local(server, time) as source:
        assert source.get_json("/o") == b'{"data":[]}'
