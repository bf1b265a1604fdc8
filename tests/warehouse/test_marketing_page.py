"""The Marketing page over rows of staging, through the real rebuild: figures worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from golden_rows import Golden
from marketing_board import NOW, Shown, assert_whole, reading
from staged import Staged
from zakaz import facts
from zakaz_web.reading import Reading

DAY = "from=2026-02-10&to=2026-02-10"


@pytest.fixture
def board(staged: Staged) -> Callable[..., Shown]:
    """Give a maker of the page over what the test has staged."""
    opened: list[Reading] = []

    def make(query: str = DAY) -> Shown:
        if not opened:
            facts.rebuild_all(staged.warehouse, at=NOW)
            opened.append(reading(staged.warehouse))
        with opened[0].snapshot() as snapshot:
            return Shown(snapshot, query)

    return make


def test_every_figure_is_worked_out_by_hand(staged: Staged, board: Callable[..., Shown]) -> None:
    """Two banners, two orders of three tickets: each figure is the ratio of the two sums."""
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

    shown = board()
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
    ("case", "revenue", "roas", "drr"),
    [
        ("h1_one_event", "2000.00", "4.0000", "0.2500"),
        ("h1_three_events", "4000.00", "8.0000", "0.1250"),
    ],
)
def test_h1_the_number_of_events_does_not_multiply_spend(
    staged: Staged, board: Callable[..., Shown], case: str, revenue: str, roas: str, drr: str
) -> None:
    """With one and with three events on a city's day the page shows its 500 roubles once."""
    Golden(case).stage(staged)
    shown = board()
    tiles = shown.tiles()
    assert [tiles[name] for name in ("spend", "revenue", "roas", "drr")] == [
        "500.00",
        revenue,
        roas,
        drr,
    ]
    assert_whole(shown)


def test_h1_ads_alone_have_costs_but_no_return(staged: Staged, board: Callable[..., Shown]) -> None:
    """Where sales were never loaded nothing of them is known: dashes, and never a loss of 100 %."""
    Golden("h1_no_event").stage(staged)
    shown = board()
    view, tiles = shown.view, shown.tiles()
    assert (view.has_ads, view.has_sales) == (True, False)
    assert [tiles[name] for name in ("spend", "cpm", "cpc")] == ["500.00", "500.00", "50.00"]
    unknown = ("revenue", "orders", "tickets", "roas", "romi", "drr", "cpo", "cpt")
    assert {tiles[name] for name in unknown} == {""}
    assert_whole(shown)


def test_h2_a_side_alone_keeps_day_and_city(staged: Staged, board: Callable[..., Shown]) -> None:
    """Ads of Omsk and sales of Tomsk are two cities of one day, each with what it has."""
    Golden("h2_one_side_only").stage(staged)
    shown = board()
    cities = shown.rows("marketing_cities")
    omsk, tomsk = cities["омск"], cities["томск"]
    assert [omsk[name] for name in ("spend", "revenue", "roas", "romi", "drr", "cpc")] == [
        "120.50",
        "0.00",
        "0.0000",
        "-1.0000",
        "",
        "",
    ]
    assert [tomsk[name] for name in ("spend", "revenue", "roas", "romi", "drr", "cpt")] == [
        "0.00",
        "1000.00",
        "",
        "",
        "0.0000",
        "0.00",
    ]
    assert list(shown.rows("marketing_days")) == ["2026-02-10"]
    assert_whole(shown)


def test_h3_no_spend_is_no_ratio_and_no_digit_is_cut(
    staged: Staged, board: Callable[..., Shown]
) -> None:
    """A day of spend 0 has no ROAS; the next has 6.6667; both together 4000 / 300, no average."""
    Golden("h3_ratios").stage(staged)
    assert board().tiles()["roas"] == ""
    both = board("from=2026-02-10&to=2026-02-11")
    assert both.column("marketing_days", "roas") == {"2026-02-10": "", "2026-02-11": "6.6667"}
    assert both.tiles()["roas"] == "13.3333"
    assert both.tiles()["romi"] == "12.3333"
    assert_whole(both)


def test_h4_spend_meets_the_sales_of_its_day(staged: Staged, board: Callable[..., Shown]) -> None:
    """A ticket bought in February for a show in March stands beside the spend of February."""
    Golden("h4_day_of_sale").stage(staged)
    days = board("period=all").rows("marketing_days")
    bought, played = days["2026-02-10"], days["2026-03-01"]
    assert (bought["revenue"], bought["spend"]) == ("1000.00", "100.00")
    assert (played["revenue"], played["spend"]) == ("0.00", "40.00")


