"""The state of a page is its address: strict reading of the query string, and writing it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from zakaz.utm import LONGEST as LONGEST_TAG

from zakaz_web import period as periods
from zakaz_web.period import Period

LANGUAGES = ("ru", "en")
THEMES = ("auto", "light", "dark")
SHOWS = ("ahead", "past", "all")
MEASURES = ("tickets", "revenue")
# Fields of UTM; named apart from the utm_… that mail programs add to every link.
TAGS = {f"tag_{name}": name for name in ("source", "medium", "campaign", "content", "term")}
NONE = "none"  # compare with no event, where leaving it out would mean the usual ones
MAX_VALUES = 300
MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Rules:
    """What the address of one page may say beside city, event, language and appearance."""

    path: str
    names: frozenset[str]
    sortable: tuple[str, ...]
    default_sort: str = ""  # '' where the page chooses by what it shows
    charts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Give the page's name, as its texts are keyed."""
        return self.path.strip("/")


SALES = Rules(
    path="/sales",
    names=frozenset({"period", "from", "to", "currency", "sort", "rows", "table"}),
    sortable=("event", "recent", "change", "tickets", "orders", "revenue", "average_ticket"),
    default_sort="-revenue",
    charts=("revenue", "cities"),
)
INVENTORY = Rules(
    path="/inventory",
    names=frozenset({"shows", "sort", "rows"}),
    sortable=("day", "event", "sold", "left", "sell_through"),
)
EVENTS = Rules(
    path="/events",
    names=frozenset(
        {"shows", "account", "compare", "measure", "currency", "sort", "rows", "table"}
    ),
    sortable=("day", "event", "tickets", "revenue", "sell_through"),
    charts=("curve",),
)
_FIGURES = (
    "name", "spend", "revenue", "roas", "romi", "drr", "impressions", "cpm", "clicks", "cpc",
    "orders", "cpo", "tickets", "cpt",
)  # fmt: skip
MARKETING = Rules(
    path="/marketing",
    names=frozenset({"period", "from", "to", "campaign", "currency", "sort", "rows", "table"}),
    sortable=_FIGURES,
    default_sort="-spend",
    charts=("marketing_days",),
)
UTM = Rules(
    path="/utm",
    names=frozenset({"period", "from", "to", "currency", "sort", "rows", "table", *TAGS}),
    sortable=("orders", "tickets", "revenue", "average_ticket", "change"),
    default_sort="-revenue",
    charts=("utm_revenue",),
)
PAGES = (SALES, INVENTORY, EVENTS, MARKETING, UTM)
_EVERYWHERE = frozenset({"city", "event", "lang", "theme"})


class BadRequestError(ValueError):
    """The query string cannot be read; ``key`` is the text that says why, in both languages."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class NotFoundError(LookupError):
    """The address names what is not there; ``key`` is the text that says so."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader chose; '' and () mean no choice."""

    rules: Rules = SALES
    preset: str = ""
    first: date | None = None
    last: date | None = None
    cities: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()  # ids of ad plans
    tags: tuple[tuple[str, str], ...] = ()  # field of UTM and value, in the order of the fields
    shows: str = ""
    account: str = ""  # of the event, where several accounts know its id
    compare: tuple[str, ...] = ()  # events laid over the curve
    measure: str = ""  # of the curve
    currency: str = ""
    sort: str = ""
    all_rows: bool = False
    whole: bool = False  # of a file, not of an address: no row or column that stands for others
    tables: tuple[str, ...] = ()  # charts shown as tables
    lang: str = ""
    theme: str = ""

    def period(self, today: date, first_day: date | None) -> Period:
        """Resolve the choice to days; typed days win over a preset that means other days."""
        preset = self.preset or periods.DEFAULT_PRESET
        if self.first is None and self.last is None:
            return periods.preset_period(preset, today, first_day)
        last = self.last or today
        first = self.first or min(first_day or last, last)
        if first > today:
            raise BadRequestError("error.future_period")
        if first > last:
            raise BadRequestError("error.reversed_period")
        if self.preset:
            meant = periods.preset_period(self.preset, today, first_day)
            if (meant.first, meant.last) == (first, last):
                return meant
        return periods.typed_period(first, last)

    def settled(self, period: Period) -> Filters:
        """Give the same choice with the dates written one way only."""
        if period.preset:
            return replace(self, preset=period.preset, first=None, last=None)
        return replace(self, preset="", first=period.first, last=period.last)

    def with_(self, **changes: Any) -> Filters:
        """Give a changed copy; choosing a preset drops typed days."""
        if changes.get("preset"):
            changes = {"first": None, "last": None, **changes}
        return replace(self, **changes)

    def pairs(self) -> list[tuple[str, str]]:
        """List the query string's pairs in their fixed order, defaults left out."""
        found: list[tuple[str, str]] = []
        if self.preset and self.preset != periods.DEFAULT_PRESET:
            found.append(("period", self.preset))
        if self.first:
            found.append(("from", self.first.isoformat()))
        if self.last:
            found.append(("to", self.last.isoformat()))
        found += [("city", city) for city in self.cities]
        found += [("event", event) for event in self.events]
        found += [("campaign", campaign) for campaign in self.campaigns]
        found += [(f"tag_{name}", value) for name, value in self.tags]
        if self.shows and self.shows != SHOWS[0]:
            found.append(("shows", self.shows))
        if self.account:
            found.append(("account", self.account))
        found += [("compare", event) for event in self.compare]
        if self.measure and self.measure != MEASURES[0]:
            found.append(("measure", self.measure))
        if self.currency:
            found.append(("currency", self.currency))
        if self.sort and self.sort != self.rules.default_sort:
            found.append(("sort", self.sort))
        if self.all_rows:
            found.append(("rows", "all"))
        found += [("table", name) for name in self.tables]
        if self.lang:
            found.append(("lang", self.lang))
        if self.theme and self.theme != "auto":
            found.append(("theme", self.theme))
        return found

    def query(self) -> str:
        """Write the query string, with its question mark when there is anything to say."""
        pairs = self.pairs()
        return "?" + urlencode(pairs) if pairs else ""

    def address(self, **changes: Any) -> str:
        """Write the address of this page with the choice changed."""
        return self.rules.path + self.with_(**changes).query()

    def plain(self, rules: Rules | None = None) -> Filters:
        """Give this page, or another one, with nothing chosen but language and appearance."""
        return Filters(rules=rules or self.rules, lang=self.lang, theme=self.theme)

    def event_address(self, event: str, account: str = "") -> str:
        """Write the address of an event's own page."""
        page = self.plain(EVENTS)
        return page.address(events=(event,), account=account)

    @property
    def order(self) -> str:
        """Give the order of the page's table, '' where the page chooses."""
        return self.sort or self.rules.default_sort


