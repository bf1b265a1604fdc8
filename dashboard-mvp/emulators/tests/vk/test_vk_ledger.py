"""The ledger of the account, and how its truth changes as time goes on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from zakaz_emulators.vk import MOSCOW, Account, Clock, Figures, Ledger, empty_account, small_account
from zakaz_emulators.vk.records import total
from zakaz_emulators.vk.sample import ARCHIVED_AD, AUTUMN, IDLE_AD, PREMIERE, SPRING

TODAY = date(2026, 3, 20)
MORNING = datetime(2026, 3, 21, 3, 0, tzinfo=MOSCOW)


def test_the_account_is_the_same_for_the_same_instant() -> None:
    """Figures are drawn from ids and days, not from chance."""
    assert Ledger(small_account()).as_json() == Ledger(small_account()).as_json()


def test_the_account_has_what_loaders_stumble_over(account: Account) -> None:
    """Three campaigns, six groups, twelve ads, archived ones, a month's end and hard kopecks."""
    rows = Ledger(account).daily()
    assert (len(account.plans), len(account.groups), len(account.banners)) == (3, 6, 12)
    assert rows[0].stat_date == TODAY - timedelta(days=59)
    assert {row.stat_date for row in rows} > {date(2026, 2, 28), date(2026, 3, 1), TODAY}
    assert {Decimal("1480.55"), Decimal("0.29")} <= {row.spent for row in rows}
    archived = [row.stat_date for row in rows if row.banner_id == str(ARCHIVED_AD)]
    assert TODAY - timedelta(days=30) < archived[-1] < TODAY
    assert str(IDLE_AD) not in {row.banner_id for row in rows}


def test_sums_by_day_ad_and_campaign_agree(account: Account) -> None:
    """Each way of adding up gives the same Decimals."""
    ledger = Ledger(account)
    whole = ledger.totals()
    assert isinstance(whole.spent, Decimal)
    for sums in (
        ledger.per_day(),
        ledger.per_banner(),
        ledger.per_ad_plan(),
        ledger.per_day_and_plan(),
    ):
        assert total(sums.values()) == whole
    assert set(ledger.per_ad_plan()) == {str(SPRING), str(PREMIERE), str(AUTUMN)}


def test_days_are_inclusive_and_ads_can_be_left_out(account: Account) -> None:
    """A window holds both its ends; quarantined ads are named."""
    ledger = Ledger(account)
    window = ledger.per_day(date(2026, 2, 28), date(2026, 3, 1))
    assert set(window) == {date(2026, 2, 28), date(2026, 3, 1)}
    without = ledger.totals(without={71_200_346})
    assert without.spent == ledger.totals().spent - ledger.per_banner()["71200346"].spent


def test_a_restatement_holds_from_its_instant_on(account: Account) -> None:
    """What was true before can still be asked for."""
    ledger, clock = Ledger(account), account.clock
    past = TODAY - timedelta(days=12)
    before = ledger.per_day()[past]
    clock.set(MORNING - timedelta(seconds=1))
    assert ledger.per_day()[past] == before
    clock.set(MORNING)
    after = ledger.per_day()[past]
    assert after.spent < before.spent
    assert after.goals > before.goals
    assert ledger.per_day(at=MORNING - timedelta(days=1))[past] == before


def test_today_is_half_a_day_until_the_morning(account: Account) -> None:
    """A day that is not over grows; a day that has not come is not there."""
    ledger = Ledger(account)
    half = ledger.per_day()[TODAY]
    account.clock.set(MORNING)
    assert ledger.per_day()[TODAY].shows > half.shows
    account.put_figures(71_200_346, date(2026, 3, 22), shows=1)
    assert date(2026, 3, 22) not in ledger.per_day()
    account.clock.set(datetime(2026, 3, 22, 0, 0, tzinfo=MOSCOW))
    assert ledger.per_day()[date(2026, 3, 22)].shows == 1


def test_restatements_follow_each_other(account: Account) -> None:
    """The newest that is in force counts, and what it does not name stays."""
    day = date(2026, 3, 1)
    account.put_figures(71_200_346, day, shows=100, clicks=9, spent="5.00", goals=1)
    account.restate(71_200_346, day, at=MORNING, spent="4.50")
    account.restate(71_200_346, day, at=MORNING + timedelta(days=1), goals=3)
    at = MORNING + timedelta(days=2)
    assert account.figures(71_200_346, day, at) == Figures(100, 9, Decimal("4.50"), 3)
    account.restate(71_200_346, day, at=at, shows=0, clicks=0, spent=0, goals=0)
    rows = Ledger(account).daily(day, day, at=at)
    assert "71200346" not in {row.banner_id for row in rows}


def test_an_archived_ad_keeps_its_spend(account: Account) -> None:
    """Archiving changes a status and nothing else."""
    ledger = Ledger(account)
    whole = ledger.totals()
    account.archive(account.banners[71_200_346])
    account.archive(account.plans[SPRING])
    assert account.banners[71_200_346].status == account.plans[SPRING].status == "deleted"
    assert ledger.totals() == whole


def test_an_empty_account_has_an_empty_ledger() -> None:
    """Nothing is nothing, not an error."""
    assert Ledger(empty_account()).as_json()["totals"] == {
        "shows": 0,
        "clicks": 0,
        "spent": "0",
        "goals": 0,
    }


def test_the_clock_is_moscows_whatever_the_instant_is_written_in() -> None:
    """Half past midnight in Moscow is a new day, though it is yesterday in London."""
    clock = Clock(datetime.fromisoformat("2026-03-19T21:30:00+00:00"))
    assert clock.today == TODAY
    clock.sleep(90)
    assert clock.now == datetime(2026, 3, 20, 0, 31, 30, tzinfo=MOSCOW)
    clock.set(datetime(2026, 3, 21, 1, 0))  # noqa: DTZ001 - naive means Moscow
    assert clock.now == datetime(2026, 3, 21, 1, 0, tzinfo=MOSCOW)


def test_a_running_clock_goes_on_by_itself() -> None:
    """A process that serves for long lives in the present."""
    clock = Clock(datetime(2026, 3, 20, 15, 0, tzinfo=MOSCOW), runs=True)
    first = clock.now
    assert clock.now > first
