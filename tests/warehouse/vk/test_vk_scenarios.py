"""The eight acceptance scenarios of the contract sheet, on either engine; (h) is two processes.

Scenario (h) stands in ``tests/faults/vk/test_vk_workers.py``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from zakaz.errors import TransientSourceError
from zakaz_emulators.vk import Figures, faults, wide_account

if TYPE_CHECKING:
    from conftest import Ground

WATERMARK = "SELECT value FROM zakaz.meta_watermarks FINAL WHERE job = 'vk'"
ROWS = "SELECT * EXCEPT (_ver, _loaded_at) FROM {} ORDER BY ALL"
TABLES = (
    "zakaz.stg_vk_ads_daily FINAL",
    "zakaz.stg_vk_ads_account_daily FINAL",
    "zakaz.fact_ads_daily",
    "bi.v_vk_ads_daily",
    "bi.v_romi_daily",
)
SUMS = """
SELECT stat_date, spend FROM zakaz.stg_vk_ads_account_daily FINAL ORDER BY stat_date
"""
BY_DAY = """
SELECT stat_date, sum(spend), countIf(spend != 0) FROM zakaz.stg_vk_ads_daily FINAL
WHERE NOT is_deleted GROUP BY stat_date ORDER BY stat_date
"""


def whole(ground: Ground) -> dict[str, Any]:
    """Give every row of staging, fact and views, but for when it was read."""
    return {table: ground.rows(ROWS.format(table)) for table in TABLES}


def test_scenario_a_a_re_run_gives_identical_rows(loaded: Ground) -> None:
    """(a) re-run gives identical rows: staging, fact and views, names and tags included."""
    before = whole(loaded)
    assert all(before.values())
    again = loaded.load()
    assert (again.mode, again.notes, again.failures) == ("trailing", [], [])

    assert whole(loaded) == before
    assert loaded.staged() == loaded.truth()


def test_scenario_b_s23_a_restatement_twelve_days_ago_is_picked_up(ground: Ground) -> None:
    """(b) a restatement on day D-12 is picked up by the next run, in staging and in the views."""
    ground.read_to_yesterday()
    ground.load()
    day = ground.clock().date() - timedelta(days=12)
    before = {key: told for key, told in ground.staged().items() if key[1] == day}
    ground.pass_(hours=20)  # over night less traffic and more conversions are told of that day
    ground.load()

    after = {key: told for key, told in ground.staged().items() if key[1] == day}
    assert after == ground.truth(day, day)
    assert {key: told[2] for key, told in after.items()} != {
        key: told[2] for key, told in before.items()
    }
    asked = f"SELECT sum(spend) FROM bi.v_vk_ads_daily WHERE d = '{day}'"
    assert ground.rows(asked) == [(sum(told[2] for told in after.values()),)]


def test_scenario_c_the_spend_of_an_archived_ad_stays(ground: Ground) -> None:
    """(c) an archived ad's spend stays, whether it was archived before or between two runs."""
    ground.read_to_yesterday()
    archived = [one.id for one in ground.account.banners.values() if one.status == "deleted"]
    ground.load()
    spending = {int(ad) for (ad, _), told in ground.staged().items() if told[2]}
    assert spending & set(archived)
    for number in sorted(spending - set(archived))[:2]:
        ground.account.archive(ground.account.banners[number])
    before = ground.staged()
    ground.load()

    assert ground.staged() == before
    first = min(day for _, day in before)
    assert ground.staged() == ground.truth(first)


def test_scenario_d_a_failing_chunk_fails_the_run_and_moves_no_watermark(ground: Ground) -> None:
    """(d) a failing chunk fails the run and does not move the watermark; the next closes the gap.

    What was complete before it stays, and the watermark tells of that and of no later day.
    """
    daily = "statistics/banners/day.json"
    ground.emulator.faults.add(faults.status(500), path=daily, nth=12, times=None)
    with pytest.raises(TransientSourceError):
        ground.load()
    ((told,),) = ground.rows(WATERMARK)
    complete = date.fromisoformat(str(told))
    assert complete < ground.clock().date()
    assert ground.staged() == ground.truth(date.min, complete)
    with pytest.raises(TransientSourceError):
        ground.load()
    assert ground.rows(WATERMARK) == [(told,)]
    ground.emulator.faults.clear()
    ground.load()

    assert ground.staged() == ground.truth()


class TestManyAds:
    """A thousand ads over three campaigns."""

    @pytest.fixture
    def account(self) -> object:
        return wide_account()

    def test_scenario_e_a_thousand_ads_over_three_plans_page_fully(self, ground: Ground) -> None:
        """(e) 1 000 banners over 3 plans page fully: every ad once, about fifty to a request."""
        ground.load(date_from=ground.clock().date() - timedelta(days=1))

        assert ground.staged() == ground.truth()
        assert ground.rows("SELECT uniq(ad_plan_id), uniq(banner_id) FROM bi.v_vk_ads_daily") == [
            (3, 1000)
        ]
        assert len(ground.emulator.asked("v2/banners.json")) <= 22


def test_scenario_f_the_sum_over_ads_equals_the_accounts_own(ground: Ground) -> None:
    """(f) sum over banners equals ``users`` total for the day, with 0.01 an object of tolerance."""
    ground.read_to_yesterday()
    assert ground.load().failures == []
    by_day = {day: (spent, ads) for day, spent, ads in ground.rows(BY_DAY)}
    assert dict(ground.rows(SUMS)) == {day: spent for day, (spent, _) in by_day.items()}

    day = ground.clock().date() - timedelta(days=5)
    spent, ads = by_day[day]
    ground.account.charge(day, Figures(spent=Decimal("0.01") * ads))
    assert ground.load().failures == []
    ground.account.charge(day, Figures(spent=Decimal("0.01")))
    (told,) = ground.load().failures
    whole_ = spent + Decimal("0.01") * (ads + 1)
    assert told == f"control sum of {day}: the ads spent {spent}, the account says {whole_}"


@pytest.fixture
def _utc_host(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this machine live in UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_utc_host")
def test_scenario_g_g16_at_half_past_midnight_a_utc_host_loads_the_moscow_day(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(g) run at 00:30 MSK on a UTC host loads the right day: yesterday is whole, today begins."""
    ground.read_to_yesterday()
    ground.load()
    ended = ground.clock().date()
    midnight = ground.clock().replace(hour=0, minute=0, second=0) + timedelta(days=1)
    ground.account.clock.set(midnight + timedelta(minutes=30))
    utc = ground.account.clock
    monkeypatch.setattr(ground, "clock", lambda: utc.now.astimezone(UTC))
    assert ground.clock().date() == ended  # by its own clock the host is still in yesterday
    sent = len(ground.emulator.asked("banners/day.json"))
    ground.load()

    (asked,) = ground.emulator.asked("banners/day.json")[sent:]
    assert f"date_to={ended + timedelta(days=1)}" in asked.query
    first = ended - timedelta(days=28)
    assert ground.truth(ended, ended)
    fresh = {key: told for key, told in ground.staged().items() if key[1] >= first}
    assert fresh == ground.truth(first, ended + timedelta(days=1))
