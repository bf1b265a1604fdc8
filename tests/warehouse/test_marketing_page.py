"""The Marketing page over rows of staging, through the real rebuild: figures worked out by hand.

The cases stand side by side in one store, each with an account, a city and days of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from golden_rows import Golden
from marketing_board import NOW, Shown, assert_whole, reading
from staged import Staged
from zakaz import facts

FILES = (
    "h1_one_event", "h1_three_events", "h2_one_side_only", "h3_ratios", "h4_day_of_sale",
    "h16_tags_on_one_side",
)  # fmt: skip


@pytest.fixture(scope="module")
def board(shared: Staged) -> Callable[..., Shown]:
    """Return a maker of the page over all cases."""
    with shared.together():
        for name in FILES:
            Golden(name).stage(shared)
        with shared.account("figures"):
            stage_two_banners_and_two_orders(shared)
        with shared.account("control"):
            stage_a_day_that_does_not_agree(shared)
        with shared.account("filters"):
            stage_two_cities(shared)
    facts.rebuild_all(shared.warehouse, at=NOW)
    opened = reading(shared.warehouse)

    def make(first: str, last: str = "", chosen: str = "") -> Shown:
        with opened.snapshot() as snapshot:
            return Shown(snapshot, f"from={first}&to={last or first}{chosen}")

    return make


def stage_two_banners_and_two_orders(staged: Staged) -> None:
    """Write ads and sales of one day, one of the ads and one of the orders with tags."""
    staged.event()
    staged.show()
    tags: dict[str, Any] = {"utm_source": "vk", "utm_medium": "cpc", "utm_campaign": "elka"}
    plan = {"ad_plan_id": "77", "ad_plan_name": "Ёлка, конверсии"}
    staged.ads("2026-02-10", banner_id="b1", spend="300.10", **plan, **tags)
    staged.ads("2026-02-10", banner_id="b2", spend="99.90", clicks=7, utm_content="томск_01_03")
    staged.order("1", **tags)
    staged.basket("1", order_id="1", price="700")
    staged.basket("2", order_id="1", price="500")
    staged.ticket("2", "3", price="200")


def stage_a_day_that_does_not_agree(staged: Staged) -> None:
    """Write three days: one equal to the account's, one different, one without its sum."""
    for day in ("2026-02-20", "2026-02-21", "2026-02-22"):
        staged.ads(day, utm_content="липецк_01_03")
    staged.ads_account("2026-02-20")
    staged.ads_account("2026-02-21", spend="500.02")


def stage_two_cities(staged: Staged) -> None:
    """Write two events of two cities, an ad of each and an ad of none, in two campaigns."""
    for event, city in (("f1", "Сочи"), ("f2", "Киров")):
        staged.event(event, city_name=city)
        staged.show(f"s-{event}", event_id=event)
        staged.order(event, payed_at="2026-02-24 12:00")
        staged.basket(event, order_id=event, event_id=event, show_id=f"s-{event}", price="1000")
    staged.ads("2026-02-24", banner_id="b1", utm_content="сочи_01_03", spend="10", ad_plan_id="1")
    staged.ads("2026-02-24", banner_id="b2", utm_content="киров_01_03", spend="7", ad_plan_id="2")
    staged.ads("2026-02-24", banner_id="b3", spend="5", ad_plan_id="2")


def test_every_figure_is_worked_out_by_hand(board: Callable[..., Shown]) -> None:
    """Two banners, two orders of three tickets: each figure is the ratio of the two sums."""
    shown = board("2026-02-10")
    assert shown.tiles() == {
        "spend": "400.00",
        "revenue": "1400.00",
        "roas": "3.5000",  # 1400 / 400
        "romi": "2.5000",  # 1000 / 400
        "drr": "0.2857",  # 400 / 1400
        "impressions": "2000",
        "cpm": "200.00",  # 1000 * 400 / 2000
        "clicks": "17",
        "cpc": "23.53",  # 400 / 17
        "orders": "2",
        "cpo": "200.00",  # 400 / 2
        "tickets": "3",
        "cpt": "133.33",  # 400 / 3
    }
    assert_whole(shown)
    campaigns = shown.rows("marketing_campaigns")
    assert campaigns["77"]["name"] == "Ёлка, конверсии"
    assert [campaigns["77"][name] for name in ("revenue", "roas", "cpo")] == [
        "1200.00",
        "3.9987",  # 1200 / 300.10
        "300.10",
    ]
    assert [campaigns["unknown"][name] for name in ("revenue", "spend", "tickets")] == [
        "200.00",
        "99.90",
        "1",
    ]
    cities = shown.column("marketing_cities", "spend")
    assert cities == {"томск": "99.90", "unknown": "300.10"}
    assert shown.column("marketing_events", "revenue") == {"e1": "1400.00", "unknown": "0.00"}
    assert shown.column("marketing_utm", "revenue") == {
        "vk/cpc/elka/unknown": "1200.00",
        "unknown/unknown/unknown/томск_01_03": "0.00",
        "unknown": "200.00",
    }
    assert shown.column("marketing_attribution", "share") == {
        "no_content": "0.7503",  # 300.10 / 400
        "event": "0.2498",  # 99.90 / 400
    }


