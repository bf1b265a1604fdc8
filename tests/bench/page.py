"""Measure the dashboard's page in headless Chromium."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from components import chromium
from playwright.sync_api import Page, sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
READY = "body[data-state=ready]"


def measure_page(address: str) -> list[tuple[str, str, str]]:
    """Give the figures of the first page and of a filter's round trip."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(locale="ru-RU", viewport={"width": 1360, "height": 900})
        sizes: list[int] = []
        strangers: list[str] = []
        errors: list[str] = []
        page.on("requestfinished", lambda request: sizes.append(_size(request)))
        page.on(
            "request",
            lambda r: strangers.append(r.url) if not r.url.startswith((address, "data:")) else None,
        )
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        started = time.perf_counter()
        page.goto(f"{address}/sales")
        page.wait_for_selector(READY, state="attached")
        first = time.perf_counter() - started
        transferred = sum(sizes)
        presets = [_click(page, f"preset-{name}") for name in ("7d", "90d") * 4]
        cities = [_open(page, href) for href in _cities(page)]
        browser.close()
    known, fresh = sorted(presets), sorted(cities)
    return [
        ("first chart", f"{first:.2f} s", "≤ 2.5 s"),
        ("transferred by the first page", f"{transferred / 1024:.0f} KB", "≤ 400 KB"),
        ("external requests, console errors", f"{len(strangers)}, {len(errors)}", "0, 0"),
        _spread(f"filter round trip, {len(known)} presets again and again", known),
        _spread(f"filter round trip, {len(fresh)} choices never made before", fresh),
    ]


def _size(request: Any) -> int:
    with suppress(Exception):  # a request answered from the cache has no sizes
        sizes = request.sizes()
        return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])
    return 0


def _spread(name: str, trips: list[float]) -> tuple[str, str, str]:
    """Give median and 95th percentile of sorted seconds."""
    at = -(-len(trips) * 95 // 100) - 1
    told = f"median {statistics.median(trips) * 1000:.0f} ms, p95 {trips[at] * 1000:.0f} ms"
    return name, told, "p95 ≤ 250 ms"


def _cities(page: Page) -> list[str]:
    """Return addresses of each city, in one of three periods and in another: none asked before."""
    cities = page.locator("#pop-city input[name=city]").evaluate_all("all => all.map(x => x.value)")
    periods = ("30d", "90d", "all")
    return [
        f"/sales?period={periods[(at + more) % 3]}&city={city}"
        for more in (0, 1)
        for at, city in enumerate(cities)
    ]


def _click(page: Page, testid: str) -> float:
    """Give the seconds from a click until the page is ready again."""
    return _timed(page, lambda: page.get_by_test_id(testid).click())


def _open(page: Page, href: str) -> float:
    """Give the seconds from a click on a filter with this address until the page is ready."""
    add = """href => document.getElementById("content").insertAdjacentHTML("beforeend",
        `<a data-nav data-testid="bench" href="${href}">bench</a>`)"""
    page.evaluate(add, href)
    return _timed(page, lambda: page.get_by_test_id("bench").dispatch_event("click"))


def _timed(page: Page, act: Callable[[], None]) -> float:
    page.evaluate("document.body.dataset.state = 'waiting'")
    started = time.perf_counter()
    act()
    page.wait_for_selector(READY, state="attached")
    return time.perf_counter() - started
