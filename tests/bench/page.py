"""Measure the dashboard's page in headless Chromium."""

from __future__ import annotations

import statistics
import time
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
        trips = sorted(_filter(page) for _ in range(40))
        browser.close()
    return [
        ("first chart", f"{first:.2f} s", "≤ 2.5 s"),
        ("transferred by the first page", f"{transferred / 1024:.0f} KB", "≤ 400 KB"),
        ("external requests, console errors", f"{len(strangers)}, {len(errors)}", "0, 0"),
        ("filter round trip, median of 40", f"{statistics.median(trips) * 1000:.0f} ms", "–"),
        ("filter round trip, p95 of 40", f"{trips[37] * 1000:.0f} ms", "≤ 250 ms"),
    ]


def _size(request: Any) -> int:
    with suppress(Exception):  # a request answered from the cache has no sizes
        sizes = request.sizes()
        return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])
    return 0


def _filter(page: Page) -> float:
    """Give the seconds from the click on a preset until the page is ready again."""
    preset = "90d" if "period=7d" in page.url else "7d"
    page.evaluate("document.body.dataset.state = 'waiting'")
    started = time.perf_counter()
    page.get_by_test_id(f"preset-{preset}").click()
    page.wait_for_selector(READY, state="attached")
    return time.perf_counter() - started
