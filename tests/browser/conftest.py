"""The dashboard as a process over a known store, and Chromium to look at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Request
from zakaz.moscow import now as moscow_now

sys.path.append(str(Path(__file__).resolve().parent))
sys.path.append(str(Path(__file__).resolve().parents[2] / "dashboard-mvp" / "web" / "tests"))

import sample_store
from components import chromium
from dashboard_process import served
from sample_store import Sale
from screen import Screen

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the machine's Chromium: nothing is downloaded."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": FLAGS}


@pytest.fixture(scope="session")
def now() -> datetime:
    """Give the instant at which the store was loaded."""
    return moscow_now()


@pytest.fixture(scope="session")
def sales(now: datetime) -> list[Sale]:
    """Give the sales that the store holds, up to this hour."""
    return sample_store.invent(now)


@pytest.fixture(scope="session")
def address(
    tmp_path_factory: pytest.TempPathFactory, sales: list[Sale], now: datetime
) -> Iterator[str]:
    """Serve the known store and give the address of its first page."""
    root = tmp_path_factory.mktemp("browser") / "store"
    sample_store.fill(root, sales, now)
    with served(root) as (_, found):
        yield found


def complain(screen: Screen, request: Request) -> None:
    """Keep a failed request, but not one that the browser dropped because it left the page."""
    if request.failure != "net::ERR_ABORTED":
        screen.complaints.append(request.url)


@pytest.fixture
def look(browser: Browser, address: str) -> Iterator[Callable[..., Screen]]:
    """Give a maker of screens; each is a fresh profile with its own width, language, scheme."""
    contexts: list[BrowserContext] = []

    def make(
        width: int = 1360, locale: str = "ru-RU", where: str = address, **options: Any
    ) -> Screen:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=locale, **options
        )
        contexts.append(context)
        screen = Screen(context.new_page(), where)
        screen.page.set_default_timeout(10_000)
        screen.page.on("console", lambda message: screen.complaints.append(message.text))
        screen.page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        screen.page.on("requestfailed", lambda request: complain(screen, request))
        screen.page.on("request", lambda request: screen.requests.append(request))
        screen.page.on("requestfinished", lambda request: screen.answered.add(request.url))
        return screen

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def screen(look: Callable[..., Screen]) -> Screen:
    """Give a Russian desktop screen."""
    return look()
