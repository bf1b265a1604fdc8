"""Numbers and dates as a reader writes them, Russian and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from zakaz.moscow import as_moscow

NARROW = "\u202f"  # narrow no-break space: groups of digits, sign before a unit
MINUS = "\u2212"
DASH = "—"
ROUNDS_UP = Decimal("0.9995")  # 999 500 is 1 млн, not 1000 тыс.

SYMBOLS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸", "GBP": "£", "BYN": "Br"}

_MONTHS = {
    "ru": ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_MONTH_ALONE = {
    "ru": ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    "en": _MONTHS["en"],
}
_WEEKDAYS = {
    "ru": ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_COMPACT = {
    "ru": ((10**9, "млрд"), (10**6, "млн"), (10**3, "тыс.")),
    "en": ((10**9, "B"), (10**6, "M"), (10**3, "K")),
}

Number = Decimal | int


def symbol(currency: str) -> str:
    """Give the sign of a currency, or its code where it has none."""
    return SYMBOLS.get(currency, currency)


@dataclass(frozen=True, slots=True)
class Figures:
    """Formatting for one language and one currency."""

    lang: str
    currency: str = "RUB"

    def count(self, value: Number | None) -> str:
        """Write a whole number: ``12 720 600`` or ``12,720,600``; None is a dash."""
        if value is None:
            return DASH
        whole = int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))
        text = f"{abs(whole):,}"
        if self.lang == "ru":
            text = text.replace(",", NARROW)
        return (MINUS if whole < 0 else "") + text

    def money(self, value: Number | None) -> str:
        """Write an amount in whole units of its currency; from a milliard on, compactly."""
        if value is None:
            return DASH
        if abs(Decimal(value)) >= 10**9:
            return self._with_symbol(self.compact(value))
        return self._with_symbol(self.count(value))

    def exact_money(self, value: Number | None) -> str:
        """Write an amount with its kopecks."""
        if value is None:
            return DASH
        cents = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
        text = f"{abs(cents):,.2f}"
        if self.lang == "ru":
            text = text.replace(",", NARROW).replace(".", ",")
        return self._with_symbol((MINUS if cents < 0 else "") + text)

    def cost(self, value: Number | None) -> str:
        """Write the price of one thing: with kopecks, from a thousand on without."""
        if value is None or abs(Decimal(value)) >= 1000:
            return self.money(value)
        return self.exact_money(value)

    def factor(self, ratio: Decimal | None) -> str:
        """Write how many times one sum holds another: ``3,42``."""
        if ratio is None:
            return DASH
        return self._signed(ratio.quantize(Decimal("0.01"), ROUND_HALF_UP))

    def compact(self, value: Number | None) -> str:
        """Write a short number: ``1,2 млн`` or ``1.2M``."""
        if value is None:
            return DASH
        for size, unit in _COMPACT[self.lang]:
            scaled = Decimal(value) / size
            if abs(scaled) >= ROUNDS_UP:
                places = Decimal(1) if abs(scaled) >= 100 else Decimal("0.1")
                text = f"{abs(scaled).quantize(places, ROUND_HALF_UP)}"
                if "." in text:
                    text = text.rstrip("0").rstrip(".")
                sign = MINUS if scaled < 0 else ""
                if self.lang == "ru":
                    return sign + text.replace(".", ",") + NARROW + unit
                return sign + text + unit
        return self.count(value)

    def change(self, ratio: Decimal | None) -> str:
        """Write a relative change with its sign: ``+12,4 %``; from tenfold on, ``×12``."""
        if ratio is None:
            return DASH
        if ratio >= 10:
            return f"×{self.count(ratio + 1)}"
        percent = (ratio * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        sign = "+" if percent > 0 else MINUS if percent < 0 else ""
        text = f"{abs(percent)}"
        if self.lang == "ru":
            return sign + text.replace(".", ",") + NARROW + "%"
        return sign + text + "%"

    def share(self, ratio: Decimal | None) -> str:
        """Write a share of a whole: ``62,5 %``; only the whole itself is 100 %."""
        if ratio is None:
            return DASH
        percent = (ratio * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if ratio < 1:
            percent = min(percent, Decimal("99.9"))
        text = self._signed(percent.to_integral() if percent == int(percent) else percent)
        return text + (NARROW if self.lang == "ru" else "") + "%"

    def points(self, difference: Decimal | None) -> str:
        """Write the difference of two shares in percentage points: ``+5,2 п. п.``."""
        if difference is None:
            return DASH
        points = (difference * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        sign = "+" if points > 0 else ""
        return (
            sign + self._signed(points) + ("\u00a0п.\u00a0п." if self.lang == "ru" else "\u00a0pp")
        )

    def written(self, unit: str, value: Number | None) -> str:
        """Write a figure of the KPI dictionary by its unit."""
        if unit in ("share", "factor"):
            ratio = None if value is None else Decimal(value)
            return self.share(ratio) if unit == "share" else self.factor(ratio)
        if unit == "cost":
            return self.cost(value)
        return self.money(value) if unit == "money" else self.count(value)

    def day(self, value: date | None, *, year: bool = False) -> str:
        """Write a day: ``14 фев`` or ``14 Feb``, with its year on demand."""
        if value is None:
            return DASH
        text = f"{value.day}\u00a0{_MONTHS[self.lang][value.month - 1]}"
        return f"{text}\u00a0{value.year}" if year else text

    def weekday(self, value: date, *, year: bool = False) -> str:
        """Write a day with its weekday: ``сб, 14 фев``."""
        return f"{_WEEKDAYS[self.lang][value.weekday()]}, {self.day(value, year=year)}"

    def month(self, value: date) -> str:
        """Write a month: ``окт 2026``."""
        return f"{_MONTH_ALONE[self.lang][value.month - 1]}\u00a0{value.year}"

    def span(self, first: date | None, last: date | None) -> str:
        """Write a span of days as short as it stays clear."""
        if first is None or last is None or first == last:
            return self.day(first or last, year=True)
        if first.year != last.year:
            return f"{self.day(first, year=True)} – {self.day(last, year=True)}"
        if first.month != last.month:
            return f"{self.day(first)} – {self.day(last, year=True)}"
        return f"{first.day}–{self.day(last, year=True)}"

    def typed(self, value: date) -> str:
        """Write a day the way the reader types it into the form."""
        return value.strftime("%d.%m.%Y") if self.lang == "ru" else value.isoformat()

    def clock(self, value: datetime, today: date) -> str:
        """Write an instant in Moscow time; today needs only the hour."""
        local = as_moscow(value)
        text = f"{local:%H:%M}"
        if local.date() == today:
            return text
        return f"{self.day(local.date(), year=local.year != today.year)}, {text}"

    def _signed(self, value: Decimal) -> str:
        text = f"{abs(value):,}"
        if self.lang == "ru":
            text = text.replace(",", NARROW).replace(".", ",")
        return (MINUS if value < 0 else "") + text

    def _with_symbol(self, text: str) -> str:
        sign = symbol(self.currency)
        if self.lang == "en" and self.currency in {"USD", "EUR", "GBP"}:
            return f"{MINUS}{sign}{text[1:]}" if text.startswith(MINUS) else sign + text
        return f"{text}{NARROW}{sign}"
