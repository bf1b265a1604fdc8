"""The dashboard as a process over a known store, and Chromium to look at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from zakaz.moscow import now as moscow_now

sys.path.append(str(Path(__file__).resolve().parent))
sys.path.append(str(Path(__file__).resolve().parents[2] / "dashboard-mvp" / "web" / "tests"))

import sample_ads
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
    sample_store.fill(root, sales, now, ads=sample_ads.invent(now.date()))
    with served(root) as (_, found):
        yield found


@pytest.fixture(scope="session")
def sheets() -> dict[tuple[int, str], Page]:
    """Give the pages that wait for the next test, by width and language.

    Another address in an open page takes a quarter of the time that a new page takes.
    """
    return {}


@pytest.fixture
def look(
    browser: Browser, address: str, sheets: dict[tuple[int, str], Page]
) -> Iterator[Callable[..., Screen]]:
    """Give a maker of screens, each with its own width, language and scheme.

    A ``fresh`` one, and any with options, is a new profile that has visited nothing; others may
    show in a page that an earlier test has left.
    """
    contexts: list[BrowserContext] = []
    screens: list[tuple[tuple[int, str], Screen]] = []

    def new(width: int, locale: str, **options: Any) -> BrowserContext:
        size = {"width": width, "height": 900}
        return browser.new_context(viewport=size, locale=locale, **options)

    def make(
        width: int = 1360,
        locale: str = "ru-RU",
        where: str = address,
        *,
        fresh: bool = False,
        **options: Any,
    ) -> Screen:
        if fresh or options:
            contexts.append(new(width, locale, **options))
            page = contexts[-1].new_page()
        else:
            page = sheets.pop((width, locale), None) or new(width, locale).new_page()
        screen = Screen(page, where)
        page.set_default_timeout(10_000)
        screen.listen()
        if not (fresh or options):
            screens.append(((width, locale), screen))
        return screen

    yield make
    for kind, screen in screens:
        screen.leave()
        sheets[kind] = screen.page
    for context in contexts:
        context.close()


@pytest.fixture
def screen(look: Callable[..., Screen]) -> Screen:
    """Give a Russian desktop screen."""
    return look()
