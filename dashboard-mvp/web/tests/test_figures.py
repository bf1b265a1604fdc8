"""Numbers and dates as Russian and English readers write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from zakaz.moscow import MOSCOW
from zakaz_web.figures import Figures

RU = Figures("ru")
EN = Figures("en")


def spaced(text: str) -> str:
    """Show the narrow no-break spaces as underlines."""
    return text.replace("\u202f", "_").replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (Decimal("12720600.49"), "12_720_600_₽", "12,720,600_₽"),
        (Decimal("0.00"), "0_₽", "0_₽"),
        (Decimal("999.50"), "1_000_₽", "1,000_₽"),
        (Decimal("-1234.5"), "−1_235_₽", "−1,235_₽"),
        (Decimal("1234567890"), "1,2_млрд_₽", "1.2B_₽"),
        (None, "—", "—"),
    ],
)
def test_money(value: Decimal | None, ru: str, en: str) -> None:
    """Whole roubles, narrow spaces or commas, the sign after the number."""
    assert (ru, en) == (spaced(RU.money(value)), spaced(EN.money(value)))


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (Decimal("14.4"), "14,40_₽", "14.40_₽"),
        (Decimal("999.99"), "999,99_₽", "999.99_₽"),
        (Decimal("1284.60"), "1_285_₽", "1,285_₽"),
        (Decimal("0"), "0,00_₽", "0.00_₽"),
        (None, "—", "—"),
    ],
)
def test_the_cost_of_one_thing(value: Decimal | None, ru: str, en: str) -> None:
    """A click for 14,40 is not one for 14: kopecks count until there are a thousand roubles."""
    assert (ru, en) == (spaced(RU.cost(value)), spaced(EN.cost(value)))


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (Decimal("3.4251"), "3,43", "3.43"),
        (Decimal("1"), "1,00", "1.00"),
        (Decimal("12345.6"), "12_345,60", "12,345.60"),
        (Decimal("-0.5"), "−0,50", "−0.50"),
        (None, "—", "—"),
    ],
)
def test_how_many_times(value: Decimal | None, ru: str, en: str) -> None:
    """A return of 3.43 roubles per rouble is a number, not a percentage."""
    assert (ru, en) == (spaced(RU.factor(value)), spaced(EN.factor(value)))


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (Decimal("0.0512"), "+5,1~п.~п.", "+5.1~pp"),
        (Decimal("-0.8105"), "−81,1~п.~п.", "−81.1~pp"),
        (Decimal("0"), "0,0~п.~п.", "0.0~pp"),
        (None, "—", "—"),
    ],
)
def test_percentage_points(value: Decimal | None, ru: str, en: str) -> None:
    """The difference of two shares is told apart from a share."""
    assert (ru, en) == (spaced(RU.points(value)), spaced(EN.points(value)))


def test_a_large_share_has_groups() -> None:
    """A return of 123 times is 12 345 percent, with groups as in any number."""
    share = Decimal("123.456")
    assert spaced(RU.share(share)) == "12_345,6_%"
    assert EN.share(share) == "12,345.6%"


def test_exact_money_keeps_its_kopecks() -> None:
    """The exact amount is a hover away from the rounded one."""
    assert spaced(RU.exact_money(Decimal("12720600.49"))) == "12_720_600,49_₽"


def test_other_currencies_stand_where_their_readers_look() -> None:
    """A dollar leads in English and follows in Russian; a currency without a sign has its code."""
    assert Figures("en", "USD").money(1200) == "$1,200"
    assert Figures("en", "USD").money(-5) == "−$5"
    assert spaced(Figures("ru", "USD").money(1200)) == "1_200_$"
    assert spaced(Figures("ru", "UZS").money(7)) == "7_UZS"


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1_тыс.", "1K"),
        (12_345, "12,3_тыс.", "12.3K"),
        (456_789, "457_тыс.", "457K"),
        (999_500, "1_млн", "1M"),
        (1_200_000, "1,2_млн", "1.2M"),
        (-3_400_000_000, "−3,4_млрд", "−3.4B"),
    ],
)
def test_compact(value: int, ru: str, en: str) -> None:
    """Three digits are enough on an axis."""
    assert (ru, en) == (spaced(RU.compact(value)), spaced(EN.compact(value)))


@pytest.mark.parametrize(
    ("ratio", "ru", "en"),
    [
        ("0.124", "+12,4_%", "+12.4%"),
        ("-0.05", "−5,0_%", "−5.0%"),
        ("0", "0,0_%", "0.0%"),
        ("11", "×12", "×12"),
        (None, "—", "—"),
    ],
)
def test_change(ratio: str | None, ru: str, en: str) -> None:
    """A change has its sign; from tenfold on it is told as a multiple."""
    value = None if ratio is None else Decimal(ratio)
    assert (ru, en) == (spaced(RU.change(value)), spaced(EN.change(value)))


def test_days_and_spans() -> None:
    """Months are short and lower case in Russian; a span repeats nothing it need not."""
    first, last = date(2025, 5, 16), date(2025, 6, 14)
    assert spaced(RU.day(last)) == "14~июн"
    assert spaced(RU.span(first, last)) == "16~мая – 14~июн~2025"
    assert spaced(EN.span(date(2025, 6, 1), last)) == "1–14~Jun~2025"
    assert spaced(RU.month(date(2025, 10, 1))) == "окт~2025"
    assert spaced(RU.span(date(2024, 12, 28), date(2025, 1, 3))) == "28~дек~2024 – 3~янв~2025"
    assert (RU.typed(last), EN.typed(last)) == ("14.06.2025", "2025-06-14")


def test_the_clock_names_the_day_only_when_it_is_not_today() -> None:
    """An instant is told in Moscow time."""
    instant = datetime(2025, 6, 14, 9, 5, tzinfo=MOSCOW)
    assert RU.clock(instant, date(2025, 6, 14)) == "09:05"
    assert spaced(RU.clock(instant, date(2025, 6, 15))) == "14~июн, 09:05"
