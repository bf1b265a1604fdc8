"""P01–P08, P11, R4: single values that no order may have, all of them in one load."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from kept import Kept
from malformed import Malformed, every_way, order
from stage import impatient, on_stage
from trial import Patience, Trial
from zakaz.sync import SourceOutcome
from zakaz_emulators.qtickets import faults as broken
from zakaz_emulators.qtickets import small_organisation

ALMOST_ONE = ("1.005", "1.999", "-0.001", "-1.005", "19.99")
MARK = 987_654_321  # stands for what json.dumps cannot write
SPELLINGS: tuple[Callable[[datetime], str | int], ...] = (
    lambda at: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    lambda at: at.isoformat(),
    lambda at: f"{at:%Y-%m-%dT%H:%M:%S}",
    lambda at: f"{at:%Y-%m-%d %H:%M}",
    lambda at: at.isoformat(timespec="milliseconds"),
    lambda at: int(at.timestamp()),
    lambda at: str(int(at.timestamp())),
    lambda at: int(at.timestamp()) * 1000,
)


class Load(NamedTuple):
    """The one load of this module, and which order stands for what."""

    trial: Trial
    outcome: SourceOutcome
    sick: dict[int, Malformed]
    sound: dict[str, list[int]]
    quarantined: list[tuple[str, str, str]]

    def hold(self, case: str) -> None:
        """Hold that every order of a case was set aside, each by its reason and field.

        An order whose own id is spoilt cannot be found by it: these are counted.
        """
        asked = {number: way for number, way in self.sick.items() if way.case == case}
        assert asked
        told = {key: (reason, field) for key, reason, field in self.quarantined}
        for number, way in asked.items():
            if way.field != "id":
                assert (number, *told[str(number)]) == (number, way.reason, way.field)
        for reason in {way.reason for way in asked.values() if way.field == "id"}:
            spoilt = [
                way for way in self.sick.values() if (way.reason, way.field) == (reason, "id")
            ]
            found = [row for row in self.quarantined if row[1:] == (reason, "id")]
            assert (reason, len(found)) == (reason, len(spoilt))


@pytest.fixture(scope="module")
def load(bootstrapped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    """Load an organisation in which every twentieth order is spoilt, each in a way of its own."""
    ways = list(every_way())
    organisation = small_organisation(21 * len(ways))
    numbers = [one.id for one in organisation.orders]
    sick = dict(zip(numbers[20::21], ways, strict=True))
    for number, way in sick.items():
        organisation.spoil(number, way.spoil)
    sound: dict[str, list[int]] = {"P02": numbers[1:3], "P05": [], "P08": [], "P11": []}
    organisation.spoil(numbers[1], order(id=str(numbers[1])))
    organisation.spoil(numbers[2], order(id=f" {numbers[2]} "))
    for price in ALMOST_ONE:
        made = organisation.insert_order(event_id=80001, prices=(price,) * 3)
        sound["P05"].append(made.id)
    for place, spelt in enumerate(SPELLINGS):
        # Half an hour after midnight in Moscow it is still the day before in UTC.
        at = organisation.now.replace(hour=0, minute=30) - timedelta(days=place)
        made = organisation.insert_order(event_id=80002, payed_at=at)
        organisation.spoil(made.id, order(payed_at=spelt(at), updated_at=spelt(at)))
        sound["P08"].append(made.id)
    for currency, told in (("XTS", "XTS"), ("XXX", "")):  # XXX: no currency is known
        made = organisation.insert_order(event_id=80001, prices=(700,), currency_id=currency)
        organisation.spoil(made.id, order(currency_id=told))
        sound["P11"].append(made.id)
    unwritable = {
        organisation.insert_order(event_id=80001).id: Malformed(
            "P06", order(price=MARK), "amount_range", "price"
        ),
        organisation.insert_order(event_id=80001).id: Malformed(
            "P02", order(event_id=MARK), "bad_id", "event_id"
        ),
    }
    for number, way in unwritable.items():
        organisation.spoil(number, way.spoil)

    def unwritten(raw: bytes) -> bytes:
        raw = raw.replace(b'"price":%d' % MARK, b'"price":1e999')
        return raw.replace(b'"event_id":%d' % MARK, b'"event_id":1e3')

    with ExitStack() as stack:
        patience = Patience()
        impatient(stack.enter_context(pytest.MonkeyPatch.context()), patience)
        store = Kept(bootstrapped_folder, tmp_path_factory.mktemp("malformed"))
        stack.callback(store.close)
        trial = stack.enter_context(on_stage(organisation, store, patience, []))
        trial.environ["QTICKETS_PAGE_SIZE"] = "500"
        trial.faults.always(broken.rewrite(unwritten), path="/orders")
        outcome = trial.ends(0, moves=True)
        told = [
            (key, reason, re.sub(r"\[\d+\]", "", field))
            for key, reason, field in trial.quarantine()
        ]
        yield Load(trial, outcome, sick | unwritable, sound, told)


def test_r4_every_malformed_order_is_set_aside_and_no_other(load: Load) -> None:
    """Of 150 and more ways in over 40 classes each is quarantined; the rest equals the ledger."""
    report = load.outcome.report
    assert len(load.sick) >= 150
    assert len({(way.case, way.reason, way.field) for way in load.sick.values()}) >= 40
    assert report.quarantined == len(load.sick)
    assert report.received == report.accepted + report.quarantined
    assert report.mode == "full-keyset"
    buyers = {str(one.client_id) for one in load.trial.organisation.orders}
    assert not buyers & {key for key, _, _ in load.quarantined}
    load.trial.equals(without=load.sick)


def test_p01_an_order_without_an_id_is_set_aside(load: Load) -> None:
    """A missing id, and anything else without which there is no order, is a missing key."""
    load.hold("P01")


def test_p02_an_id_in_another_spelling_is_one_order_or_none(load: Load) -> None:
    """Digits as text are the same order; floats, exponents and other things are none."""
    load.hold("P02")
    orders = len(load.trial.organisation.orders) - len(load.sick)
    assert load.trial.rows(
        "SELECT count(), uniq(toUInt64(order_id)), countIf(order_id IN {ids:Array(String)})"
        " FROM zakaz.stg_qtickets_orders FINAL",
        ids=[str(number) for number in load.sound["P02"]],
    ) == [(orders, orders, 2)]


def test_p03_an_amount_that_is_none_is_never_zero(load: Load) -> None:
    """A price that is null or absent, of the order or of a ticket, sets the order aside."""
    load.hold("P03")


def test_p04_an_amount_that_can_be_read_two_ways_is_set_aside(load: Load) -> None:
    """Spaces, commas, nothing and letters in an amount are refused, not guessed."""
    load.hold("P04")


def test_p05_kopecks_are_rounded_half_up_before_the_engine_sees_them(load: Load) -> None:
    """Three tickets of such a price sum to the ledger's kopecks in the table."""
    kept = ("1.01", "2.00", "0.00", "-1.01", "19.99")
    assert load.trial.rows(
        "SELECT order_id, count(), max(price), sum(price) FROM zakaz.stg_qtickets_baskets FINAL"
        " WHERE order_id IN {ids:Array(String)} GROUP BY order_id ORDER BY order_id",
        ids=[str(number) for number in load.sound["P05"]],
    ) == [
        (str(number), 3, Decimal(price), 3 * Decimal(price))
        for number, price in zip(load.sound["P05"], kept, strict=True)
    ]


