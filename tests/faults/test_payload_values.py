"""P01–P08, P11: single values that no order may have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from trial import Trial
from zakaz_emulators.qtickets import faults as broken

Spoiler = Callable[[dict[str, Any]], object]


def order(**fields: Any) -> Spoiler:
    """Give a spoiler of an order's own fields; ``...`` takes a field away."""

    def spoil(payload: dict[str, Any]) -> None:
        for name, value in fields.items():
            payload[name] = value
            if value is ...:
                del payload[name]

    return spoil


def ticket(**fields: Any) -> Spoiler:
    """Give a spoiler of the fields of an order's first ticket."""
    return lambda payload: order(**fields)(payload["baskets"][0])


def set_aside(trial: Trial, *cases: tuple[Spoiler, str, str]) -> None:
    """Spoil an order in each of these ways: each is quarantined by reason and field, alone."""
    sick = spoilt(trial, *(spoil for spoil, _, _ in cases))
    outcome = trial.ends(0, moves=True)

    wanted = [
        (str(number), reason, field) for number, (_, reason, field) in zip(sick, cases, strict=True)
    ]
    assert trial.quarantine() == sorted(wanted)
    assert outcome.report.quarantined == len(cases)
    trial.equals(without=sick)


def spoilt(trial: Trial, *spoilers: Spoiler) -> list[int]:
    """Spoil as many orders, far from each other; gives their ids."""
    ids = [order.id for order in trial.organisation.orders]
    apart = ids[10 :: len(ids) // (len(spoilers) + 1)][: len(spoilers)]
    for number, spoiler in zip(apart, spoilers, strict=True):
        trial.organisation.spoil(number, spoiler)
    return apart


def test_p01_an_order_without_an_id_is_set_aside(fresh: Trial) -> None:
    """A missing id, and a ticket without one, are quarantined as a missing key."""
    set_aside(
        fresh,
        (ticket(id=...), "missing_key", "baskets[0].id"),
        (order(event_id=...), "missing_key", "event_id"),
    )
    fresh.organisation.spoilers.clear()
    ids = [order.id for order in fresh.organisation.orders]
    nameless = fresh.organisation.insert_order(event_id=80001)
    fresh.organisation.spoil(nameless.id, order(id=...))
    fresh.ends(0, full_refresh=True)

    assert ("missing_key", "id") in {row[1:] for row in fresh.quarantine()}
    fresh.equals(without={nameless.id})
    assert fresh.rows("SELECT count() FROM zakaz.stg_qtickets_orders FINAL") == [(len(ids),)]


def test_p02_an_id_in_another_spelling_is_one_order_or_none(fresh: Trial) -> None:
    """Digits as text are the same order; a float is quarantined; never are there two."""
    ids = [order.id for order in fresh.organisation.orders]
    fresh.organisation.spoil(ids[20], order(id=str(ids[20])))
    fresh.organisation.spoil(ids[40], order(id=f" {ids[40]} "))
    fresh.organisation.spoil(ids[60], order(id=float(ids[60])))
    fresh.organisation.spoil(ids[80], ticket(show_id=800010.0))
    fresh.ends(0, moves=True)

    assert fresh.quarantine() == [
        (str(ids[60]), "bad_id", "id"),
        (str(ids[80]), "bad_id", "baskets[0].show_id"),
    ]
    fresh.equals(without={ids[60], ids[80]})
    fresh.organisation.spoilers.clear()
    fresh.ends(0, full_refresh=True)
    fresh.equals()
    assert fresh.rows("SELECT count() FROM zakaz.stg_qtickets_orders FINAL") == [(len(ids),)]


def test_p02_an_id_with_an_exponent_is_no_order(fresh: Trial) -> None:
    """1e3 where an id belongs is refused: it might be one order or another."""
    last = fresh.organisation.orders[-1].id

    def exponent(raw: bytes) -> bytes:
        return raw.replace(b'{"id":%d,' % last, b'{"id":%de0,' % last)

    fresh.faults.always(broken.rewrite(exponent), path="/orders")
    fresh.ends(0, moves=True)

    assert [row[1:] for row in fresh.quarantine()] == [("bad_id", "id")]
    fresh.equals(without={last})


def test_p03_an_amount_that_is_none_is_never_zero(fresh: Trial) -> None:
    """A price that is null or absent, of the order or of a ticket, sets the order aside."""
    set_aside(
        fresh,
        (order(price=None), "bad_amount", "price"),
        (order(price=...), "missing_key", "price"),
        (ticket(price=None), "bad_amount", "baskets[0].price"),
        (ticket(price=...), "missing_key", "baskets[0].price"),
    )


def test_p04_an_amount_that_can_be_read_two_ways_is_set_aside(fresh: Trial) -> None:
    """Spaces, commas, nothing and letters in an amount are refused, not guessed."""
    set_aside(
        fresh,
        *(
            (spoiler(price=text), "bad_amount", place)
            for text in ("1 234,56", "1,234.56")
            for spoiler, place in ((order, "price"), (ticket, "baskets[0].price"))
        ),
        (ticket(price=""), "bad_amount", "baskets[0].price"),
    )
    fresh.organisation.spoilers.clear()
    ids = spoilt(fresh, order(price="abc"), ticket(original_price={}), ticket(price=[1]))
    fresh.ends(0, full_refresh=True)
    assert {row[1] for row in fresh.quarantine() if row[0] in map(str, ids)} == {"bad_amount"}


def test_p05_kopecks_are_rounded_half_up_before_the_engine_sees_them(fresh: Trial) -> None:
    """Three tickets of such a price sum to the ledger's kopecks in tables and view."""
    prices = {"1.005": "1.01", "1.999": "2", "-0.001": "0", "-1.005": "-1.01", "19.99": "19.99"}
    wanted = []
    for price, kept in prices.items():
        made = fresh.organisation.insert_order(event_id=80001, prices=(price,) * 3)
        wanted.append((str(made.id), 3, Decimal(kept), 3 * Decimal(kept)))
    fresh.ends(0, moves=True)

    fresh.equals()
    assert (
        fresh.rows(
            "SELECT order_id, count(), max(price), sum(price) FROM zakaz.stg_qtickets_baskets FINAL"
            " WHERE order_id >= {id:String} GROUP BY order_id ORDER BY order_id",
            id=wanted[0][0],
        )
        == wanted
    )


def test_p06_an_amount_out_of_range_is_set_aside(fresh: Trial) -> None:
    """A million million millions, NaN and infinity are refused by name."""
    set_aside(
        fresh,
        (order(price=10**18), "amount_range", "price"),
        (ticket(price=-(10**18)), "amount_range", "baskets.price"),
        (order(price=float("nan")), "amount_range", "price"),
        (ticket(original_price=float("-inf")), "amount_range", "baskets.original_price"),
        (order(original_price=float("inf")), "amount_range", "original_price"),
    )


def test_p06_an_exponent_beyond_any_number_is_set_aside(fresh: Trial) -> None:
    """1e999, which many readers call infinity, spoils its own order only."""
    sick = fresh.organisation.orders[70].id
    fresh.organisation.spoil(sick, order(price=987654321))
    fresh.faults.always(
        broken.rewrite(lambda raw: raw.replace(b"987654321", b"1e999")), path="/orders"
    )
    fresh.ends(0, moves=True)

    assert fresh.quarantine() == [(str(sick), "amount_range", "price")]
    fresh.equals(without={sick})


def test_p07_a_day_that_does_not_exist_is_set_aside(fresh: Trial) -> None:
    """30 February, month 13, year 0, 1969 and 2200 would become nonsense in the store."""
    set_aside(
        fresh,
        (order(payed_at="2026-02-30T00:00:00+03:00"), "bad_date", "payed_at"),
        (order(created_at="2026-13-01T00:00:00+03:00"), "bad_date", "created_at"),
        (order(updated_at="0000-00-00 00:00:00"), "bad_date", "updated_at"),
        (order(deleted_at="1969-12-31T23:59:59+03:00"), "bad_date", "deleted_at"),
        (ticket(refunded_at="2200-01-01T00:00:00+03:00"), "bad_date", "baskets.refunded_at"),
    )


def test_p08_every_spelling_of_an_instant_is_one_instant(fresh: Trial) -> None:
    """UTC, Moscow, no zone, fractions, seconds and milliseconds all count on the ledger's day."""
    spellings: tuple[Callable[[datetime], str | int], ...] = (
        lambda at: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        lambda at: at.isoformat(),
        lambda at: f"{at:%Y-%m-%dT%H:%M:%S}",
        lambda at: f"{at:%Y-%m-%d %H:%M}",
        lambda at: at.isoformat(timespec="milliseconds"),
        lambda at: int(at.timestamp()),
        lambda at: str(int(at.timestamp())),
        lambda at: int(at.timestamp()) * 1000,
    )
    for place, spelt in enumerate(spellings):
        # Half an hour after midnight in Moscow it is still the day before in UTC.
        at = fresh.now.replace(hour=0, minute=30, second=0) - timedelta(days=place)
        made = fresh.organisation.insert_order(event_id=80002, payed_at=at)
        fresh.organisation.spoil(made.id, order(payed_at=spelt(at), updated_at=spelt(at)))
    fresh.ends(0, moves=True)

    assert fresh.quarantine() == []
    fresh.equals()


def test_p11_an_unknown_status_is_set_aside_and_a_currency_stays_visible(fresh: Trial) -> None:
    """A paid flag that is neither yes nor no is refused; a new currency is its own row."""
    fresh.organisation.insert_order(event_id=80001, prices=(700,), currency_id="XTS")
    fresh.organisation.insert_order(event_id=80001, prices=(700,), currency_id="")
    set_aside(
        fresh,
        (order(payed="paid"), "bad_type", "payed"),
        (order(payed=2), "bad_type", "payed"),
        (order(payed=None), "bad_type", "payed"),
    )
    assert fresh.rows("SELECT DISTINCT currency FROM bi.v_sales_daily ORDER BY currency") == [
        ("",), ("RUB",), ("XTS",),
    ]  # fmt: skip
