"""The VK Ads room's door: its source for ``zakaz sync``.

``python -m vk_ads`` is ``zakaz sync vk``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from zakaz.interval import of_loads
from zakaz.source import ProbeAnswer, Source, SyncReport, SyncRequest

if TYPE_CHECKING:
    from zakaz.rows import Row
    from zakaz.source import Registry
    from zakaz.warehouse.port import Warehouse

NAME = "vk"
TITLE = "VK Ads"


def register(registry: Registry) -> None:
    """Hang the source on the ``zakaz`` command."""
    registry.add_source(NAME, TITLE, "vk_ads.__main__:SOURCE")


def _is_configured(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("VK_ADS_CLIENT_ID", "").strip())


def _check(environ: Mapping[str, str]) -> None:
    from vk_ads.settings import check

    check(environ)
    _pace(environ)


def _load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
    from vk_ads.load import load

    return load(warehouse, request)


def _dry_run(request: SyncRequest) -> SyncReport:
    from vk_ads.dry_run import dry_run

    return dry_run(request)


def _probe(request: SyncRequest) -> ProbeAnswer:
    from vk_ads.probe import probe

    return probe(request)


def _pace(environ: Mapping[str, str]) -> timedelta:
    """Loads between two of VK's own recounts bring nothing and count against its limits."""
    return of_loads(environ, "VK_ADS_SYNC_EVERY", timedelta(hours=3))


ACCESS_HELP = (
    "Take client id and secret from the VK Ads cabinet (settings, API access) and put them into "
    "VK_ADS_CLIENT_ID and VK_ADS_CLIENT_SECRET."
)


def _row_types() -> Sequence[type[Row]]:
    from vk_ads.rows import ROW_TYPES

    return ROW_TYPES


SOURCE = Source(
    NAME, TITLE, _is_configured, _check, _load, _dry_run, _probe, (), ACCESS_HELP, _pace, _row_types
)


if __name__ == "__main__":
    from zakaz.cli.app import main

    sys.argv[1:1] = ["sync", NAME]
    main()