@pytest.mark.parametrize("case", ["h1_three_events", "h3_ratios", "h12_two_currencies"])
def test_h7_unmerged_loads_change_no_figure(
    staged: Staged, board: Callable[..., Shown], case: str
) -> None:
    """Every row loaded three times, nothing merged: the page shows one load."""
    Golden(case).stage(staged, times=3)
    spent = {"h1_three_events": "500.00", "h3_ratios": "300.00", "h12_two_currencies": "700.00"}
    shown = board("from=2026-02-10&to=2026-02-11")
    assert shown.tiles()["spend"] == spent[case]
    assert_whole(shown)


def test_h12_currencies_are_never_added(staged: Staged, board: Callable[..., Shown]) -> None:
    """Roubles and tenge are two pages of one address; the one with most spend comes first."""
    Golden("h12_two_currencies").stage(staged)
    assert board().view.currencies == ("KZT", "RUB")
    for currency, spend, revenue in (("KZT", "700.00", "7000.00"), ("RUB", "100.00", "1000.00")):
        shown = board(f"{DAY}&currency={currency}")
        tiles = shown.tiles()
        assert [tiles[name] for name in ("spend", "revenue", "roas")] == [spend, revenue, "10.0000"]
        assert_whole(shown)


def test_h16_tags_on_one_side_lose_nothing(staged: Staged, board: Callable[..., Shown]) -> None:
    """Ads without tags and sales with them keep their rows in every table."""
    Golden("h16_tags_on_one_side").stage(staged)
    assert_whole(board("period=all"))


def test_sales_alone_have_revenue_and_no_cost(staged: Staged, board: Callable[..., Shown]) -> None:
    """Where ads were never loaded their figures are dashes, not a spend of 0."""
    staged.event()
    staged.show()
    staged.ticket("1")
    shown = board()
    tiles = shown.tiles()
    assert (shown.view.has_ads, shown.view.has_sales) == (False, True)
    assert [tiles[name] for name in ("revenue", "orders", "tickets")] == ["1000.00", "1", "1"]
    assert {tiles[name] for name in ("spend", "clicks", "impressions", "roas", "drr")} == {""}
    assert_whole(shown)


def test_a_store_without_a_row_is_empty(board: Callable[..., Shown]) -> None:
    """Nothing was ever loaded: the page says so and shows no figure."""
    assert board("").view.is_empty


def test_a_day_that_does_not_agree_is_listed_whatever_is_chosen(
    staged: Staged, board: Callable[..., Shown]
) -> None:
    """Two kopecks of difference and a missing sum show under every filter, an equal day never."""
    for day in ("2026-02-10", "2026-02-11", "2026-02-12"):
        staged.ads(day, utm_content="томск_01_03")
    staged.ads_account("2026-02-10")
    staged.ads_account("2026-02-11", spend="500.02")
    for chosen in ("", "&city=москва", "&event=none", "&campaign=1", "&currency=USD"):
        odd = board(f"from=2026-02-10&to=2026-02-12{chosen}").rows("marketing_control")
        assert [(row["day"], row["difference"]) for row in odd.values()] == [
            ("2026-02-12", ""),
            ("2026-02-11", "0.02"),
        ]
        assert [row["account_spend"] for row in odd.values()] == ["", "500.02"]
        assert {row["banners_spend"] for row in odd.values()} == {"500.00"}
    assert board().rows("marketing_control") == {}


def test_filters_narrow_both_sides(staged: Staged, board: Callable[..., Shown]) -> None:
    """A city, an event and a campaign take the spend and the sales that belong to them."""
    for event, city in (("e1", "Томск"), ("e2", "Омск")):
        staged.event(event, city_name=city)
        staged.show(f"s-{event}", event_id=event)
        staged.ticket(event, event_id=event, show_id=f"s-{event}", price="1000")
    staged.ads("2026-02-10", banner_id="b1", utm_content="томск_01_03", spend="10", ad_plan_id="1")
    staged.ads("2026-02-10", banner_id="b2", utm_content="омск_01_03", spend="7", ad_plan_id="2")
    staged.ads("2026-02-10", banner_id="b3", spend="5", ad_plan_id="2")
    for chosen, spend, revenue in (
        ("city=томск", "10.00", "1000.00"),
        ("city=томск&city=омск", "17.00", "2000.00"),
        ("event=e2", "7.00", "1000.00"),
        ("campaign=2", "12.00", "0.00"),
        ("campaign=2&city=омск", "7.00", "0.00"),
        ("city=unknown", "5.00", "0.00"),
    ):
        shown = board(f"{DAY}&{chosen}")
        tiles = shown.tiles()
        assert [tiles["spend"], tiles["revenue"]] == [spend, revenue], chosen
        assert_whole(shown)
