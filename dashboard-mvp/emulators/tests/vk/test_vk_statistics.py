"""Daily statistics, over real HTTP: the shape of a row, the days of a window, sums over levels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import requests
from zakaz_emulators.vk import Account, Figures, VkAdsEmulator
from zakaz_emulators.vk.records import total
from zakaz_emulators.vk.sample import ARCHIVED_AD, AUTUMN, IDLE_AD, LOOKALIKE, PREMIERE, SPRING

Get = Callable[..., requests.Response]
AD = 71_200_346
USER = 5_550_123
MARCH_1 = date(2026, 3, 1)


def url(level: str, kind: str = "day") -> str:
    return f"/api/v2/statistics/{level}/{kind}.json"


def window(*ids: int, first: str = "2026-03-01", last: str = "2026-03-10") -> dict[str, str]:
    return {"id": ",".join(map(str, ids)), "date_from": first, "date_to": last}


def told(response: requests.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def read(part: dict[str, Any]) -> Figures:
    base = part["base"]
    return Figures(base["shows"], base["clicks"], Decimal(base["spent"]), base["vk"]["goals"])


def test_a_row_is_written_as_in_the_sheet(get: Get, account: Account) -> None:
    """The documented example comes out to the letter: results under ``vk``, zero rows whole."""
    account.put_figures(AD, MARCH_1, shows=9840, clicks=123, spent="1480.50", goals=6)
    account.restate(AD, date(2026, 3, 2), shows=0, clicks=0, spent=0, goals=0)
    base = {
        "shows": 9840,
        "clicks": 123,
        "goals": 0,
        "spent": "1480.5",
        "cpm": "150.46",
        "cpc": "12.04",
        "cpa": "0",
        "ctr": 1.25,
        "cr": 0,
        "vk": {"goals": 6, "cpa": "246.75", "cr": 4.878048780487805},
    }
    zero = {
        "shows": 0,
        "clicks": 0,
        "goals": 0,
        "spent": "0",
        "cpm": "0",
        "cpc": "0",
        "cpa": "0",
        "ctr": 0,
        "cr": 0,
        "vk": {"goals": 0, "cpa": 0, "cr": 0},
    }
    assert told(get(url("banners"), window(AD, last="2026-03-02"))) == {
        "items": [
            {
                "id": AD,
                "rows": [
                    {"date": "2026-03-01", "base": base},
                    {"date": "2026-03-02", "base": zero},
                ],
                "total": {"base": base},
            }
        ],
        "total": {"base": base},
    }


@pytest.mark.parametrize(
    ("spent", "text"),
    [("1480.55", "1480.55"), ("0.29", "0.29"), ("86.40", "86.4"), ("1200", "1200"), ("0.00", "0")],
)
def test_money_is_text_without_zeros_at_its_end(
    get: Get, account: Account, spent: str, text: str
) -> None:
    """Whole tens keep theirs; no exponent ever comes."""
    account.put_figures(AD, MARCH_1, shows=1, spent=spent)
    row = told(get(url("banners"), window(AD, last="2026-03-01")))["items"][0]["rows"][0]
    assert row["base"]["spent"] == text


def test_a_window_has_every_day_of_it(get: Get, emulator: VkAdsEmulator) -> None:
    """Both ends are inside, also across a month's end; a switch leaves empty days out."""
    asked = window(ARCHIVED_AD, first="2026-02-26", last="2026-03-14")
    rows = told(get(url("banners"), asked))["items"][0]["rows"]
    assert [row["date"] for row in rows][:4] == [
        "2026-02-26",
        "2026-02-27",
        "2026-02-28",
        "2026-03-01",
    ]
    assert len(rows) == 17
    emulator.switches.fill_zero_days = False
    fewer = told(get(url("banners"), asked))["items"][0]["rows"]
    assert fewer == [row for row in rows if row["base"]["shows"]]
    assert 0 < len(fewer) < 17


def test_the_window_ends_today_by_default(get: Get) -> None:
    """Days that have not come have no rows."""
    for asked in (
        {"date_from": "2026-03-18"},
        {"date_from": "2026-03-18", "date_to": "2026-04-09"},
    ):
        rows = told(get(url("banners"), {"id": AD, **asked}))["items"][0]["rows"]
        assert [row["date"] for row in rows] == ["2026-03-18", "2026-03-19", "2026-03-20"]


def test_idle_objects_are_listed_unless_switched_off(get: Get, emulator: VkAdsEmulator) -> None:
    """An ad that never ran has zero rows, or is missing."""
    both = told(get(url("banners"), window(AD, IDLE_AD)))["items"]
    assert [item["id"] for item in both] == [AD, IDLE_AD]
    emulator.switches.list_idle = False
    assert [item["id"] for item in told(get(url("banners"), window(AD, IDLE_AD)))["items"]] == [AD]


