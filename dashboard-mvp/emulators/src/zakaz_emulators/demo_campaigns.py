"""The demo organisation's advertising in VK: its campaigns, audiences, tags and daily plans.

Every show has a campaign from the opening of its sale to its day. The other campaigns are those
that a promoter has beside them: one for the name, one for a suburb that no dictionary knows, one
under VK's own tags, one that nobody tagged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from zakaz_emulators.pace import AD_SHARE
from zakaz_emulators.season import DAY, Dated, Season

EARNED = 0.82
"""What remains of the price of an expected order: some are never paid, reduced or refunded."""

BUYERS = 0.88
"""Paid orders of an expected one."""

KEPT = timedelta(days=350)
"""Nothing older was ever spent: VK tells a year, and a store may be filled a fortnight late."""

BRAND_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class Advertised:
    """How a production is advertised: its short name, and spend by rouble that VK brings."""

    short: str
    aim: float
    city: str = ""
    """How its tags spell the city, when not by its name."""
    click: float = 29.0
    """What a click costs."""


ADVERTISED = {
    "tajna-volshebnogo-fonarya": Advertised("Фонарь", 0.43),
    "kosmicheskaya-azbuka": Advertised("Космос", 0.44, "мск"),
    "kot-kotoryj-umel-letat": Advertised("Кот", 0.29),
    "skazki-starogo-mayaka": Advertised("Маяк", 0.45),
    "dinozavry-sled-v-istorii": Advertised("Динозавры", 0.44, "екб"),
    "orkestr-pri-svechah": Advertised("Оркестр", 0.40, click=42.0),
    "malysh-i-severnoe-siyanie": Advertised("Сияние", 0.42),
    "mylnye-puzyri": Advertised("Пузыри", 0.44),
    "zimnij-sad": Advertised("Орган", 5.0, click=47.0),  # nobody comes, whatever is spent
    "rok-nad-volgoj": Advertised("Рок", 0.19, click=36.0),
    "noch-v-muzee-sveta": Advertised("Музей света", 0.44, click=24.0),
    "laboratoriya-chudes": Advertised("Лаборатория", 0.41),
}
RUNS_ON = {("malysh-i-severnoe-siyanie", -20): 9, ("kosmicheskaya-azbuka", -62): 4}
"""Campaigns that somebody forgot to stop: production, day of the show, days after it."""

SUBURB = ("dinozavry-sled-v-istorii", 20)
RETURNING = ("laboratoriya-chudes", 30)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a campaign spends and whom it brings on a day, before chance."""

    spend: float
    buyers: float = 0.0

    def times(self, share: float) -> Planned:
        """Give a part of it."""
        return Planned(self.spend * share, self.buyers * share)


