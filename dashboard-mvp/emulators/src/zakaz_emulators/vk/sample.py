"""A small account for tests: three campaigns of two groups, twelve ads, sixty days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from zakaz_emulators.clock import MOSCOW, Clock
from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.records import AdGroup, AdPlan, Banner, Client, Figures, User

SAMPLE_NOW = datetime(2026, 3, 20, 15, 0, tzinfo=MOSCOW)
CLIENT_ID = "demo-client"
CLIENT_SECRET = "demo-client-secret"  # noqa: S105 - opens nothing but this emulator
SITE = "https://shop.example/?event=80001"
SPRING, PREMIERE, AUTUMN = 8_801_247, 8_801_311, 8_801_402
LOOKALIKE, NEAR_HALL, RETURNING, LEADS, OLD_TEST, OLD_VIDEO = (
    30_455_102,
    30_455_103,
    30_455_220,
    30_455_221,
    30_455_050,
    71_200_345,  # ids of different levels meet: this is an ad's id too
)
ARCHIVED_AD = 71_200_347
IDLE_AD = 71_200_352
PLANS = (
    (SPRING, "Весна в Казани", "active", "site_conversions"),
    (PREMIERE, "Премьера: Снежная сказка", "blocked", "leadads"),
    (AUTUMN, "Осень, старый тест", "deleted", "socialengagement"),
)
FULL_UTM = (
    "utm_source=vk_ads&utm_medium=cpc&utm_campaign={{ad_plan_id}}&utm_term={{ad_group_id}}"
    "&utm_content={{banner_id}}"
)
GROUPS: tuple[tuple[int, int, str, bool, str | None], ...] = (
    (LOOKALIKE, SPRING, "Похожие 25-45", True, FULL_UTM),
    (NEAR_HALL, SPRING, "Рядом с залом", True, None),
    (RETURNING, PREMIERE, "Уже были", False, "utm_source=never_added"),
    (LEADS, PREMIERE, "Анкета", False, None),
    (OLD_TEST, AUTUMN, "Проба", True, "utm_source=vk&utm_campaign=osen&utm_term={{geo}}"),
    (OLD_VIDEO, AUTUMN, "Ролики", True, ""),
)
_LINK = f"{SITE}&utm_source=vk&utm_medium=cpc&utm_campaign=vesna"
BANNERS: tuple[tuple[int, int, str, str], ...] = (
    (71_200_356, OLD_VIDEO, "Ролик 30 с", f"{SITE}&utm_source=vk"),
    (71_200_355, OLD_VIDEO, "Ролик 6 с", SITE),
    (71_200_354, OLD_TEST, "Проба Б", f"{SITE}&utm_content=crea02_price"),
    (71_200_353, OLD_TEST, "Проба А", f"{SITE}&utm_content=crea01_hall"),
    (IDLE_AD, LEADS, "Анкета, запас", ""),
    (71_200_351, LEADS, "Анкета", ""),
    (71_200_350, RETURNING, "Второй раз", f"{_LINK}&utm_content=%7B%7Bbanner_id%7D%7D"),
    (71_200_349, RETURNING, "Афиша", f"{_LINK}&utm_content=казань_20_03"),
    (71_200_348, NEAR_HALL, "Пять минут пешком", SITE),
    (ARCHIVED_AD, NEAR_HALL, "Старая афиша", SITE),
    (71_200_346, LOOKALIKE, "Фото", f"{_LINK}&utm_content={{{{banner_id}}}}"),
    (OLD_VIDEO, LOOKALIKE, "Ролик 15 с", f"{_LINK}&utm_content=томск_05_02"),
)
"""Written newest first, as a list that nobody asked to sort may come."""

DAYS = 60
KOPECKS = (
    Decimal("1480.55"),
    Decimal("0.29"),
    Decimal("1480.50"),
    Decimal("86.40"),
    Decimal("0.10"),
)
"""Charges that floats and careless rounding get wrong; every ad has some of them."""


def small_account(*, now: datetime = SAMPLE_NOW, days: int = DAYS, runs: bool = False) -> Account:
    """Give the account as it stands now, the same for the same instant.

    One campaign is paused, one archived with its ads, one more ad was archived ten days ago, one
    never ran. Today is half a day; at three tomorrow morning it is whole, and twelve days ago gets
    less traffic and two conversions more.
    """
    account = empty_account(now=now, runs=runs)
    clock, made = account.clock, account.clock.now - timedelta(days=days + 20)
    for number, name, status, objective in PLANS:
        account.put(
            AdPlan(
                number,
                name,
                created=made,
                updated=made + timedelta(days=3),
                status=status,
                objective=objective,
                date_start=made.date(),
                budget_limit_day=Decimal("2500.00"),
            )
        )
    for number, plan, name, tagged, utm in GROUPS:
        status, objective = account.plans[plan].status, account.plans[plan].objective
        group = AdGroup(number, plan, name, made, made, status, objective)
        group.enable_utm, group.utm = tagged, utm
        account.put(group)
    for number, group_id, name, url in BANNERS:
        status = "deleted" if number == ARCHIVED_AD else account.groups[group_id].status
        urls = {"primary": url} if url else {}
        account.put(Banner(number, group_id, name, made, made, status, urls, title=name))
        for day, figures in _history(number, clock.today, days):
            account.put_day(number, day, figures)
    _move_on(account)
    return account


def wide_account(
    banners: int = 1_000, *, plans: int = 3, days: int = 2, now: datetime = SAMPLE_NOW
) -> Account:
    """Give an account with many ads over some campaigns, one group each, all running."""
    account = empty_account(now=now)
    made = account.clock.now - timedelta(days=days + 20)
    for place in range(plans):
        account.put(
            AdPlan(SPRING + place, f"Кампания {place + 1}", made, made),
            AdGroup(LOOKALIKE + place, SPRING + place, f"Группа {place + 1}", made, made),
        )
    for place in range(banners):
        number = 71_000_000 + place
        group_id = LOOKALIKE + place % plans
        link = {"primary": f"{SITE}&utm_content={{{{banner_id}}}}"}
        account.put(Banner(number, group_id, f"Объявление {place + 1}", made, made, urls=link))
        for back in range(days):
            day = account.clock.today - timedelta(days=back)
            account.put_day(number, day, _figures(number, day))
    return account


def empty_account(*, now: datetime = SAMPLE_NOW, runs: bool = False) -> Account:
    """Give an account without a single campaign; ``runs`` lets its clock go on by itself."""
    user = User(id=5_550_123, username="demo_user", account_id=5_550_999)
    return Account(Clock(now, runs=runs), user, [Client(CLIENT_ID, CLIENT_SECRET)])


def _history(number: int, today: date, days: int) -> Iterator[tuple[date, Figures]]:
    """Give the days of an ad: archived ones ended, one ad never ran, few days are empty."""
    group_id = next(group for banner, group, *_ in BANNERS if banner == number)
    ended = 10 if number == ARCHIVED_AD else 25 if group_id in (OLD_TEST, OLD_VIDEO) else 0
    if number == IDLE_AD:
        return
    for back in range(days - 1, ended - 1, -1):
        if (back + number) % 9:
            day = today - timedelta(days=back)
            yield day, _figures(number, day)


def _figures(number: int, day: date) -> Figures:
    drawn = Random(number * 1_000_000 + day.toordinal())
    shows = drawn.randint(400, 12_000)
    clicks = drawn.randint(0, shows // 60)
    kopecks = drawn.randint(100, 240_000)
    special = KOPECKS[day.toordinal() % len(KOPECKS)] if (day.day + number) % 3 == 0 else None
    spent = Decimal(kopecks) / 100 if special is None else special
    return Figures(shows, clicks, spent, drawn.randint(0, clicks // 12))


def _move_on(account: Account) -> None:
    """Make today half a day that is whole tomorrow morning, and correct the twelfth day back."""
    today = account.clock.today
    tomorrow = datetime.combine(today + timedelta(days=1), datetime.min.time(), MOSCOW)
    morning = tomorrow + timedelta(hours=3)
    for number in account.banners:
        whole = account.figures(number, today, account.clock.now)
        if whole:
            spent = (whole.spent / 2).quantize(Decimal("0.01"))
            half = Figures(whole.shows // 2, whole.clicks // 2, spent, whole.goals // 2)
            account.put_day(number, today, half)
            account.restate(number, today, at=morning, **asdict(whole))
        past = today - timedelta(days=12)
        known = account.figures(number, past, account.clock.now)
        if known:
            spent = (known.spent * Decimal("0.9")).quantize(Decimal("0.01"))
            fewer = known.shows - known.shows // 20
            goals = known.goals + 2
            account.restate(number, past, at=morning, shows=fewer, spent=spent, goals=goals)
