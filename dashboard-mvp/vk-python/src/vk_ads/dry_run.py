"""A dry run: what a load would store, read with GET only, or not at all."""

from __future__ import annotations

import logging

from zakaz.moscow import moscow_day
from zakaz.source import SyncReport, SyncRequest

from vk_ads import statistics, window
from vk_ads.client import connect
from vk_ads.load import catalogue_of, token_folder
from vk_ads.reading import read_window
from vk_ads.settings import ReadingSettings, VkAdsSettings, is_stub
from vk_ads.statistics import Asked

log = logging.getLogger(__name__)


def dry_run(request: SyncRequest) -> SyncReport:
    """Read and say what a load would store; a stub run sends no request at all.

    A token is asked for and kept if there is none yet: without one nothing can be read.
    """
    if is_stub(request.environ):
        return _stub(ReadingSettings.load(request.environ))
    settings = VkAdsSettings.load(request.environ)
    client = connect(settings, token_folder(request), request.clock)
    report = request.report
    try:
        catalogue = catalogue_of(client)
        today = moscow_day(request.clock())
        days = window.chosen(request, today, None, settings.trailing_days)
        ids, asked = list(catalogue.banners), Asked()
        report.received = report.quarantined = len(catalogue.odd)
        for one in statistics.windows(days.first, days.last):
            read = read_window(client, catalogue, ids, one, asked, request.clock, lambda _: None)
            report.received += read.received
            report.accepted += len(read.rows)
            report.quarantined += len(read.refused)
            report.duplicate += read.duplicate
    finally:
        report.requests = client.requests
        client.close()
    report.mode = "dry-run"
    report.notes.append(
        f"dry run: {report.accepted} days of {len(ids)} ads, {days.first} to {days.last}, would be "
        f"loaded from account {catalogue.account.id}"
    )
    return report


def _stub(settings: ReadingSettings) -> SyncReport:
    told = (
        "stub mode: DRY_RUN is true and the API is a live service, so no request is sent; without "
        f"DRY_RUN the daily statistics of {settings.base_url} would be loaded"
    )
    log.info(told)
    return SyncReport(mode="dry-run", notes=[told])
