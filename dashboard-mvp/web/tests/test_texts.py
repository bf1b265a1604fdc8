"""The words: one JSON per language, complete in both, none left over."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from zakaz_web import kpi, texts
from zakaz_web.filters import LANGUAGES, MEASURES, PAGES, SHOWS, TAGS, THEMES
from zakaz_web.freshness import STATES
from zakaz_web.marketing_page import TABLES as MARKETING
from zakaz_web.period import PRESETS
from zakaz_web.seats import PARTS
from zakaz_web.utm import PICKED
from zakaz_web.utm_panels import TABLES

SOURCE = Path(texts.__file__).parent
PLURAL = ("one", "few", "many")
KPIS = [
    figure.id
    for page in ("sales", "inventory", "event", "marketing", "utm")
    for figure in kpi.dictionary(page)
]
LISTS = ("cities", "events", "campaigns", "compared")
REASONS = (
    "event", "several_events", "no_event", "city_not_known", "no_city_in_content", "no_content",
)  # fmt: skip

# Keys put together at run time, by the place that does it.
MADE = {
    *(f"preset.{name}" for name in PRESETS),
    *(f"theme.{name}" for name in THEMES),
    *(f"freshness.{name}" for name in STATES),
    *(f"nav.{rules.name}" for rules in PAGES),
    *(f"kpi.{name}" for name in KPIS),
    *(f"kpi.{name}.formula" for name in KPIS),
    *(f"panel.revenue.{step}" for step in ("hour", "day", "week", "month")),
    *(f"column.{step}" for step in ("hour", "day", "week", "month")),
    *(f"filters.all_{name}" for name in LISTS),
    *(f"filters.search_{name}" for name in ("city", "event", "campaign", "compare")),
    *(f"filters.{name}" for name in ("city", "event", "campaign", "compare")),
    *(f"filters.{name}.{form}" for name in LISTS for form in PLURAL),
    *(f"filters.all_{name}s" for name in PICKED),
    *(f"filters.{search}tag_{name}" for search in ("", "search_") for name in PICKED),
    *(f"filters.{name}s.{form}" for name in PICKED for form in PLURAL),
    *(f"panel.{name}" for name in TABLES),
    *(f"panel.utm_revenue.{step}" for step in ("day", "week", "month")),
    *(f"{kind}.{name}" for kind in ("column", "utm.split") for name in TAGS.values()),
    *(f"utm.broken.{rule}" for rule in ("missing", "letters", "medium", "campaign")),
    *(f"panel.show_all.{form}" for form in PLURAL),
    *(f"panel.{form}" for form in ("csv", "xlsx")),
    *(f"panel.{form}_label" for form in ("csv", "xlsx")),
    *(f"shows.{name}" for name in SHOWS),
    *(f"inventory.nothing.{name}" for name in SHOWS),
    *(f"inventory.{name}.{form}" for name in ("old", "sold_out", "show_all") for form in PLURAL),
    *(f"column.{part}" for part in PARTS),
    *(f"panel.event_list.{name}" for name in SHOWS),
    *(f"events.nothing.{name}" for name in SHOWS),
    *(f"panel.curve.{name}" for name in MEASURES),
    *(f"column.{name}" for name in MEASURES),
    *(f"curve.{name}" for name in ("day", "first", "after", "unknown")),
    *(f"pace.{name}.{form}" for name in ("note", "shows") for form in PLURAL),
    *(f"compare.left_out.{form}" for form in PLURAL),
    *(f"panel.{name}" for name in ("refunds", "promo_codes", "utm")),
    *(f"panel.{name}.note" for name in ("refunds", "promo_codes", "utm")),
    *(f"state.{name}" for name in ("on_sale", "sold_out", "closed", "over", "unknown")),
    *(f"state.{name}" for name in ("missing", "undated", "deleted", "none")),
    *(f"days.{way}.{form}" for way in ("ahead", "ago") for form in PLURAL),
    *(f"freshness.newest.{name}" for name in ("qtickets", "vk")),
    *(f"freshness.source.{name}" for name in ("qtickets", "vk")),
    *(f"light.roas.{light}" for light in ("good", "warning", "bad", "none")),
    *(f"panel.marketing_days.{step}" for step in ("day", "week", "month")),
    *(f"panel.{name}" for name in MARKETING),
    *(f"panel.{name}.note" for name in MARKETING),
    *(f"attribution.{reason}" for reason in REASONS),
    *(f"marketing.{status}" for status in ("warning", "critical")),
    *(f"control.{status}" for status in ("different", "no_control", "still_open")),
    *(f"control.{name}.{form}" for name in ("agree", "differ", "unproven") for form in PLURAL),
    *(f"error.{status}.title" for status in (400, 401, 403, 404, 405, 429, 500, 503)),
    *(f"error.{status}.text" for status in (401, 403, 404, 405, 429, 500, 503)),
}


def written() -> str:
    """Read everything that may name a text."""
    files = [*SOURCE.glob("*.py"), *SOURCE.glob("templates/*.html"), *SOURCE.glob("static/js/*.js")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def named() -> set[str]:
    """List the keys that code and templates name."""
    found = set(re.findall(r"""["']([a-z]+\.[a-z0-9_.]+)["']""", written()))
    scripted = {f"js.{name}" for name in re.findall(r"(?:texts|words)\.([a-z_]+)\b", written())}
    return found | scripted | MADE


def test_both_languages_have_the_same_keys() -> None:
    """No text is missing in one of the languages."""
    assert texts.load("ru").keys() == texts.load("en").keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_used(lang: str) -> None:
    """A text that nobody shows is removed."""
    assert texts.load(lang).keys() - named() == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_made_key_has_its_text(lang: str) -> None:
    """Keys put together at run time exist."""
    assert MADE - texts.load(lang).keys() == set()


def test_both_languages_fill_the_same_places() -> None:
    """A value that one language shows, the other shows too."""
    words = {lang: json.loads((texts.FOLDER / f"{lang}.json").read_text()) for lang in LANGUAGES}
    for key, text in words["ru"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", words["en"][key])), (
            key
        )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1 город"),
        (2, "2 города"),
        (5, "5 городов"),
        (11, "11 городов"),
        (21, "21 город"),
        (24, "24 города"),
        (112, "112 городов"),
    ],
)
def test_russian_counts_take_their_form(number: int, text: str) -> None:
    """One, few and many decline as Russian does."""
    assert text == texts.load("ru").count("filters.cities", number, str(number))


def test_a_missing_text_is_a_bug() -> None:
    """A key without a text fails loudly."""
    with pytest.raises(KeyError):
        texts.load("ru")("no.such.key")