@pytest.mark.parametrize(
    ("level", "ids"),
    [
        ("ad_groups", (LOOKALIKE,)),
        ("campaigns", (LOOKALIKE,)),
        ("ad_plans", (SPRING, PREMIERE, AUTUMN)),
        ("users", (USER,)),
    ],
)
def test_higher_levels_are_sums_of_their_ads(
    get: Get, emulator: VkAdsEmulator, level: str, ids: tuple[int, ...]
) -> None:
    """Groups, their old name, campaigns and the account; archived ads are in."""
    rows = emulator.ledger.daily(MARCH_1, date(2026, 3, 10))
    if LOOKALIKE in ids:
        rows = [row for row in rows if row.ad_group_id == str(LOOKALIKE)]
    answer = told(get(url(level), window(*ids)))
    assert read(answer["total"]) == total(row.figures for row in rows)
    assert total(read(day) for item in answer["items"] for day in item["rows"]) == read(
        answer["total"]
    )


def test_the_ledger_is_what_a_reader_gets(get: Get, emulator: VkAdsEmulator) -> None:
    """Every ad and day of two months equals the ledger to the kopeck, nothing besides."""
    ids = list(emulator.account.banners)
    found = {}
    for first, last in (("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-03-20")):
        for item in told(get(url("banners"), window(*ids, first=first, last=last)))["items"]:
            for row in item["rows"]:
                if figures := read(row):
                    found[date.fromisoformat(row["date"]), str(item["id"])] = figures
    rows = emulator.ledger.daily()
    assert found == {(row.stat_date, row.banner_id): row.figures for row in rows}
    assert len(rows) > 400


def test_ids_may_be_repeated_and_are_counted_once(get: Get) -> None:
    """Commas and repetition mean the same."""
    pairs = [("id", AD), ("id", IDLE_AD), ("id", AD), ("date_from", "2026-03-01")]
    items = told(get(url("banners"), pairs))["items"]
    assert [item["id"] for item in items] == [AD, IDLE_AD]


def test_sets_of_figures_stand_beside_the_date(get: Get) -> None:
    """Several sets can be asked for; the grand total has no uniques."""
    answer = told(get(url("banners"), {**window(AD), "metrics": "base,events,uniques"}))
    row = answer["items"][0]["rows"][0]
    assert set(row) == {"date", "base", "events", "uniques"}
    assert row["uniques"]["reach"] == 0
    assert set(answer["total"]) == {"base", "events"}
    everything = told(get(url("banners"), {**window(AD), "metrics": "all"}))
    assert {"video", "tps", "romi", "social_network"} < set(everything["items"][0]["total"])


def test_the_results_may_be_spelled_otherwise(
    get: Get, emulator: VkAdsEmulator, account: Account
) -> None:
    """Switches add ``result`` and ``cpr``, take ``goals`` and ``cr`` away, and make 0 a text."""
    account.put_figures(AD, MARCH_1, shows=10, clicks=4, spent="10", goals=4)
    emulator.switches.tell_result = True
    emulator.switches.tell_goals = False
    emulator.switches.tell_vk_cr = False
    emulator.switches.tell_amounts = True
    base = told(get(url("banners"), window(AD)))["items"][0]["rows"][0]["base"]
    assert base["vk"] == {"result": 4, "cpr": "2.5"}
    assert (base["a_amount"], base["n_amount"]) == ("10", "0")
    emulator.switches.tell_goals = True
    emulator.switches.cpa_always_text = True
    idle = told(get(url("banners"), window(IDLE_AD)))["items"][0]["rows"][0]["base"]
    assert idle["vk"]["cpa"] == "0"


def test_summary_is_a_whole_life_and_ignores_days(get: Get, emulator: VkAdsEmulator) -> None:
    """It has no rows, and a window changes nothing."""
    asked = window(AD, first="2026-03-01", last="2026-03-01")
    answer = told(get(url("banners", "summary"), asked))
    assert set(answer["items"][0]) == {"id", "total"}
    assert read(answer["total"]) == emulator.ledger.per_banner()[str(AD)]


def test_figures_of_archived_ads_are_served(get: Get, emulator: VkAdsEmulator) -> None:
    """Unless a switch says that the service would not."""
    assert read(told(get(url("banners"), window(ARCHIVED_AD)))["total"]).spent > 0
    emulator.switches.serve_deleted = False
    refused = get(url("banners"), window(ARCHIVED_AD))
    assert refused.json()["error"]["code"] == "ERR_WRONG_BANNERS"


def test_what_no_ad_accounts_for_is_in_the_accounts_sum(
    get: Get, emulator: VkAdsEmulator, account: Account
) -> None:
    """A control sum can therefore differ: a charge by itself, or an ad that is gone."""
    known = emulator.ledger.per_day(MARCH_1, MARCH_1)[MARCH_1].spent
    account.charge(MARCH_1, Figures(spent=Decimal("10.01")))
    asked = window(USER, last="2026-03-01")
    assert read(told(get(url("users"), asked))["total"]).spent == known + Decimal("10.01")
    account.remove_banner(AD, spend_stays=True)
    assert read(told(get(url("users"), asked))["total"]).spent == known + Decimal("10.01")
    account.remove_banner(71_200_350)
    assert read(told(get(url("users"), asked))["total"]).spent < known
