"""What a connection may do to the others: half requests, too many of them, readers that stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from uvicorn.server import ServerState
from zakaz_web import server
from zakaz_web.connections import HEAD_SECONDS, MOST_OPEN, STUCK_SECONDS, LimitedConnection

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
LONG = b"x" * 30_000_000  # more than the sockets of both ends hold


class _Clock:
    """The loop of the test, except that its timers go off when the test says so."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.now = 0.0
        self._timers: list[asyncio.TimerHandle] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    def call_later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(self.now + seconds, call, (), self._loop)
        self._timers.append(timer)
        return timer

    def forward(self, seconds: float) -> None:
        self.now += seconds
        due = [timer for timer in self._timers if timer.when() <= self.now]
        self._timers = [timer for timer in self._timers if timer.when() > self.now]
        for timer in due:
            if not timer.cancelled():
                timer._run()


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]


def on_a_server(
    test: Callable[[Connect, _Clock, ServerState], Awaitable[None]], most_open: int = 5
) -> None:
    """Run a test against these connections on real sockets of loopback."""

    async def run() -> None:
        async def answer(request: Request) -> Response:
            if request.url.query == "never":
                await asyncio.Event().wait()
            return Response(LONG if request.url.query == "long" else b"served")

        clock, state = _Clock(), ServerState()
        app = Starlette(routes=[Route("/", answer)])
        config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None)
        limited = type("Limited", (LimitedConnection,), {"most_open": most_open})
        listening = await asyncio.get_running_loop().create_server(
            lambda: limited(config, state, {}, clock), "127.0.0.1", 0
        )
        port = listening.sockets[0].getsockname()[1]
        opened: list[asyncio.StreamWriter] = []

        async def connect() -> Streams:
            before = len(state.connections)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            opened.append(writer)
            await until(lambda: len(state.connections) > before or before >= most_open)
            return reader, writer

        try:
            await asyncio.wait_for(test(connect, clock, state), 30)
        finally:
            for writer in opened:
                writer.transport.abort()
            listening.close()
            for connection in list(state.connections):
                connection.transport.abort()  # type: ignore[union-attr]
            for task in state.tasks:
                task.cancel()
            await asyncio.gather(*state.tasks, return_exceptions=True)
            await asyncio.sleep(0)

    asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop go on until something is so; the test's own limit ends it otherwise."""
    while not condition():
        await asyncio.sleep(0.001)


async def get(streams: Streams, path: str = "/") -> bytes:
    """Ask for a page and read its status line and what is there of its body."""
    reader, writer = streams
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    return await reader.readexactly(6)


async def gone(streams: Streams) -> bool:
    """Wait until the other end has closed."""
    try:
        return await streams[0].read() == b""
    except ConnectionResetError:
        return True


def test_found_e5_a_half_request_ends_with_its_time() -> None:
    """Its bytes may come one by one: they do not lengthen the time, and others are served."""

    async def test(connect: Connect, clock: _Clock, state: ServerState) -> None:
        silent, half = await connect(), await connect()
        for byte in HEAD:
            half[1].write(bytes([byte]))
            await asyncio.sleep(0)
        clock.forward(HEAD_SECONDS - 1)
        assert await get(await connect()) == b"served"
        assert len(state.connections) == 3
        half[1].write(b"X-More: 1\r\n")
        clock.forward(1)
        assert await gone(silent)
        assert await gone(half)
        await until(lambda: len(state.connections) == 1)

    on_a_server(test)


def test_found_e5_a_request_after_a_request_has_its_time_too() -> None:
    """A connection that was served once is not kept open by half of a second request."""

    async def test(connect: Connect, clock: _Clock, state: ServerState) -> None:
        reader = await connect()
        assert await get(reader) == b"served"
        reader[1].write(HEAD)
        await until(lambda: all(one._late for one in state.connections))  # type: ignore[union-attr]
        clock.forward(HEAD_SECONDS)
        assert await gone(reader)

    on_a_server(test)


