"""``zakaz demo`` piece by piece."""

from __future__ import annotations

import signal
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from zakaz.warehouse.port import Table
from zakaz_emulators import children, demo, demo_report
from zakaz_emulators.children import DemoError, RunningEmulator, RunningVkAds
from zakaz_emulators.demo_place import Bill, Place

MORNING = "2026-10-20T11:00:00+03:00"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "store", Bill("2026-10-20"), is_known=False)


Rows = list[tuple[Any, ...]]
COUNTED = ("600001", 300, 100, 10, 190)


class OneAnswer:
    """A warehouse that knows one answer to each of the three questions."""

    def __init__(self, daily: Rows, refunds: Rows, seats: Rows | None = None) -> None:
        self.answers = {
            demo_report.BY_DAY: daily,
            demo_report.BY_REFUND_DAY: refunds,
            demo_report.SEATS: [COUNTED] if seats is None else seats,
        }

    def query(self, sql: str, params: object = None) -> Table:
        return Table((), (), self.answers[sql])


LEDGER = {
    "daily": [
        {"sales_date": "2026-10-19", "event_id": "80001", "currency": "RUB", "orders": 2,
         "tickets": 3, "gross": "300.00", "refunds": "100.00", "net": "200.00"},
    ],
    "refunds_by_refund_date": [
        {"refund_date": "2026-10-20", "event_id": "80001", "currency": "RUB", "refunds": "100.00"},
    ],
    "inventory": [
        {"event_id": "80001", "show_id": "600001", "capacity": 300, "sold": 100, "reserved": 10,
         "left": 190, "is_open": True},
        {"event_id": "80001", "show_id": "600002", "capacity": 300, "sold": 100, "reserved": 10,
         "left": 190, "is_open": False},
    ],
}  # fmt: skip
SOLD = ("2026-10-19", "80001", "RUB", 2, 3, Decimal(300), Decimal(100), Decimal(200))
RETURNED = ("2026-10-20", "80001", "RUB", Decimal(100))


def test_equal_figures_have_no_differences() -> None:
    """By day, event and currency, and by day of refund."""
    warehouse: Any = OneAnswer([SOLD], [RETURNED])
    assert demo_report.differences(warehouse, LEDGER) == []


@pytest.mark.parametrize(
    ("daily", "refunds", "told"),
    [
        ([(*SOLD[:5], Decimal("300.01"), *SOLD[6:])], [RETURNED], "gross 300.01"),
        ([], [RETURNED], "orders 0, the ledger has 2"),
        ([SOLD, ("2026-10-20", *SOLD[1:])], [RETURNED], "2026-10-20, event 80001, RUB: orders 2"),
        ([SOLD], [], "refunds by refund date 0, the ledger has 100.00"),
    ],
)
def test_a_kopeck_too_much_or_a_day_too_few_is_named(daily: Rows, refunds: Rows, told: str) -> None:
    """The text says where, what the page shows and what is true."""
    warehouse: Any = OneAnswer(daily, refunds)
    assert any(told in line for line in demo_report.differences(warehouse, LEDGER))


@pytest.mark.parametrize(
    ("seats", "told"),
    [
        ([], "show 600001 is not counted, the ledger has (300, 100, 10, 190)"),
        ([(*COUNTED[:4], 191)], "show 600001 counts (300, 100, 10, 191), the ledger has"),
    ],
)
def test_a_hall_with_a_seat_too_much_is_named(seats: Rows, told: str) -> None:
    """Shows that are over keep their last count and are not compared."""
    warehouse: Any = OneAnswer([SOLD], [RETURNED], seats)
    [found] = demo_report.differences(warehouse, LEDGER)
    assert told in found


def test_the_average_of_nothing_is_no_number() -> None:
    """Neither 0 nor an error, and so it is with every other ratio."""
    zero = Decimal(0)
    nothing = demo_report.Figures(zero, zero, zero, 0, 0, zero, 0, 0)
    assert set(nothing.ratios().values()) == {None}
    assert demo_report.money(None) == "–"
    assert demo_report.money(Decimal("1234567.5")) == "1 234 567,50"


def test_both_languages_have_the_same_words() -> None:
    """And the same places for figures in them."""
    russian, english = demo.read_texts("ru"), demo.read_texts("en")
    assert list(russian) == list(english)
    for name, text in russian.items():
        assert sorted(part.split("}")[0] for part in text.split("{")[1:]) == sorted(
            part.split("}")[0] for part in english[name].split("{")[1:]
        )


@pytest.mark.parametrize(
    ("environ", "language"),
    [({"LANG": "ru_RU.UTF-8"}, "ru"), ({"LANG": "C.UTF-8"}, "en"), ({}, "en")],
)
def test_the_language_is_that_of_the_locale(environ: dict[str, str], language: str) -> None:
    """English when there is none of ours."""
    assert demo.spoken(environ) == language


def test_the_users_tokens_and_warehouse_stay_out_of_the_demo(place: Place) -> None:
    """A demo can neither read nor overwrite real data."""
    tickets = RunningEmulator("http://127.0.0.1:1", "http://127.0.0.1:1/api", "t", MORNING, 1)
    ads = RunningVkAds("http://127.0.0.1:2", "http://127.0.0.1:2", "id", "secret", MORNING, 1)
    environ = demo.demo_environ(
        {
            "QTICKETS_TOKEN": "real",
            "VK_ADS_CLIENT_SECRET": "real",
            "CLICKHOUSE_PASSWORD": "real",
            "ZAKAZ_WAREHOUSE_URL": "clickhouse://real",
            "DRY_RUN": "true",
            "HOME": "/home/somebody",
        },
        place,
        tickets,
        ads,
    )
    assert "real" not in "".join(environ.values())
    assert environ["HOME"] == "/home/somebody"
    assert environ["ZAKAZ_WAREHOUSE_URL"] == place.url
    assert "DRY_RUN" not in environ
    assert environ["VK_ADS_BASE_URL"] == ads.base_url


def child(tmp_path: Path, code: str) -> Any:
    return children.running([sys.executable, "-c", code], {}, str(tmp_path))


def test_a_dashboard_has_an_address_once_it_says_so(tmp_path: Path) -> None:
    """Lines before it are read over; leaving ends the child by its own process id."""
    code = "print('warming', flush=True); print('Dashboard: http://127.0.0.1:5/sales', flush=True)"
    with child(tmp_path, code + "; import time; time.sleep(60)") as process:
        assert children.first_address(process) == "http://127.0.0.1:5/sales"
        assert process.poll() is None
    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("code", ["pass", "import time; time.sleep(60)"])
def test_a_dashboard_that_ends_or_stays_silent_is_an_error(tmp_path: Path, code: str) -> None:
    """Neither makes the demo wait for ever."""
    with child(tmp_path, code) as process, pytest.raises(DemoError, match="no address"):
        children.first_address(process, patience=0.15)


def test_a_dashboard_that_dies_later_ends_the_demo(tmp_path: Path) -> None:
    """With its exit code."""
    with child(tmp_path, "raise SystemExit(3)") as process:
        dashboard = children.RunningDashboard("http://127.0.0.1:5", process)
        with pytest.raises(DemoError, match="exit code 3"):
            dashboard.stay()