@dataclass(frozen=True, slots=True)
class AdSet:
    """A group of ads: its audience, its tags as orders carry them, its part of the campaign."""

    id: int
    audience: str
    tags: Mapping[str, str]
    share: float
    creatives: tuple[str, ...]

    @property
    def is_automatic(self) -> bool:
        """Tell whether its tags are those that VK adds by itself."""
        return self.tags.get("utm_source") == "vk_ads"

    def ad_id(self, place: int) -> int:
        """Give the id of one of its ads."""
        return self.id * 10 + place


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign; ``share`` is its part of the buyers that VK brings to a show."""

    id: int
    name: str
    objective: str
    sets: tuple[AdSet, ...]
    days: Mapping[date, Planned]
    share: float = 0.0
    show_id: int | None = None
    click: float = 29.0

    @property
    def last(self) -> date:
        """Its last day."""
        return max(self.days)


def campaigns(played: Season, anchor: date) -> list[Campaign]:
    """Give the advertising of a season."""
    expected: dict[int, dict[date, float]] = {}
    for cell, orders in zip(played.cells, played.expected, strict=True):
        expected.setdefault(cell.show.id, {})[cell.day] = orders
    found = [_brand(anchor), _untagged(anchor)]
    for one in played.shows:
        if one.show.id in expected:
            found += _of_show(one, expected[one.show.id], anchor)
    return found


def _of_show(one: Dated, expected: Mapping[date, float], anchor: date) -> list[Campaign]:
    slug, number = one.production.slug, 8_810_000 + one.show.id % 1000 * 10
    known, key = ADVERTISED[slug], (slug, one.line.day)
    named = f"{known.short}-{one.production.city.name}-{one.day:%d.%m}_{one.day:%Y}"
    found: list[Campaign] = []

    def add(place: int, name: str, sets: tuple[AdSet, ...], aim: float, share: float) -> None:
        days = _plan(one, expected, known.aim * aim, share)
        if key in RUNS_ON and not place:
            usual = sum(planned.spend for planned in days.values()) / len(days)
            on = (one.day + after * DAY for after in range(1, RUNS_ON[key] + 1))
            days |= dict.fromkeys(on, Planned(usual / 2))
        kept = {day: planned for day, planned in days.items() if day >= anchor - KEPT}
        found.append(
            Campaign(
                number + place,
                name,
                "site_conversions",
                sets,
                kept,
                share,
                one.show.id,
                known.click,
            )
        )

    if key == SUBURB:
        part = _set(number + 1, "Верхняя Пышма 25-45", _tags(one, "верхняя-пышма"), "prigorod")
        add(1, f"VK_Продажи_{known.short}-Пригород_{one.day:%Y}", (part,), 1.3, 0.12)
    if key == RETURNING:
        add(1, f"VK_Ретаргет_{named}", (_automatic(number + 1),), 0.6, 0.15)
    rest = 1.0 - BRAND_SHARE - sum(other.share for other in found)
    sets = _audiences(one, number, is_running=one.line.day >= 0)
    add(0, f"VK_Продажи_{named}", sets, 1.0, rest)
    return found


def _plan(
    one: Dated, expected: Mapping[date, float], aim: float, share: float
) -> dict[date, Planned]:
    """Spend follows the expected revenue, less nervously than sales do."""
    tariffs = 0.83 if one.show.tariffs else 1.0
    order = one.production.mean_tickets * one.production.mean_price * tariffs * EARNED
    part = AD_SHARE * share
    usual = sum(expected.values()) / len(expected)
    return {
        day: Planned(aim * order * part * (0.6 * orders + 0.4 * usual), BUYERS * part * orders)
        for day, orders in expected.items()
    }


def _audiences(one: Dated, number: int, *, is_running: bool) -> tuple[AdSet, ...]:
    music = one.production.type_id == 1
    audience, term = (
        ("Музыка 25-45", "muzyka-25-45") if music else ("Родители 28-45", "roditeli-28-45")
    )
    city = ADVERTISED[one.production.slug].city or one.production.city.name.lower()
    creatives = ("Афиша", "Ролик 15 с") if is_running else ("Афиша",)
    if one.line.appeal < 1.0:
        return (_set(number, audience, _tags(one, city), term, 1.0, creatives),)
    return (
        _set(number, audience, _tags(one, city), term, 0.62, creatives),
        _set(number + 5, "Похожие на покупателей", _tags(one, city), "pohozhie", 0.38),
    )


def _set(
    number: int,
    audience: str,
    tags: Mapping[str, str],
    term: str,
    share: float = 1.0,
    creatives: tuple[str, ...] = ("Афиша",),
) -> AdSet:
    return AdSet(_group(number), audience, {**tags, "utm_term": term}, share, creatives)


def _group(number: int) -> int:
    return 30_000_000 + number


def _tags(one: Dated, city: str) -> dict[str, str]:
    return {
        "utm_source": "vk",
        "utm_medium": "cpc",
        "utm_campaign": f"{one.production.slug}-vk-{one.day:%Y%m}",
        "utm_content": f"{city}_{one.day:%d_%m}",
    }


def _automatic(number: int) -> AdSet:
    """Give a set under VK's own tags: the ids of the group and of the ad."""
    found = AdSet(_group(number), "Были на наших шоу", {}, 1.0, ("Карусель",))
    tags = {
        "utm_source": "vk_ads",
        "utm_medium": "cpc",
        "utm_campaign": str(found.id),
        "utm_content": str(found.ad_id(0)),
    }
    return AdSet(found.id, found.audience, tags, found.share, found.creatives)


def _brand(anchor: date) -> Campaign:
    first = anchor - KEPT
    tags = {"utm_source": "vk", "utm_medium": "cpc", "utm_campaign": f"brand-vk-{first:%Y%m}"}
    sets = tuple(
        _set(8_809_000 + 5 * place, audience, {**tags, "utm_content": content}, term, 0.5)
        for place, (audience, content, term) in enumerate(
            (
                ("Семьи с детьми", "crea01_semya", "semji"),
                ("Планы на выходные", "crea02_vyhodnye", "vyhodnye"),
            )
        )
    )
    days = {first + after * DAY: Planned(1000.0, 0.75) for after in range(KEPT.days + 400)}
    name = f"VK_Охват_Бренд_{anchor:%Y}"
    return Campaign(8_809_000, name, "branding", sets, days, BRAND_SHARE, click=17.0)


def _untagged(anchor: date) -> Campaign:
    days = {anchor - after * DAY: Planned(700.0) for after in range(12, 34)}
    sets = (AdSet(_group(8_808_000), "Анкета, проба", {}, 1.0, ("Анкета",)),)
    name = f"VK_Лиды_Анкета-проба_{anchor:%Y}"
    return Campaign(8_808_000, name, "leadads", sets, days, click=55.0)
