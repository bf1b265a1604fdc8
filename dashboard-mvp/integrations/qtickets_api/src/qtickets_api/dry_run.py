"""A dry run: what a load would store, read with GET only, or not at all."""

from __future__ import annotations

import logging

from zakaz.source import SyncReport, SyncRequest

from qtickets_api import plan, streams
from qtickets_api.client import connect
from qtickets_api.reading import Reading, asked_of
from qtickets_api.settings import QticketsSettings, ReadingSettings, is_stub

log = logging.getLogger(__name__)


def dry_run(request: SyncRequest) -> SyncReport:
    """Read with GET only and say what a load would store; a stub run sends no request at all."""
    if is_stub(request.environ):
        return _stub(ReadingSettings.load(request.environ))
    settings = QticketsSettings.load(request.environ)
    client = connect(settings, request.clock)
    report = request.report
    try:
        told = _counted(Reading(client, settings, request), request)
    finally:
        report.requests = client.requests
        client.close()
    report.mode = "dry-run"
    report.notes.append(
        f"dry run: {', '.join(told) or 'nothing'} would be loaded as account {settings.account_id}"
    )
    return report


def _stub(settings: ReadingSettings) -> SyncReport:
    told = (
        "stub mode: DRY_RUN is true and the API is a live service, so no request is sent; without "
        f"DRY_RUN the orders and events of {settings.base_url} would be loaded as account "
        f"{settings.account_id}"
    )
    log.info(told)
    return SyncReport(mode="dry-run", notes=[told])


def _counted(reading: Reading, request: SyncRequest) -> list[str]:
    """Read the chosen streams and say how much there is; seats are not asked for."""
    told = []
    for name in reading.runs.chosen:
        if name == streams.INVENTORY:
            continue
        stream, lines, before = reading.stream(name), 0, request.report.accepted
        chosen = asked_of(request) if name == streams.ORDERS else plan.whole_list()
        for taken in reading.pages(stream, *reading.begin(stream, chosen)):
            lines += taken.items.lines()
        told.append(f"{request.report.accepted - before} {name.replace('_', ' ')}")
        if name == streams.ORDERS:
            told[-1] += f" with {lines} tickets"
    return told
