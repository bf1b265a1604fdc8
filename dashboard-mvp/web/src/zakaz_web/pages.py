"""The pages there are: what each is asked with, how it is read, and which panels it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zakaz_web import (
    events,
    events_page,
    filters,
    inventory,
    inventory_page,
    marketing,
    marketing_page,
    sales,
    sales_page,
    utm,
    utm_page,
)
from zakaz_web.filters import Filters, Rules
from zakaz_web.panel import Panel
from zakaz_web.reading import Snapshot
from zakaz_web.texts import Texts


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``resolve`` gives the view that its panels and its template are made of."""

    rules: Rules
    panels: tuple[str, ...]
    resolve: Callable[[Snapshot, Filters, datetime, Texts], Any]
    panel: Callable[[Snapshot, Any, str], Panel]
    context: Callable[[Snapshot, Any], dict[str, Any]]


SALES = Page(filters.SALES, sales.PANELS, sales.resolve, sales.panel, sales_page.context)
INVENTORY = Page(
    filters.INVENTORY,
    inventory.PANELS,
    inventory.resolve,
    inventory.panel,
    inventory_page.context,
)
EVENTS = Page(
    filters.EVENTS,
    events.PANELS,
    events.resolve,
    events.panel,
    events_page.context,
)
MARKETING = Page(
    filters.MARKETING,
    marketing.PANELS,
    marketing.resolve,
    marketing.panel,
    marketing_page.context,
)
UTM = Page(filters.UTM, utm.PANELS, utm.resolve, utm.panel, utm_page.context)
ALL = (SALES, INVENTORY, EVENTS, MARKETING, UTM)
OF_PANEL = {name: page for page in ALL for name in page.panels}


def rules_of(path: str) -> Rules:
    """Give the rules of the page at a path; what is no page is read as the first one."""
    return next((page.rules for page in ALL if page.rules.path == path), SALES.rules)