def read(pairs: Iterable[tuple[str, str]], rules: Rules = SALES) -> Filters:
    """Read the pairs of a query string; names the page has not are ignored, odd values refused."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value != "" and name in rules.names | _EVERYWHERE:
            found.setdefault(name, []).append(value)
    return Filters(
        rules=rules,
        preset=_one(found, "period", periods.PRESETS.__contains__),
        first=_day(found, "from"),
        last=_day(found, "to"),
        cities=_many(found, "city"),
        events=_many(found, "event"),
        campaigns=_many(found, "campaign"),
        tags=tuple(
            (TAGS[name], value) for name in TAGS for value in _many(found, name, LONGEST_TAG)
        ),
        shows=_one(found, "shows", SHOWS.__contains__),
        account=_single(found, "account"),
        compare=_others(_many(found, "compare")),
        measure=_one(found, "measure", MEASURES.__contains__),
        currency=_single(found, "currency"),
        sort=_one(found, "sort", lambda value: value.removeprefix("-") in rules.sortable),
        tables=_tables(found, rules.charts),
        all_rows=_one(found, "rows", ("all",).__contains__) == "all",
        lang=_one(found, "lang", LANGUAGES.__contains__),
        theme=_one(found, "theme", THEMES.__contains__),
    )


def language(pairs: Iterable[tuple[str, str]], accept: str) -> str:
    """Choose the language of a page that may have no readable query string at all."""
    for name, value in pairs:
        if name == "lang" and value in LANGUAGES:
            return value
    for part in accept.lower().split(","):
        tag = part.split(";")[0].strip()[:2]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]


def _one(found: dict[str, list[str]], name: str, is_good: Callable[[str], bool]) -> str:
    values = found.get(name, [])
    if not values:
        return ""
    if len(set(values)) > 1 or not is_good(values[0]):
        raise BadRequestError("error.bad_parameter")
    return values[0]


def _day(found: dict[str, list[str]], name: str) -> date | None:
    text = _one(found, name, lambda value: len(value) <= 32)
    if not text.strip():
        return None
    try:
        return periods.parse_day(text)
    except periods.BadDateError as error:
        raise BadRequestError("error.bad_date") from error


def _many(found: dict[str, list[str]], name: str, longest: int = MAX_LENGTH) -> tuple[str, ...]:
    values: Sequence[str] = list(dict.fromkeys(found.get(name, [])))
    if len(values) > MAX_VALUES:
        raise BadRequestError("error.bad_parameter")
    for value in values:
        if len(value) > longest or any(ord(letter) < 32 for letter in value):
            raise BadRequestError("error.bad_parameter")
    return tuple(values)


def _single(found: dict[str, list[str]], name: str) -> str:
    # Currencies are whatever text the source has for them: ₽, 643, тенге.
    return _one(found, name, lambda value: len(_many(found, name)) == 1)


def _others(values: tuple[str, ...]) -> tuple[str, ...]:
    # The form always says "none", so that unticking every event is a choice too.
    return tuple(value for value in values if value != NONE) or values


def _tables(found: dict[str, list[str]], charts: tuple[str, ...]) -> tuple[str, ...]:
    chosen = set(found.get("table", []))
    if not chosen <= set(charts):
        raise BadRequestError("error.bad_parameter")
    return tuple(name for name in charts if name in chosen)
