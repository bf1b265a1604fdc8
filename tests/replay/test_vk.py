"""The VK Ads loader on recorded answers: no network, no access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from recorded_vk import DAYS, NOW, recorded_emulator
from vcr.errors import CannotOverwriteExistingCassetteException
from vk_ads import lists
from vk_ads.client import VkAdsClient
from vk_ads.load import catalogue_of
from vk_ads.reading import Read, differences, read_account, read_window
from vk_ads.statistics import Asked
from vk_ads.transform import Catalogue, identity
from zakaz.moscow import moscow_day
from zakaz_emulators.vk import Ledger, small_account

TRUTH = Ledger(small_account(now=NOW))


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page hold five rows, so that twelve ads are three pages and can be read by eye."""
    monkeypatch.setattr(lists, "PER_PAGE", 5)


def read(
    client: VkAdsClient, catalogue: Catalogue, ids: Sequence[str], asked: Asked | None = None
) -> Read:
    """Read the recorded days of some ads through client and border into rows."""
    return read_window(client, catalogue, ids, DAYS, asked or Asked(), lambda: NOW, lambda _: None)


def figures(found: Read) -> dict[Any, Any]:
    """Give what the rows count, without days on which nothing was done."""
    counted = {
        key: (row.impressions, row.clicks, row.spend, row.goals) for key, row in found.rows.items()
    }
    return {key: numbers for key, numbers in counted.items() if any(numbers)}


def truth(without: Sequence[str] = ()) -> dict[Any, Any]:
    """Give the same by the ledger of the recorded advertiser."""
    return {
        (row.banner_id, row.stat_date): (row.shows, row.clicks, row.spent, row.goals)
        for row in TRUTH.daily(*DAYS)
        if row.banner_id not in without
    }


def test_the_account_without_names_and_addresses(vk_play: Any) -> None:
    """Id and currency are read; who the owner is, is not even asked for."""
    with vk_play("account") as tape, tape.client() as client:
        account = client.account()

    assert (identity(account.id), account.currency) == ("5550123", "RUB")


def test_lists_over_several_pages_with_archived_ads(vk_play: Any) -> None:
    """Campaigns, groups and ads, each exactly once, archived ones too, tags resolved from them."""
    with vk_play("lists") as tape, tape.client() as client:
        catalogue = catalogue_of(client)
        requests = client.requests

    assert (len(catalogue.plans), len(catalogue.groups), len(catalogue.banners)) == (3, 6, 12)
    assert requests == 1 + 1 + 2 + 3  # the account, and pages of five that overlap by one row
    assert set(catalogue.banners) == set(map(str, small_account(now=NOW).banners))


def test_statistics_become_rows_that_equal_the_ledger(vk_play: Any) -> None:
    """Every ad and day to the kopeck, tags of every kind, and the account's own sum agrees."""
    with vk_play("statistics") as tape, tape.client() as client:
        catalogue = catalogue_of(client)
        found = read(client, catalogue, sorted(catalogue.banners))
        sums = read_account(client, catalogue.account, DAYS, lambda: NOW)

    assert figures(found) == truth()
    assert (found.refused, found.duplicate) == ([], 0)
    assert differences(found.rows.values(), sums, moscow_day(NOW)) == []
    rows = {row.banner_id: row for row in found.rows.values()}
    archived, plain, dated = rows["71200347"], rows["71200346"], rows["71200349"]
    assert archived.spend > 0
    assert (archived.utm_source, archived.utm_content) == ("vk_ads", "71200347")
    assert (plain.utm_campaign, plain.utm_term) == (plain.ad_plan_id, plain.ad_group_id)
    assert dated.utm_content == "казань_20_03"
    assert {row.currency for row in rows.values()} == {"RUB"}


def test_an_unknown_id_is_found_and_loses_no_other(vk_play: Any) -> None:
    """One id that is not the account's fails a request; halving it finds the one."""
    asked = Asked()
    with vk_play("unknown_id") as tape, tape.client() as client:
        catalogue = catalogue_of(client)
        ids = ["1", *sorted(catalogue.banners)[:3]]
        found = read(client, catalogue, ids, asked)

    assert asked.unknown == ["1"]
    assert figures(found) == truth(without=sorted(catalogue.banners)[3:])


def test_what_is_too_much_is_asked_in_smaller_parts(vk_play: Any) -> None:
    """The limit error halves days, then ads; what was found out holds, and no row is missing."""
    asked = Asked()
    with vk_play("limit_error") as tape, tape.client() as client:
        catalogue = catalogue_of(client)
        found = read(client, catalogue, sorted(catalogue.banners), asked)

    assert (asked.most_ids, asked.most_days) == (6, 1)
    assert figures(found) == truth()


def test_an_empty_account_has_no_rows_and_is_no_error(vk_play: Any) -> None:
    """Three empty lists, nothing to ask of ads, and a sum of nothing."""
    with vk_play("empty_account") as tape, tape.client() as client:
        catalogue = catalogue_of(client)
        found = read(client, catalogue, sorted(catalogue.banners))
        sums = read_account(client, catalogue.account, DAYS, lambda: NOW)

    assert (catalogue.banners, found.rows) == ({}, {})
    assert [row.spend for row in sums.rows if row.spend] == []
    assert differences([], sums, moscow_day(NOW)) == []


def test_g03_another_window_is_another_request(vk_replay: Any) -> None:
    """Days that were not recorded are refused, never answered with other days."""
    with vk_replay("statistics", whole=False) as tape, tape.client() as client:
        catalogue_of(client)
        with pytest.raises(CannotOverwriteExistingCassetteException, match="query"):
            list(client.days(["71200345"], (DAYS[0], DAYS[0]), Asked()))


def test_g03_a_vk_cassette_that_is_not_played_to_its_end_fails(vk_replay: Any) -> None:
    """No recorded answer is left that nothing plays."""
    with (
        pytest.raises(AssertionError, match="nothing plays"),
        vk_replay("lists") as tape,
        tape.client() as client,
    ):
        client.account()


def test_the_stage_of_every_scenario_begins_before_its_first_request() -> None:
    """An emulator of the cassettes has logged nothing and issued at most one token of its own."""
    for name in ("account", "expired", "token"):
        emulator = recorded_emulator(name)
        assert emulator.requests == []
        assert len(emulator.tokens.slots) == (name != "token")
        emulator.start().stop()