def test_p06_an_amount_out_of_range_is_set_aside(load: Load) -> None:
    """A million million millions, NaN, infinity and 1e999 are refused by name."""
    load.hold("P06")


def test_p07_a_day_that_does_not_exist_is_set_aside(load: Load) -> None:
    """30 February, month 13, year 0, 1969 and 2200 would become nonsense in the store."""
    load.hold("P07")


def test_p08_every_spelling_of_an_instant_is_one_instant(load: Load) -> None:
    """UTC, Moscow, no zone, fractions, seconds and milliseconds are all the ledger's instant."""
    found: list[tuple[Any, ...]] = load.trial.rows(
        "SELECT order_id, toUnixTimestamp(assumeNotNull(payed_at))"
        " FROM zakaz.stg_qtickets_orders FINAL"
        " WHERE order_id IN {ids:Array(String)} ORDER BY order_id",
        ids=[str(number) for number in load.sound["P08"]],
    )
    assert len(found) == len(SPELLINGS)
    for number, seconds in found:
        made = load.trial.organisation.order(int(number))
        assert made is not None
        assert made.payed_at is not None
        assert seconds == made.payed_at.timestamp()


def test_p11_an_unknown_status_is_set_aside_and_a_currency_stays_visible(load: Load) -> None:
    """A paid flag that is neither yes nor no is refused; a new currency is its own row."""
    load.hold("P11")
    assert load.trial.rows("SELECT DISTINCT currency FROM bi.v_sales_daily ORDER BY currency") == [
        ("RUB",), ("XTS",), ("XXX",),
    ]  # fmt: skip
