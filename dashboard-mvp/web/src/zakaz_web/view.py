"""What every page knows beside its rows: the reader's choice, the clock, words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zakaz.moscow import as_moscow

from zakaz_web.figures import Figures
from zakaz_web.filters import Filters
from zakaz_web.freshness import Freshness
from zakaz_web.panel import folded
from zakaz_web.texts import Texts

UNKNOWN = "unknown"  # what the views call a city, event, campaign or tag that nothing names
UNKNOWN_CITY = UNKNOWN


@dataclass(frozen=True, slots=True)
class EventChoice:
    """An event a reader may filter by."""

    key: str
    name: str
    city: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One page of one generation: all that its panels and its template need."""

    filters: Filters
    currency: str  # '' on a page without money
    cities: tuple[tuple[str, str], ...]  # canonical key, name as the source spells it
    events: tuple[EventChoice, ...]
    campaigns: tuple[tuple[str, str], ...] = ()  # id, name, on a page that is asked for them
    freshness: Freshness
    now: datetime
    generation: str
    texts: Texts
    figures: Figures

    @property
    def today(self) -> date:
        """Give the Moscow day."""
        return as_moscow(self.now).date()

    @property
    def order(self) -> str:
        """Give the order of the page's table."""
        return self.filters.order

    @property
    def is_empty(self) -> bool:
        """Say whether there is so little that the page would only show what to run."""
        return False

    @property
    def template(self) -> str:
        """Name the template of the page."""
        return f"{self.filters.rules.name}.html"

    @property
    def file_stem(self) -> str:
        """Give what a downloaded file's name says beside its panel."""
        return self.today.isoformat()


def city_name(key: object, shown: object, texts: Texts) -> str:
    """Give the name of a city as a reader knows it."""
    if str(key) == UNKNOWN_CITY:
        return texts("city.unknown")
    return str(shown or "") or str(key)


def event_name(key: str, shown: object, texts: Texts) -> str:
    """Give the name of an event, or its number where the source gave no name."""
    return str(shown or "").strip() or texts("event.nameless", id=key)


def by_name(names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Order keys and their names as people expect."""
    return tuple(sorted(names.items(), key=lambda pair: folded(pair[1])))
