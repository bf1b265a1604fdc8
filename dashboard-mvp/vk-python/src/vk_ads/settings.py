"""What the VK Ads room reads from the environment."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from zakaz import http_machine
from zakaz.environment import is_loopback, is_true
from zakaz.settings import BaseUrl, Secret, Settings

LIVE = "https://ads.vk.com"


class ReadingSettings(Settings):
    """Where the API is and how it is read: everything but the access."""

    base_url: BaseUrl = Field(
        LIVE,
        alias="VK_ADS_BASE_URL",
        description="address of the API; https://ads.vk.ru is the same service",
    )
    trailing_days: int = Field(
        30,
        alias="VK_ADS_TRAILING_DAYS",
        description="days that every run replaces, because VK corrects past days",
        ge=3,
        le=366,
    )
    requests_per_second: float = Field(
        2.0,
        alias="VK_ADS_REQUESTS_PER_SECOND",
        description="ceiling of requests to one method, until the API tells its own; off for a "
        "server on this machine",
        gt=0,
        le=100,
    )
    run_deadline_seconds: float = Field(
        3600.0,
        alias="VK_ADS_RUN_DEADLINE_SECONDS",
        description="how long one run may take",
        gt=0,
        le=86_400,
    )


class VkAdsSettings(ReadingSettings):
    """The same with the access of one account, without which nothing can be read."""

    client_id: str = Field(
        alias="VK_ADS_CLIENT_ID",
        description="from the VK Ads cabinet: settings, API access",
        pattern=r"^[\w.-]{1,128}$",
    )
    client_secret: Secret = Field(
        alias="VK_ADS_CLIENT_SECRET",
        description="shown beside the client id once, for about ten minutes",
    )


def is_stub(environ: Mapping[str, str]) -> bool:
    """Say whether a dry run may send nothing at all: DRY_RUN is true and the API is not local."""
    if not is_true(environ, "DRY_RUN"):
        return False
    return not is_loopback(ReadingSettings.load(environ).base_url)


def check(environ: Mapping[str, str]) -> None:
    """Raise a SettingsError naming every faulty variable; a stub run needs no access."""
    if is_stub(environ):
        ReadingSettings.load(environ)
    else:
        http_machine.check(environ, VkAdsSettings.load(environ).base_url)
