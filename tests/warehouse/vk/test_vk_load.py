"""Daily spend as VK Ads tells it, against the ledger of an emulated account, on either engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from vk_ads.client import connect
from vk_ads.load import catalogue_of, token_folder
from vk_ads.reading import read_window
from vk_ads.rows import VkAdsDaily
from vk_ads.settings import VkAdsSettings
from vk_ads.statistics import Asked
from zakaz.errors import ZakazError
from zakaz.verify import LANDED, verify
from zakaz_emulators.vk import MOSCOW, Figures, faults, small_account

if TYPE_CHECKING:
    from conftest import Ground

RAW = '{"utm_source":"VK_Ads","utm_content":"{{banner_id}}"}'
WATERMARK = "SELECT value FROM zakaz.meta_watermarks FINAL WHERE job = 'vk'"


@pytest.mark.engine
def test_a_first_load_equals_the_ledger(ground: Ground) -> None:
    """Every ad and day to the kopeck, archived ads and a month's end included."""
    report = ground.load()
    assert ground.staged() == ground.truth()
    assert report.failures == []
    assert report.received == report.accepted + report.quarantined + report.duplicate
    assert report.mode == "full"


def test_a_day_that_is_not_told_any_more_counts_no_more(loaded: Ground) -> None:
    """Its row stays, marked as deleted; the account's sum agrees."""
    (ad, day) = max(key for key, figures in loaded.staged().items() if figures[2])
    loaded.account.restate(int(ad), day, shows=0, clicks=0, spent="0", goals=0)
    loaded.emulator.switches.fill_zero_days = False
    report = loaded.load()
    assert (ad, day) not in loaded.staged()
    assert loaded.staged() == loaded.truth()
    assert report.failures == []


def test_found_e4_a_lost_part_of_days_or_account_sums_is_named(loaded: Ground) -> None:
    """Table, run and command are named until a full refresh brought the rows back."""
    loaded.warehouse.execute("SYSTEM STOP MERGES")
    tables = ("stg_vk_ads_daily", "stg_vk_ads_account_daily")
    for table in tables:
        ((part,),) = loaded.warehouse.query(
            "SELECT max(name) FROM system.parts WHERE active AND table = {table:String}",
            {"table": table},
        ).rows
        loaded.warehouse.execute(f"ALTER TABLE zakaz.{table} DROP PART '{part}'")
    told = [one.told for one in verify(loaded.warehouse) if one.name == LANDED]
    assert {one.partition(" has lost ")[0] for one in told} == set(tables)
    assert all(one.endswith("zakaz sync vk --full-refresh") for one in told)
    loaded.load(full_refresh=True)
    assert [one for one in verify(loaded.warehouse) if one.name == LANDED] == []


def test_g7_what_is_stored_is_what_the_transform_made(ground: Ground) -> None:
    """Every column of every row is the normalised one; the template is kept beside it, raw."""
    ad, group = ground.account.banners[71_200_350], ground.account.groups[30_455_221]
    ground.account.change(
        ad, urls={"primary": "https://shop.example/?utm_source=%20VK%20&utm_id=7"}
    )
    ground.account.change(group, enable_utm=True, utm="utm_source=VK_Ads&utm_content={{banner_id}}")
    ground.read_to_yesterday()
    ground.load()

    client = connect(
        VkAdsSettings.load(ground.environ), token_folder(ground.request()), ground.clock
    )
    catalogue = catalogue_of(client)
    last = ground.clock().date()
    days = (last - timedelta(days=29), last)
    made = read_window(
        client, catalogue, sorted(catalogue.banners), days, Asked(), ground.clock, lambda _: None
    ).rows
    client.close()
    names = [name for name in VkAdsDaily.__struct_fields__ if name not in ("ver", "loaded_at")]
    stored = ground.rows(f"SELECT {', '.join(names)} FROM zakaz.stg_vk_ads_daily FINAL")
    assert sorted(stored) == sorted(
        tuple(getattr(row, name) for name in names) for row in made.values()
    )
    tags = ground.rows(
        "SELECT DISTINCT banner_id, utm_source, utm_content, utm_raw FROM zakaz.stg_vk_ads_daily"
        " WHERE banner_id IN ('71200350', '71200351') ORDER BY banner_id"
    )
    assert tags == [
        ("71200350", "vk", "", '{"utm_source":" VK "}'),
        ("71200351", "vk_ads", "71200351", RAW),
    ]


