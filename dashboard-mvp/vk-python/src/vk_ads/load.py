"""The load of one VK Ads account: the only place where reading and writing meet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from zakaz.moscow import moscow_day
from zakaz.run_journal import RunStatus
from zakaz.source import StreamRun, SyncReport, SyncRequest
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import default_folder

from vk_ads import lists, restatement, staging, statistics, window
from vk_ads.client import VkAdsClient, connect
from vk_ads.reading import Read, differences, read_account, read_window
from vk_ads.settings import VkAdsSettings
from vk_ads.staging import Staging
from vk_ads.statistics import Asked
from vk_ads.transform import Catalogue, identity, version_of
from vk_ads.wire import Account


def token_folder(request: SyncRequest) -> Path:
    """Give where the token is kept: one place for all stores of this user, whose slots are one."""
    return default_folder(request.environ) / "state"


def load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
    """Load the days that are due; the watermark moves after the rows of each window."""
    settings = VkAdsSettings.load(request.environ)
    client = connect(settings, token_folder(request), request.clock)
    try:
        _Run(client, settings, request).load(warehouse)
    finally:
        request.report.requests = client.requests
        client.close()
    return request.report


def catalogue_of(client: VkAdsClient) -> Catalogue:
    """Read the account and its campaigns, groups and ads, archived ones included."""
    account, plans = client.account(), client.listed(lists.PLANS)
    groups, banners = client.listed(lists.GROUPS), client.listed(lists.BANNERS)
    odd = [*plans.odd, *groups.odd, *banners.odd]
    return Catalogue.of(account, plans.items, groups.items, banners.items, odd)


class _Run:
    """One run over one account."""

    def __init__(self, client: VkAdsClient, settings: VkAdsSettings, request: SyncRequest) -> None:
        self._client = client
        self._settings = settings
        self._request = request
        self._report = request.report
        self._controlled = 0
        self._unread = 0

    def load(self, warehouse: Warehouse) -> None:
        """Read and store window by window, oldest first: what is stored is complete so far."""
        catalogue = catalogue_of(self._client)
        account_id = identity(catalogue.account.id)
        listed_at = self._request.clock()
        today = moscow_day(listed_at)
        read_to = staging.read_to(warehouse, account_id)
        days = window.chosen(self._request, today, read_to, self._settings.trailing_days)
        self._report.mode = days.mode
        self._report.incremental = days.mode == "trailing"
        ids = sorted(catalogue.banners, key=lambda text: (len(text), text))
        store = Staging(warehouse, account_id, self._request.run_id)
        cut, asked = statistics.windows(days.first, days.last), Asked()
        odd = len(catalogue.odd)
        store.put_aside(catalogue.odd, listed_at)
        self._report.received += odd
        self._report.quarantined += odd
        label = "VK Ads, ads by month"
        with self._request.progress.task(label, total=len(ids) * len(cut)) as task:
            for one in cut:
                read = read_window(
                    self._client, catalogue, ids, one, asked, self._request.clock, task.advance
                )
                self._store(
                    warehouse, store, catalogue.account, read, set(ids) - set(asked.unknown)
                )
                if days.moves_watermark:
                    self._move(warehouse, account_id, one[1], read_to)

        unknown = [
            f"ad {one}: VK Ads lists it and has no statistics of it; what was loaded stays"
            for one in asked.unknown
        ]
        self._report.streams = self._streams(listed_at, days.mode, len(ids), odd, unknown)
        self._report.failures += unknown

    def _streams(
        self, began: datetime, mode: str, ads: int, odd: int, unknown: list[str]
    ) -> list[StreamRun]:
        """Tell apart the lists, the days and the control: a sum that differs makes no day old."""
        report, when = self._report, (began, self._request.clock())
        lists = (ads + odd, ads, odd)
        days = (report.received - odd - self._unread, report.accepted,
                report.quarantined - odd - self._unread, report.duplicate)  # fmt: skip
        sums = (self._controlled + self._unread, self._controlled, self._unread)
        told, differ = "; ".join(unknown), "; ".join(report.failures)
        return [
            StreamRun(staging.LISTS, *when, _status(told, ads), mode, *lists, message=told),
            StreamRun(staging.STREAM, *when, _status("", days[0]), mode, *days),
            StreamRun(
                staging.CONTROL, *when, _status(differ, sums[0]), mode, *sums, message=differ
            ),
        ]

    def _store(
        self, warehouse: Warehouse, store: Staging, account: Account, read: Read, ids: set[str]
    ) -> None:
        at = self._request.clock()
        sums = read_account(self._client, account, read.window, self._request.clock)
        told = differences(read.rows.values(), sums, moscow_day(at))
        self._controlled += len(sums.rows)
        self._unread += len(sums.refused)
        told_anew = restatement.compare(
            warehouse,
            identity(account.id),
            read.window,
            read.rows,
            read.told_whole(ids),
            ver=version_of(read.fetched_at or at),
            at=at,
        )
        self._report.received += read.received + len(sums.refused)
        self._report.accepted += len(read.rows)
        self._report.quarantined += len(read.refused) + len(sums.refused)
        self._report.duplicate += read.duplicate
        refused = staging.refused_days(read.refused, staging.STREAM)
        refused += staging.refused_days(sums.refused, staging.CONTROL)
        self._report.inserted += store.store(
            list(read.rows.values()), told_anew.gone, sums.rows, refused, read.duplicate, at
        )
        self._report.months |= {day.year * 100 + day.month for _, day in read.rows}
        self._report.failures += told
        self._report.notes += told_anew.notes

    def _move(self, warehouse: Warehouse, account_id: str, day: date, read_to: date | None) -> None:
        """Remember a complete window; a full refresh never moves the place back."""
        if read_to is None or day > read_to - timedelta(days=1):
            staging.move_to(warehouse, account_id, day, self._request.clock())


def _status(failures: str, received: int) -> str:
    if failures:
        return RunStatus.PARTIAL.value
    return RunStatus.OK.value if received else RunStatus.EMPTY.value