def test_found_e5_whoever_waits_longest_makes_room() -> None:
    """Beyond the limit a new reader is served, and the oldest half request goes."""

    async def test(connect: Connect, clock: _Clock, state: ServerState) -> None:
        halves = []
        for _ in range(5):
            halves.append(await connect())
            clock.forward(0.1)
        for _ in range(2):
            assert await get(await connect()) == b"served"
        assert await gone(halves[0])
        assert len(state.connections) == 5

    on_a_server(test)


def test_found_e5_a_reader_that_takes_nothing_ends_with_its_time() -> None:
    """An answer that nobody reads is not kept for ever, whatever else the reader sends."""

    async def test(connect: Connect, clock: _Clock, state: ServerState) -> None:
        reader = await connect()
        await get(reader, "/?long")
        (served,) = state.connections
        await until(lambda: served._stuck is not None)  # type: ignore[union-attr]
        reader[1].write(HEAD)
        await asyncio.sleep(0.01)
        clock.forward(STUCK_SECONDS)
        await until(lambda: not state.connections)

    on_a_server(test)


def test_found_e5_a_reader_that_takes_nothing_makes_room_last() -> None:
    """A slow download outlives what only waits; of two the one that stopped first goes."""

    async def test(connect: Connect, clock: _Clock, state: ServerState) -> None:
        await get(await connect(), "/?long")
        await until(lambda: all(one._stuck for one in state.connections))  # type: ignore[union-attr]
        (first,) = state.connections
        clock.forward(1)
        half = await connect()
        assert await get(await connect()) == b"served"
        assert await gone(half)
        await get(await connect(), "/?long")
        assert first in state.connections
        await get(await connect(), "/?long")
        assert first not in state.connections
        assert len(state.connections) == 2

    on_a_server(test, most_open=2)


def test_found_e5_no_more_than_all_busy_are_opened() -> None:
    """Where every connection is being answered the newest is refused."""

    async def test(connect: Connect, clock: _Clock, state: ServerState) -> None:
        for _ in range(2):
            (await connect())[1].write(b"GET /?never HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: len(state.tasks) == 2)
        assert await gone(await connect())
        assert len(state.connections) == 2

    on_a_server(test, most_open=2)


def test_found_e5_the_dashboard_serves_with_these_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `zakaz serve` runs has them, below the usual limit of descriptors."""
    made: list[uvicorn.Config] = []
    monkeypatch.setattr(server._Server, "run", lambda self, sockets: made.append(self.config))
    with server.listen("127.0.0.1", 0) as listener:
        server.run(Starlette(), listener, ready=lambda: None)
    made[0].load()
    assert made[0].http_protocol_class is LimitedConnection
    assert 16 <= LimitedConnection.most_open <= MOST_OPEN


@pytest.mark.parametrize(("trusted", "seen"), [(None, "192.0.2.80"), ("192.0.2.80", "203.0.113.9")])
def test_found_e6_a_reader_behind_a_named_proxy_has_an_address_of_his_own(
    monkeypatch: pytest.MonkeyPatch, trusted: str | None, seen: str
) -> None:
    """A proxy on another machine is believed once FORWARDED_ALLOW_IPS names it."""
    if trusted:
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", trusted)
    made: list[uvicorn.Config] = []
    monkeypatch.setattr(server._Server, "run", lambda self, sockets: made.append(self.config))

    async def page(request: Request) -> PlainTextResponse:
        assert request.client is not None
        return PlainTextResponse(request.client.host)

    with server.listen("127.0.0.1", 0) as listener:
        server.run(Starlette(routes=[Route("/", page)]), listener, ready=lambda: None)
    made[0].load()
    client = TestClient(made[0].loaded_app, client=("192.0.2.80", 50_000))
    assert client.get("/", headers={"X-Forwarded-For": "203.0.113.9"}).text == seen
