"""Daily spend as VK Ads tells it, against the ledger of an emulated account, on either engine."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from zakaz.errors import PermanentSourceError, TransientSourceError, ZakazError
from zakaz_emulators.vk import MOSCOW, Figures, faults, small_account, wide_account

if TYPE_CHECKING:
    from conftest import Ground

WATERMARK = "SELECT value FROM zakaz.meta_watermarks FINAL WHERE job = 'vk'"


def test_a_first_load_equals_the_ledger(ground: Ground) -> None:
    """Every ad and day to the kopeck, archived ads and a month's end included."""
    report = ground.load()
    assert ground.staged() == ground.truth()
    assert report.failures == []
    assert report.received == report.accepted + report.quarantined + report.duplicate
    assert report.mode == "full"


def test_a_second_run_changes_nothing(ground: Ground) -> None:
    """The same rows, and no more than the trailing days are asked for."""
    ground.load()
    before = ground.staged()
    asked = len(ground.emulator.requests)
    report = ground.load()
    assert ground.staged() == before
    assert report.mode == "trailing"
    assert len(ground.emulator.requests) - asked < asked


def test_s23_a_correction_of_twelve_days_ago_is_picked_up(ground: Ground) -> None:
    """The next morning's run replaces what VK corrected overnight."""
    ground.load()
    before = ground.staged()
    ground.pass_(hours=20)
    ground.load()
    assert ground.staged() == ground.truth()
    assert ground.staged() != before


def test_a_day_that_is_not_told_any_more_counts_no_more(ground: Ground) -> None:
    """Its row stays, marked as deleted; the account's sum agrees."""
    ground.load()
    (ad, day) = max(key for key, figures in ground.staged().items() if figures[2])
    ground.account.restate(int(ad), day, shows=0, clicks=0, spent="0", goals=0)
    ground.emulator.switches.fill_zero_days = False
    report = ground.load()
    assert (ad, day) not in ground.staged()
    assert ground.staged() == ground.truth()
    assert report.failures == []


def test_today_is_provisional_until_the_third_day(ground: Ground) -> None:
    """A closed day is marked final, the newest three are not."""
    ground.load()
    today = ground.clock().date()
    (found,) = ground.rows("SELECT max(stat_date) FROM zakaz.stg_vk_ads_daily WHERE is_final")
    assert found == (today - timedelta(days=3),)


def test_a_failing_part_fails_the_run_and_moves_nothing(ground: Ground) -> None:
    """The newest window fails: what was complete stays, and the next run closes the gap."""
    broken = faults.status(500)
    ground.emulator.faults.add(broken, path="statistics/banners/day.json", nth=12, times=None)
    with pytest.raises(TransientSourceError):
        ground.load()
    (told,) = ground.rows(WATERMARK)
    assert date.fromisoformat(str(told[0])) < ground.clock().date()
    ground.emulator.faults.clear()
    ground.load()
    assert ground.staged() == ground.truth()


def test_an_ad_that_vanished_between_list_and_statistics_loses_nobody_else(ground: Ground) -> None:
    """It is found by bisection and told; the other ads' spend is complete."""
    ground.load()
    before = ground.staged()
    gone = int(max(ground.account.banners))
    ground.emulator.faults.add(
        faults.after(lambda: ground.account.remove_banner(gone)), path="v2/banners.json", nth=1
    )
    report = ground.load()
    assert [told for told in report.failures if str(gone) in told]
    assert {k: v for k, v in ground.staged().items() if k[0] != str(gone)} == ground.truth()
    assert {k: v for k, v in ground.staged().items() if k[0] == str(gone)} == {
        k: v for k, v in before.items() if k[0] == str(gone)
    }


def test_spend_that_no_ad_accounts_for_is_told(ground: Ground) -> None:
    """The control sum names the day and both amounts; the run is partial."""
    day = ground.clock().date() - timedelta(days=5)
    ground.account.charge(day, Figures(10, 1, Decimal("100.01"), 0))
    (told,) = ground.load().failures
    assert str(day) in told
    assert "control sum" in told


def test_lists_days_and_control_are_told_apart(ground: Ground) -> None:
    """A sum that differs leaves the days read; the control's stream says which day and why."""
    day = ground.clock().date() - timedelta(days=5)
    ground.account.charge(day, Figures(10, 1, Decimal("100.01"), 0))
    ads, statistics, control = ground.load().streams
    assert [(one.stream, one.status) for one in (ads, statistics, control)] == [
        ("ads", "ok"), ("statistics", "ok"), ("control", "partial"),
    ]  # fmt: skip
    assert ads.received == len(ground.account.banners)
    assert statistics.received == statistics.accepted > 0
    assert str(day) in control.message


