"""A small question to the API: is the token accepted, and how much is there (E8)."""

from __future__ import annotations

import msgspec
from zakaz.moscow import parse_instant
from zakaz.source import ProbeAnswer, SyncRequest

from qtickets_api import wire
from qtickets_api.client import Page, QticketsClient, connect
from qtickets_api.query import Query
from qtickets_api.settings import QticketsSettings


def probe(request: SyncRequest) -> ProbeAnswer:
    """Ask for orders and events with GET: a line each with status, count and newest change."""
    client = connect(QticketsSettings.load(request.environ), request.clock)
    try:
        lines = [_told(client, path) for path in ("orders", "events")]
        there = client.their_time
        return ProbeAnswer(lines, None if there is None else request.clock() - there)
    finally:
        client.close()


def _told(client: QticketsClient, path: str) -> str:
    query = Query(per_page=1)
    page = client.page(path, query)
    total = page.total
    if total > len(page.rows):
        # Pages are in the order of ids, so the newest row is on the last one.
        page = client.page(path, query.at(-(-total // page.per_page)))
    newest = _newest(page)
    return f"GET /{path}: 200, {total} rows{f', the newest of {newest}' if newest else ''}"


def _newest(page: Page) -> str:
    found = []
    for row in page.rows:
        try:
            found.append(parse_instant(str(wire.decode_keys(row).updated_at)))
        except (ValueError, msgspec.MsgspecError, RecursionError):
            continue
    return f"{max(found):%Y-%m-%d %H:%M}" if found else ""