def test_an_ad_that_vanished_between_list_and_statistics_loses_nobody_else(loaded: Ground) -> None:
    """It is found by bisection and told; the other ads' spend is complete."""
    before = loaded.staged()
    gone = int(max(loaded.account.banners))
    loaded.emulator.faults.add(
        faults.after(lambda: loaded.account.remove_banner(gone)), path="v2/banners.json", nth=1
    )
    report = loaded.load()
    assert [told for told in report.failures if str(gone) in told]
    assert {k: v for k, v in loaded.staged().items() if k[0] != str(gone)} == loaded.truth()
    assert {k: v for k, v in loaded.staged().items() if k[0] == str(gone)} == {
        k: v for k, v in before.items() if k[0] == str(gone)
    }


def test_lists_days_and_control_are_told_apart(ground: Ground) -> None:
    """A sum that differs leaves the days read; the control's stream says which day and why.

    A closed day is marked final, the newest three are not.
    """
    ground.read_to_yesterday()
    day = ground.clock().date() - timedelta(days=5)
    ground.account.charge(day, Figures(10, 1, Decimal("100.01"), 0))
    ads, statistics, control = ground.load().streams
    assert [(one.stream, one.status) for one in (ads, statistics, control)] == [
        ("ads", "ok"), ("statistics", "ok"), ("control", "partial"),
    ]  # fmt: skip
    assert ads.received == len(ground.account.banners)
    assert statistics.received == statistics.accepted > 0
    assert str(day) in control.message
    (found,) = ground.rows("SELECT max(stat_date) FROM zakaz.stg_vk_ads_daily WHERE is_final")
    assert found == (ground.clock().date() - timedelta(days=3),)


def test_an_account_in_another_currency_keeps_it(ground: Ground) -> None:
    """The currency is the account's, in ads and in control, and no page adds it to roubles."""
    ground.account.user.currency = "kzt"
    ground.read_to_yesterday()
    ground.load()
    for table in ("stg_vk_ads_daily", "stg_vk_ads_account_daily", "fact_ads_daily"):
        assert ground.rows(f"SELECT DISTINCT currency FROM zakaz.{table}") == [("KZT",)]


def test_an_account_without_a_currency_is_wrong_data(ground: Ground) -> None:
    """Exit 65: an amount of no currency is stored nowhere."""
    ground.account.user.currency = " "
    with pytest.raises(ZakazError, match="currency") as caught:
        ground.load()
    assert caught.value.exit_code == 65
    assert ground.rows("SELECT * FROM zakaz.stg_vk_ads_daily") == []


def test_account_sums_of_which_none_is_an_amount_are_wrong_data(ground: Ground) -> None:
    """Exit 65 before a row of those days is stored: there is nothing to hold the ads against."""

    def absurd(answer: Any) -> None:
        for day in answer["items"][0]["rows"]:
            day["base"]["spent"] = "1" * 30

    ground.emulator.faults.add(faults.edit(absurd), path="users/day.json")
    with pytest.raises(ZakazError, match="own sums") as caught:
        ground.load()
    assert caught.value.exit_code == 65
    assert ground.staged() == {}


def test_chosen_days_move_no_watermark(ground: Ground) -> None:
    """--from and --to read inclusive days and nothing else."""
    last = ground.clock().date() - timedelta(days=3)
    first = last - timedelta(days=9)
    ground.load(date_from=first, date_to=last)
    assert ground.staged() == ground.truth(first, last)
    assert ground.rows(WATERMARK) == []


def test_days_that_vk_does_not_keep_are_refused(ground: Ground) -> None:
    """Exit 78 with the oldest day there is."""
    with pytest.raises(ZakazError, match="keeps a year") as caught:
        ground.load(date_from=date(2020, 1, 1))
    assert caught.value.exit_code == 78


class TestCommand:
    """The command as it is installed, against a service whose clock is this machine's."""

    @pytest.fixture
    def account(self) -> object:
        return small_account(now=datetime.now(MOSCOW), runs=True)

    def test_g18_zakaz_sync_vk_loads_and_counts(self, ground: Ground, tmp_path: Path) -> None:
        """Exit 0, the rows of the ledger, how many there are, and neither secret nor token."""
        ground.emulator.rates.limit()
        ground.store.close()
        first = ground.clock().date() - timedelta(days=40)
        done = subprocess.run(
            [sys.executable, "-m", "zakaz", "sync", "vk", "--json", "--from", first.isoformat()],
            env={**os.environ, **ground.environ},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        assert ground.staged() == ground.truth(first)
        (told,) = json.loads(done.stdout)["sources"]
        stored = ground.rows("SELECT count() FROM zakaz.stg_vk_ads_daily")
        assert [(told["accepted"],), (told["inserted"],)] == stored * 2
        assert ground.emulator.client_secret not in said
        assert "EXAMPLEaccess" not in said
