"""What the Qtickets room reads from the environment."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from zakaz import http_machine
from zakaz.environment import is_loopback, is_true
from zakaz.settings import BaseUrl, Secret, Settings

LIVE = "https://qtickets.ru/api/rest/v1"


class ReadingSettings(Settings):
    """Where the API is and how it is read: everything but the token."""

    base_url: BaseUrl = Field(LIVE, alias="QTICKETS_BASE_URL", description="address of the API")
    account_id: str = Field(
        "main",
        alias="QTICKETS_ACCOUNT_ID",
        description="your name for the organiser's account; part of every key",
        pattern=r"^[\w.-]{1,64}$",
    )
    requests_per_second: float = Field(
        4.0,
        alias="QTICKETS_REQUESTS_PER_SECOND",
        description="ceiling of requests to the API; off for a server on this machine",
        gt=0,
        le=100,
    )
    page_size: int = Field(
        200,
        alias="QTICKETS_PAGE_SIZE",
        description="orders asked for in one page; the API may send fewer",
        ge=1,
        le=1000,
    )
    overlap_minutes: int = Field(
        120,
        alias="QTICKETS_OVERLAP_MINUTES",
        description="how far before the newest known change to read again, at least 15",
        ge=15,
        le=10_080,
    )
    trailing_days: int = Field(
        30,
        alias="QTICKETS_TRAILING_DAYS",
        description="days of payments that are read again once a day, for refunds",
        ge=1,
        le=365,
    )
    refund_days: int = Field(
        60,
        alias="QTICKETS_REFUND_DAYS",
        description="days after a show was over or called off in which its refunds are looked for",
        ge=1,
        le=730,
    )
    run_deadline_seconds: float = Field(
        3600.0,
        alias="QTICKETS_RUN_DEADLINE_SECONDS",
        description="how long one run may take",
        gt=0,
        le=86_400,
    )


class QticketsSettings(ReadingSettings):
    """The same with the token of one organiser, without which nothing can be read."""

    token: Secret = Field(
        alias="QTICKETS_TOKEN",
        description="from the Qtickets cabinet: Settings, Main, bottom of the page",
    )


def is_stub(environ: Mapping[str, str]) -> bool:
    """Say whether a dry run may send nothing at all: DRY_RUN is true and the API is not local."""
    if not is_true(environ, "DRY_RUN"):
        return False
    return not is_loopback(ReadingSettings.load(environ).base_url)


def check(environ: Mapping[str, str]) -> None:
    """Raise a SettingsError naming every faulty variable; a stub run needs no token."""
    if is_stub(environ):
        ReadingSettings.load(environ)
    else:
        http_machine.check(environ, QticketsSettings.load(environ).base_url)
