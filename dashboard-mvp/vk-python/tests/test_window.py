"""Which days a run reads, and who decides it: the command line, the environment, the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from vk_ads import settings, window
from vk_ads.settings import VkAdsSettings
from zakaz.errors import SettingsError
from zakaz.progress import silent
from zakaz.source import SyncRequest

TODAY = date(2026, 3, 20)
ACCESS = {"VK_ADS_CLIENT_ID": "client", "VK_ADS_CLIENT_SECRET": "demo-secret"}


def chosen(
    environ: Mapping[str, str], read_to: date | None = TODAY, **asked: Any
) -> tuple[date, date, str]:
    """Choose the days of a run as the load does."""
    request = SyncRequest(
        environ=environ, clock=lambda: datetime(2026, 3, 20, 12, tzinfo=UTC), progress=silent(),
        **asked,
    )  # fmt: skip
    trailing = VkAdsSettings.load(environ).trailing_days
    days = window.chosen(request, TODAY, read_to, trailing)
    return days.first, days.last, days.mode


def test_g8_a_variable_alone_a_flag_alone_and_both() -> None:
    """The variable rules where no flag is given, the flag where it is, the default where neither.

    A flag that is not given has no default which could overrule the variable.
    """
    five = ACCESS | {"VK_ADS_TRAILING_DAYS": "5"}
    asked = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 9)}
    flags = (date(2026, 3, 1), date(2026, 3, 9), "days")

    assert chosen(ACCESS) == (TODAY - timedelta(days=29), TODAY, "trailing")
    assert chosen(five) == (TODAY - timedelta(days=4), TODAY, "trailing")
    assert chosen(ACCESS, **asked) == flags
    assert chosen(five, **asked) == flags
    assert chosen(five, full_refresh=True) == (TODAY - timedelta(days=365), TODAY, "full")


def test_g6_a_pause_longer_than_the_trailing_days_leaves_no_gap() -> None:
    """After forty days of silence forty days are read; the first time, all that VK Ads keeps."""
    paused = TODAY - timedelta(days=40)

    assert chosen(ACCESS, paused) == (paused, TODAY, "trailing")
    assert chosen(ACCESS, None) == (TODAY - timedelta(days=365), TODAY, "full")
    assert chosen(ACCESS, date(2020, 1, 1)) == (TODAY - timedelta(days=365), TODAY, "full")


def test_g9_nothing_but_the_access_is_required() -> None:
    """Id and secret suffice; each that lacks is named, and no variable of another program is."""
    settings.check(ACCESS)
    required = {field.alias for field in VkAdsSettings.model_fields.values() if field.is_required()}
    assert required == set(ACCESS)
    for name in ACCESS:
        with pytest.raises(SettingsError, match=name) as caught:
            settings.check({other: value for other, value in ACCESS.items() if other != name})
        assert caught.value.exit_code == 78
