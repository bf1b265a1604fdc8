"""The demo organisation looks like a promoter's half year, and looks the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import MOSCOW, Ledger, Organisation
from zakaz_emulators.qtickets.payloads import order_payload

TODAY = date(2026, 10, 20)
NOW = datetime(2026, 10, 20, 15, 0, tzinfo=MOSCOW)
START = datetime(2026, 10, 20, tzinfo=MOSCOW)


@pytest.fixture(scope="module")
def demo(invented: Callable[..., Organisation]) -> Organisation:
    return invented(now=NOW)


def test_it_holds_twelve_productions_thirty_shows_and_eight_cities(demo: Organisation) -> None:
    """One more event was deleted, and one more show."""
    live = [event for event in demo.events.values() if event.deleted_at is None]
    shows = [show for event in live for show in event.shows]
    assert len(live) == 12
    assert len(shows) == 36
    assert sum(show.deleted_at is not None for show in shows) == 1
    cities = {event.city.name: event.city.timezone for event in live}
    assert len(cities) == 8
    assert len(set(cities.values())) >= 6
    assert all("а" <= letter.lower() <= "ё" for event in live for letter in event.name[:1])


def test_twenty_thousand_orders_lie_in_two_seasons_and_today_has_some(
    demo: Organisation,
) -> None:
    """Today's orders reach up to the current hour, none is in the future."""
    created = [order.created_at for order in demo.orders]
    before_today = sum(one < START for one in created)
    assert 19_800 <= before_today <= 20_000  # the rest found a hall full
    assert created == sorted(created)
    assert max(created) <= NOW
    assert NOW - max(created) < timedelta(hours=2)
    assert min(created) >= START - timedelta(days=430)
    assert 0.8 < sum(one > START - timedelta(days=215) for one in created) / len(created) < 0.95
    assert 10 <= len(created) - before_today <= 200


def test_the_same_seed_and_day_give_the_same_organisation() -> None:
    """Byte by byte; another seed gives another one."""
    one, again, other = (demo_organisation(seed=seed, now=NOW, orders=2000) for seed in (1, 1, 2))
    assert [*map(order_payload, again.orders)] == [*map(order_payload, one.orders)]
    assert Ledger(again).totals() == Ledger(one).totals()
    assert Ledger(other).daily() != Ledger(one).daily()


def test_three_hours_later_it_is_the_same_organisation_a_little_older() -> None:
    """What did not change is untouched; what changed moved its ``updated_at``."""
    earlier = demo_organisation(now=NOW, orders=3000)
    later = demo_organisation(now=NOW + timedelta(hours=3), today=TODAY, orders=3000)
    known = {order.id: order_payload(order) for order in earlier.orders}
    fresh = [order for order in later.orders if order.id not in known]
    assert fresh
    assert all(NOW < order.created_at <= NOW + timedelta(hours=3) for order in fresh)
    changed = [
        order
        for order in later.orders
        if order.id in known and money_of(order_payload(order)) != money_of(known[order.id])
    ]
    assert changed
    assert all(order.updated_at > NOW for order in changed)


def money_of(payload: dict[str, object]) -> dict[str, object]:
    """Leave out the entry scans: they move tickets without their order, as in the service."""
    baskets = payload["baskets"]
    assert isinstance(baskets, list)
    kept = [{**one, "checked_at": None, "updated_at": None} for one in baskets]
    return {**payload, "baskets": kept}


def test_orders_have_one_to_five_tickets_of_priced_zones(demo: Organisation) -> None:
    """Two is the usual number."""
    counts = Counter(len(order.tickets) for order in demo.orders)
    assert set(counts) == {1, 2, 3, 4, 5}
    assert counts.most_common(1)[0][0] == 2
    zones = {ticket.zone.name for order in demo.orders for ticket in order.tickets}
    assert {"Партер", "Амфитеатр", "Балкон", "Входной билет", "Детский билет"} == zones


def test_free_reduced_refunded_cancelled_and_expired_orders_occur(demo: Organisation) -> None:
    """Each in a believable share."""
    orders = demo.orders
    total = len(orders)
    paid = [order for order in orders if order.payed_at is not None]
    free = [order for order in paid if not order.tickets[0].price]
    refunds = [one for order in paid for one in order.tickets if one.refunded_at is not None]
    assert 0.015 < len(free) / total < 0.04
    assert all(order.payed_at == order.created_at for order in free)
    assert 0.08 < sum(order.promo_code_id is not None for order in orders) / total < 0.18
    assert 0.05 < sum(order.payed_at is None for order in orders) / total < 0.15
    assert any(order.payed_at is None and order.deleted_at is None for order in orders)
    assert 30 < sum(order.deleted_at is not None for order in paid) < 300
    full = [one for one in refunds if one.refunded_amount == one.price]
    reduced = [one for one in refunds if one.refunded_deduction]
    partial = [
        one
        for one in refunds
        if (one.refunded_amount or 0) + (one.refunded_deduction or 0) < one.price
    ]
    assert len(full) > len(reduced) > 50
    assert len(partial) > 50
    assert any(one.price % 1 for order in paid for one in order.tickets)
    assert any(
        one.deleted_at is not None
        for order in paid
        if order.deleted_at is None
        for one in order.tickets
    )