def test_an_account_in_another_currency_keeps_it(ground: Ground) -> None:
    """The currency is the account's, in ads and in control, and no page adds it to roubles."""
    ground.account.user.currency = "kzt"
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


def test_an_account_sum_that_is_no_amount_is_wrong_data(ground: Ground) -> None:
    """Exit 65 before a row of those days is stored: there is nothing to hold the ads against."""

    def absurd(answer: Any) -> None:
        answer["items"][0]["rows"][0]["base"]["spent"] = "1" * 30

    ground.emulator.faults.add(faults.edit(absurd), path="users/day.json")
    with pytest.raises(ZakazError, match="own sum") as caught:
        ground.load()
    assert caught.value.exit_code == 65
    assert ground.staged() == {}


def test_the_run_at_half_past_midnight_loads_the_moscow_day(ground: Ground) -> None:
    """Whatever the zone of the machine, at 00:30 in Moscow yesterday is whole."""
    now = ground.clock()
    ground.account.clock.set(now.replace(hour=0, minute=30) + timedelta(days=1))
    ground.load(date_from=now.date(), date_to=now.date())
    assert {day for _, day in ground.staged()} == {now.date()}
    assert ground.staged() == ground.truth(now.date(), now.date())


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


def test_a_token_that_expires_on_the_way_is_renewed_once(ground: Ground) -> None:
    """One slot, one renewal, all rows."""
    ground.emulator.faults.add(
        faults.before(ground.emulator.tokens.expire), path="statistics/banners/day.json", nth=3
    )
    ground.load()
    tokens = ground.emulator.tokens
    assert (tokens.issued, tokens.renewed, len(tokens.slots)) == (1, 1, 1)
    assert ground.staged() == ground.truth()


@pytest.mark.parametrize("code", ["invalid_client", "invalid_user", "revoked_token"])
def test_a_closed_access_ends_the_run(ground: Ground, code: str) -> None:
    """Exit 78, and no further token is asked for."""
    ground.load()
    ground.emulator.faults.add(faults.unauthorized(code), path="ad_groups.json")
    with pytest.raises(PermanentSourceError, match=code):
        ground.load()
    assert ground.emulator.tokens.calls == 1


def test_a_method_without_rights_is_not_waited_for(ground: Ground) -> None:
    """All limits are 0: exit 78 at once."""
    ground.emulator.faults.add(faults.too_many({"1": 0, "3600": 0}), path="banners/day.json")
    with pytest.raises(PermanentSourceError, match="no right to the method"):
        ground.load()


@pytest.mark.parametrize(
    "fault", ["status", "html", "broken_json", "nothing", "reset", "cut_close"]
)
def test_a_fault_on_the_way_costs_no_row(ground: Ground, fault: str) -> None:
    """Each is asked again."""
    broken = {"status": faults.status(503), "html": faults.html()}
    chosen = broken.get(fault) or getattr(faults, fault)()
    ground.emulator.faults.add(chosen, path="banners/day.json", nth=2)
    ground.emulator.faults.add(chosen, path="ad_plans.json", nth=1)
    ground.load()
    assert ground.staged() == ground.truth()


class TestManyAds:
    """A thousand ads over three campaigns."""

    @pytest.fixture
    def account(self) -> object:
        return wide_account()

    def test_a_thousand_ads_page_fully(self, ground: Ground) -> None:
        """Every ad once, and about a fiftieth as many requests for lists."""
        ground.load(date_from=ground.clock().date() - timedelta(days=1))
        assert ground.staged() == ground.truth()
        assert len(ground.emulator.asked("v2/banners.json")) <= 22


class TestCommand:
    """The command as it is installed, against a service whose clock is this machine's."""

    @pytest.fixture
    def account(self) -> object:
        return small_account(now=datetime.now(MOSCOW), runs=True)

    def test_zakaz_sync_vk_loads_the_account(self, ground: Ground, tmp_path: Path) -> None:
        """Exit 0, the rows of the ledger, and neither secret nor token in what is printed."""
        ground.emulator.rates.limit()
        ground.store.close()
        first = ground.clock().date() - timedelta(days=40)
        done = subprocess.run(
            [sys.executable, "-m", "zakaz", "sync", "vk", "--from", first.isoformat()],
            env={**os.environ, **ground.environ},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        assert ground.staged() == ground.truth(first)
        assert ground.emulator.client_secret not in said
        assert "EXAMPLEaccess" not in said
