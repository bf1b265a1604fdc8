"""The dashboard as a process over a known store, and Chromium to look at it."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from zakaz.moscow import now as moscow_now

sys.path.append(str(Path(__file__).resolve().parent))
sys.path.append(str(Path(__file__).resolve().parents[2] / "dashboard-mvp" / "web" / "tests"))

import sample_ads
import sample_store
from components import chromium
from dashboard_process import served
from sample_store import Sale
from screen import Screen

Looking = Callable[[], AbstractContextManager[Callable[..., Screen]]]
# Who waits for a state waits as long as a busy machine may take.
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)
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
def sheets() -> dict[str, list[Page]]:
    """Return the pages that wait for the next test, by language and options.

    Another address in an open page takes a quarter of the time that a new page takes.
    """
    return defaultdict(list)


@pytest.fixture(scope="session")
def looking(browser: Browser, address: str, sheets: dict[str, list[Page]]) -> Looking:
    """Yield a maker of screens for as long as its context lasts.

    A ``fresh`` screen is a new profile that has visited nothing; others may show in a page that an
    earlier test with the same options has left, and their charts do not move.
    """

    @contextmanager
    def opened() -> Iterator[Callable[..., Screen]]:
        contexts: list[BrowserContext] = []
        screens: list[tuple[str, Screen]] = []

        def make(
            width: int = 1360,
            locale: str = "ru-RU",
            where: str = address,
            *,
            fresh: bool = False,
            **options: Any,
        ) -> Screen:
            size: ViewportSize = {"width": width, "height": 900}
            options = {"reduced_motion": "reduce"} | options
            kind = f"{locale} {sorted(options.items())}"
            if fresh:
                contexts.append(browser.new_context(viewport=size, locale=locale))
                page = contexts[-1].new_page()
            elif sheets[kind]:
                page = sheets[kind].pop()
                page.set_viewport_size(size)
            else:
                page = browser.new_page(viewport=size, locale=locale, **options)
            screen = Screen(page, where)
            page.set_default_timeout(PATIENCE)
            screen.listen()
            if not fresh:
                screens.append((kind, screen))
            return screen

        yield make
        for kind, screen in screens:
            screen.leave()
            sheets[kind].append(screen.page)
        for context in contexts:
            context.close()

    return opened


@pytest.fixture
def look(looking: Looking) -> Iterator[Callable[..., Screen]]:
    """Yield a maker of screens for one test, each with its own width, language and scheme."""
    with looking() as make:
        yield make


@pytest.fixture
def screen(look: Callable[..., Screen]) -> Screen:
    """Give a Russian desktop screen."""
    return look()