def test_half_of_the_orders_carry_utm_tags_with_a_cyrillic_city_and_the_day_of_the_show(
    demo: Organisation,
) -> None:
    """vk, yandex, telegram and e-mail; three tags or all five, four where VK writes its own."""
    tagged = [order.utm for order in demo.orders if order.utm]
    assert 0.45 < len(tagged) / len(demo.orders) < 0.57
    sources = {utm["utm_source"] for utm in tagged}
    assert {"vk", "yandex", "telegram", "email"} <= sources
    assert {len(utm) for utm in tagged} == {3, 4, 5}
    contents = {utm["utm_content"] for utm in tagged if "utm_content" in utm}
    assert {"казань_30_07", "екб_29_08", "crea01_semya"} <= contents


def test_sales_bump_when_they_open_and_rush_in_the_last_week(demo: Organisation) -> None:
    """Seen on every big show that is over."""
    ended = [
        show
        for event in demo.events.values()
        for show in event.shows
        if show.starts_at < START and show.deleted_at is None and event.deleted_at is None
    ]
    by_show: dict[int, list[datetime]] = {}
    for order in demo.orders:
        by_show.setdefault(order.tickets[0].show_id, []).append(order.created_at)
    compared = 0
    for show in ended:
        opened = show.sale_starts_at or show.updated_at
        if opened < START - timedelta(days=175):
            continue
        compared += 1
        sales = by_show[show.id]
        days = (show.starts_at - opened).days
        last_week = sum(show.starts_at - one < timedelta(days=7) for one in sales) / 7
        first_days = sum(one - opened < timedelta(days=3) for one in sales) / 3
        calm = len(sales) / days
        assert last_week > 1.8 * calm
        assert first_days > 1.2 * calm
    assert compared >= 8


def test_buyers_come_in_the_evening_of_their_own_city(demo: Organisation) -> None:
    """The peak of Vladivostok is seven hours before Moscow's."""
    hours: dict[str, Counter[int]] = {}
    for order in demo.orders:
        city = demo.events[order.event_id].city
        local = order.created_at.astimezone(ZoneInfo(city.timezone))
        hours.setdefault(city.name, Counter())[local.hour] += 1
    for name in ("Москва", "Владивосток", "Екатеринбург", "Калининград"):
        evening = sum(hours[name][hour] for hour in (19, 20, 21, 22))
        night = sum(hours[name][hour] for hour in (2, 3, 4, 5))
        assert evening > 10 * night


def test_one_event_sells_badly_one_is_almost_sold_out(demo: Organisation) -> None:
    """Some are over, some are running."""
    sold: Counter[int] = Counter()
    for order in demo.orders:
        if order.payed_at is not None and order.deleted_at is None:
            sold[order.tickets[0].show_id] += len(order.tickets)
    shares = {
        event.slug: [
            sold[show.id] / sum(z.capacity for z in show.zones)
            for show in event.shows
            if show.zones
        ]
        for event in demo.events.values()
    }
    assert shares["zimnij-sad-kld"][0] < 0.1
    assert 0.8 < shares["rok-nad-volgoj-kazan"][1] <= 1.0
    starts = [show.starts_at for event in demo.events.values() for show in event.shows]
    assert sum(one < NOW for one in starts) >= 10
    assert sum(one > NOW for one in starts) >= 10


def test_f18_a_night_show_changes_its_date_with_the_zone(demo: Organisation) -> None:
    """Half past midnight in Krasnoyarsk is the evening before in Moscow."""
    show = demo.events[80011].shows[1]
    local = show.starts_at.astimezone(ZoneInfo("Asia/Krasnoyarsk"))
    assert local.date() == show.starts_at.date() + timedelta(days=1)
    assert local.date() == TODAY + timedelta(days=2)


def test_every_day_of_the_last_month_has_sales(demo: Organisation) -> None:
    """A dashboard of it shows no hole."""
    days = {row.sales_date for row in Ledger(demo).daily()}
    assert {TODAY - timedelta(days=back) for back in range(31)} <= days