@pytest.mark.parametrize(
    ("day", "revenue", "roas", "drr"),
    [
        pytest.param("2026-02-02", "2000.00", "4.0000", "0.2500", id="one event"),
        pytest.param("2026-02-03", "4000.00", "8.0000", "0.1250", id="three events"),
    ],
)
def test_h1_the_number_of_events_does_not_multiply_spend(
    board: Callable[..., Shown], day: str, revenue: str, roas: str, drr: str
) -> None:
    """With one and with three events on a city's day the page shows its 500 roubles once."""
    shown = board(day)
    tiles = shown.tiles()
    assert [tiles[name] for name in ("spend", "revenue", "roas", "drr")] == [
        "500.00",
        revenue,
        roas,
        drr,
    ]
    assert_whole(shown)


def test_h2_a_side_alone_keeps_day_and_city(board: Callable[..., Shown]) -> None:
    """Ads of Omsk and sales of Perm are two cities of one day, each with what it has."""
    shown = board("2026-02-04")
    cities = shown.rows("marketing_cities")
    omsk, perm = cities["омск"], cities["пермь"]
    assert [omsk[name] for name in ("spend", "revenue", "roas", "romi", "drr", "cpc")] == [
        "120.50",
        "0.00",
        "0.0000",
        "-1.0000",
        "",
        "",
    ]
    assert [perm[name] for name in ("spend", "revenue", "roas", "romi", "drr", "cpt")] == [
        "0.00",
        "1000.00",
        "",
        "",
        "0.0000",
        "0.00",
    ]
    assert list(shown.rows("marketing_days")) == ["2026-02-04"]
    assert_whole(shown)


def test_h3_no_spend_is_no_ratio_and_no_digit_is_cut(board: Callable[..., Shown]) -> None:
    """A day of spend 0 has no ROAS; the next has 6.6667; both together 4000 / 300, no average."""
    assert board("2026-02-05").tiles()["roas"] == ""
    both = board("2026-02-05", "2026-02-06")
    assert both.column("marketing_days", "roas") == {"2026-02-05": "", "2026-02-06": "6.6667"}
    assert both.tiles()["roas"] == "13.3333"
    assert both.tiles()["romi"] == "12.3333"
    assert_whole(both)


def test_h4_spend_meets_the_sales_of_its_day(board: Callable[..., Shown]) -> None:
    """A ticket bought in February for a show in March stands beside the spend of February."""
    chosen = "&city=тула"
    days = board("2026-02-07", "2026-03-01", chosen).rows("marketing_days")
    bought, played = days["2026-02-07"], days["2026-03-01"]
    assert (bought["revenue"], bought["spend"]) == ("1000.00", "100.00")
    assert (played["revenue"], played["spend"]) == ("0.00", "40.00")


def test_h16_tags_on_one_side_lose_nothing(board: Callable[..., Shown]) -> None:
    """Ads without tags and sales with them keep their rows in every table."""
    shown = board("2026-02-09")
    assert [shown.tiles()[name] for name in ("spend", "revenue")] == ["130.00", "1427.70"]
    assert_whole(shown)


def test_a_day_that_does_not_agree_is_listed_whatever_is_chosen(
    board: Callable[..., Shown],
) -> None:
    """Two kopecks of difference and a missing sum show under every filter, an equal day never."""
    for chosen in ("", "&city=москва", "&event=none", "&campaign=1", "&currency=USD"):
        odd = board("2026-02-20", "2026-02-22", chosen).rows("marketing_control")
        assert [(row["day"], row["difference"]) for row in odd.values()] == [
            ("2026-02-22", ""),
            ("2026-02-21", "0.02"),
        ]
        assert [row["account_spend"] for row in odd.values()] == ["", "500.02"]
        assert {row["banners_spend"] for row in odd.values()} == {"500.00"}
    assert board("2026-02-20").rows("marketing_control") == {}


def test_filters_narrow_both_sides(board: Callable[..., Shown]) -> None:
    """A city, an event and a campaign take the spend and the sales that belong to them."""
    for chosen, spend, revenue in (
        ("city=сочи", "10.00", "1000.00"),
        ("city=сочи&city=киров", "17.00", "2000.00"),
        ("event=f2", "7.00", "1000.00"),
        ("campaign=2", "12.00", "0.00"),
        ("campaign=2&city=киров", "7.00", "0.00"),
        ("city=unknown", "5.00", "0.00"),
    ):
        shown = board("2026-02-24", chosen=f"&{chosen}")
        tiles = shown.tiles()
        assert [tiles["spend"], tiles["revenue"]] == [spend, revenue], chosen
        assert_whole(shown)
