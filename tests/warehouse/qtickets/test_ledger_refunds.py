"""Refunds that leave the order's change time: found by the second look, as far as it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from zakaz.moscow import MOSCOW
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import City, Event, Show, Zone

NOW = datetime(2026, 2, 10, 15, 0, tzinfo=MOSCOW)
DAY = timedelta(days=1)
COMING, OVER, LONG_OVER, CALLED_OFF = 1, 2, 3, 4


def event(number: int, day: int) -> Event:
    """Return an event whose one show is so many days away."""
    made, starts = NOW - 200 * DAY, NOW + day * DAY
    show = Show(
        id=number * 10, event_id=number, starts_at=starts, finishes_at=starts, created_at=made,
        updated_at=made, zones=(Zone("A", "A", 1, 1000, 10, 10),),
    )  # fmt: skip
    return Event(
        id=number, name=f"E{number}", city=City(1, "Казань", "Europe/Moscow", "kazan", 55.8, 49.1),
        place_name="X", created_at=made, updated_at=made, shows=[show], slug=f"e{number}",
    )  # fmt: skip


def four_events() -> Organisation:
    """Return four events with one old order of 1 000 each, and a free order of today."""
    events = [event(COMING, 20), event(OVER, -50), event(LONG_OVER, -70), event(CALLED_OFF, 20)]
    organisation = Organisation(now=NOW, events=events)
    for one in events:
        organisation.insert_order(event_id=one.id, prices=(1000,), created_at=NOW - 90 * DAY)
    organisation.insert_order(event_id=COMING, prices=(0,), created_at=NOW - DAY)
    return organisation


@pytest.fixture(scope="module")
def organiser() -> Callable[[], Organisation]:
    """Return the maker of the organiser of these tests."""
    return four_events


def net(ground: Any) -> dict[str, Decimal]:
    """Return the net revenue of each event."""
    found = ground.rows("SELECT event_id, sum(revenue) FROM bi.v_sales_daily GROUP BY event_id")
    return {str(event): revenue for event, revenue in found if revenue}


def test_field_p02_a_silent_refund_of_a_show_over_or_called_off_is_found(loaded: Any) -> None:
    """The next day knows refunds of coming, over and cancelled events; the run says the limit."""
    called_off = loaded.organisation.events[CALLED_OFF]
    for one in (called_off, *called_off.shows):
        one.deleted_at = one.updated_at = loaded.now
    for order in list(loaded.organisation.orders):
        loaded.organisation.refund(order.id, touch=False)
    loaded.now += DAY
    report = loaded.load()

    assert net(loaded) == {str(LONG_OVER): Decimal(1000)}
    (told,) = [note for note in report.notes if note.startswith("second look")]
    assert "older orders of 3 events; not of those over or called off before 2025-12-13" in told

    loaded.load(full_refresh=True)
    assert net(loaded) == {}


def test_field_p02_the_days_after_a_show_are_a_setting(loaded: Any) -> None:
    """With QTICKETS_REFUND_DAYS of 80 the event that is long over is looked at too."""
    loaded.environ["QTICKETS_REFUND_DAYS"] = "80"
    for order in list(loaded.organisation.orders):
        loaded.organisation.refund(order.id, touch=False)
    loaded.now += DAY
    loaded.load()

    assert net(loaded) == {}


def test_field_p02_a_show_that_was_called_off_alone_is_looked_at(ground: Any) -> None:
    """One deleted show of an event that stays: refunds of its tickets are found for 60 days."""
    (show,) = ground.organisation.events[LONG_OVER].shows
    show.deleted_at = show.updated_at = ground.now - 5 * DAY
    ground.load()
    for order in list(ground.organisation.orders):
        ground.organisation.refund(order.id, touch=False)
    ground.now += DAY
    ground.load()

    assert net(ground) == {}
