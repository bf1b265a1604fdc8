"""The address is the state: reading and writing the query string."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from zakaz_web import filters
from zakaz_web.filters import BadRequestError, Filters

TODAY = date(2025, 6, 14)


def read(query: str) -> Filters:
    """Read a query string as the server does."""
    return filters.read(parse_qsl(query, keep_blank_values=True))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?period=7d",
        "?from=2025-05-01&to=2025-05-31",
        "?city=%D0%BC%D0%BE%D1%81%D0%BA%D0%B2%D0%B0&city=b&event=101&event=102",
        "?currency=KZT&sort=event&rows=all&table=revenue&table=cities&lang=en&theme=dark",
    ],
)
def test_what_is_read_is_written_back(query: str) -> None:
    """A link made of the state of an address is that address."""
    assert query == read(query.lstrip("?")).query()


def test_campaigns_belong_to_the_page_of_ads() -> None:
    """Several are kept in their order; a page without campaigns does not know the name."""
    query = "campaign=8801247&campaign=unknown&sort=-roas"
    chosen = filters.read(parse_qsl(query), filters.MARKETING)
    assert chosen.query() == f"?{query}"
    assert chosen.campaigns == ("8801247", "unknown")
    assert read("campaign=8801247").query() == ""


def test_defaults_are_not_written() -> None:
    """The plain page has a plain address."""
    assert read("period=30d&sort=-revenue&theme=auto&city=&from=").query() == ""


def test_unknown_names_are_ignored() -> None:
    """Tags that mail programs add to links do no harm."""
    assert Filters() == read("utm_source=mail&yclid=1")


def test_typed_days_win_over_a_preset() -> None:
    """The form carries the preset along; retyped dates mean the dates."""
    chosen = read("period=7d&from=2025-06-01&to=2025-06-03")
    period = chosen.period(TODAY, None)
    assert ("", date(2025, 6, 1)) == (period.preset, period.first)
    assert chosen.settled(period).query() == "?from=2025-06-01&to=2025-06-03"


def test_dates_of_a_preset_stay_the_preset() -> None:
    """Choosing a city does not turn `the last 7 days` into fixed dates."""
    chosen = read("period=7d&from=2025-06-08&to=2025-06-14&city=a")
    assert chosen.settled(chosen.period(TODAY, None)).query() == "?period=7d&city=a"


def test_half_a_range_is_completed() -> None:
    """Only a start means until today, only an end means from the first sale."""
    assert read("from=2025-06-01").period(TODAY, None).last == TODAY
    assert date(2025, 2, 3) == read("to=2025-06-01").period(TODAY, date(2025, 2, 3)).first


def test_choosing_a_preset_drops_typed_days() -> None:
    """A preset link of a page with typed days leads to the preset alone."""
    chosen = read("from=2025-06-01&to=2025-06-03&city=a")
    assert chosen.with_(preset="90d").query() == "?period=90d&city=a"


@pytest.mark.parametrize(
    ("query", "accept", "lang"),
    [
        ("", "", "ru"),
        ("", "en-US,en;q=0.9,ru;q=0.8", "en"),
        ("", "de-DE,ru;q=0.5", "ru"),
        ("", "fr", "ru"),
        ("lang=en", "ru", "en"),
        ("lang=xx", "en", "en"),
    ],
)
def test_the_language_is_asked_for_or_the_browsers(query: str, accept: str, lang: str) -> None:
    """The address decides, then the browser, then Russian."""
    assert lang == filters.language(parse_qsl(query), accept)


@pytest.mark.parametrize("query", ["city=a%00b", "event=%1b", "city=a%0Ab"])
def test_control_letters_are_refused(query: str) -> None:
    """A name with control letters is no name."""
    with pytest.raises(BadRequestError):
        read(query)
