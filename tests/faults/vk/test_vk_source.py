"""S and G: tokens that end, limits, refusals, lists that move, corrections; spend stays whole."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from ad_trial import CANARY, AdTrial
from zakaz_emulators.vk import Account, empty_account, wide_account
from zakaz_emulators.vk import faults as broken

DAILY = "banners/day.json"
DELETED = "SELECT banner_id, stat_date FROM zakaz.stg_vk_ads_daily FINAL WHERE is_deleted"


def test_s23_days_restated_up_and_down_are_those_of_the_last_fetch(trial: AdTrial) -> None:
    """The last three days go up, then down; the last answer counts, and the changes are told.

    The same answer twice is no change, and today that went on is no correction.
    """
    trial.ends(0)
    today = trial.clock().date()
    trial.account.restate(71_200_345, today, spent="99999.99")
    assert "corrected" not in trial.ends(0).run.message
    trial.equals()
    first, *others = [(ad, day) for ad, day in trial.staged() if (today - day).days in (1, 2, 3)]
    for factor in ("1.10", "0.85"):
        for ad, day in [first, *others]:
            known = trial.account.figures(int(ad), day, trial.clock())
            spent = (known.spent * Decimal(factor)).quantize(Decimal("0.01"))
            trial.account.restate(
                int(ad), day, spent=spent + Decimal("0.01"), goals=known.goals + 1
            )
        before = trial.staged()
        outcome = trial.ends(0, f"VK Ads corrected {len(others) + 1} past days of ads")
        after = trial.staged()
        moved = sum(after[key][2] - before[key][2] for key in before)
        assert f"spend {moved:+}" in outcome.run.message
        trial.equals()
    assert "corrected" not in trial.ends(0).run.message
    ad, day = first
    trial.account.restate(int(ad), day, shows=0, clicks=0, spent="0", goals=0)
    trial.faults.add(broken.edit(lambda answer: drop(answer, ad, day)), path=DAILY)
    trial.ends(0, "1 days of ads vanished")
    trial.equals()
    assert trial.rows(DELETED) == [(ad, day)]


def drop(answer: Any, ad: str, day: date) -> None:
    """Tell nothing of one day of an ad."""
    (told,) = [one for one in answer["items"] if str(one["id"]) == ad]
    told["rows"] = [row for row in told["rows"] if row["date"] != day.isoformat()]


def test_s06_a_token_that_expires_on_page_three_is_renewed_once(trial: AdTrial) -> None:
    """The third request is refused with 401: one renewal, the same page again, no row lost."""
    trial.faults.add(broken.before(trial.emulator.tokens.expire), nth=4)  # the first is the token's
    trial.ends(0)

    tokens = trial.emulator.tokens
    assert (tokens.issued, tokens.renewed, len(tokens.slots)) == (1, 1, 1)
    asked = [(one.path, one.query) for one in trial.emulator.requests if "oauth2" not in one.path]
    refused = [one.status for one in trial.emulator.requests].count(401)
    assert refused == 1
    assert len(asked) == len(set(asked)) + 1
    trial.equals()


def test_g3_s03_s07_s15_what_is_refused_for_ever_moves_nothing(trial: AdTrial) -> None:
    """Each end is told by its code, and the days stay to be read.

    A token that is refused also after its renewal is asked for at most twice, a limit is waited for
    in five tries, and an error object inside a 200 is a refusal, never an empty list or a day
    without spend.
    """
    trial.faults.always(broken.unauthorized("expired_token"), path="ad_plans.json")
    trial.ends(78, "does not accept the token")
    trial.faults.clear()
    assert trial.emulator.tokens.calls <= 2
    assert len(trial.emulator.asked("ad_plans.json")) == 2

    trial.faults.always(broken.too_many(), path=DAILY)
    trial.ends(75, "rate_limited")
    trial.faults.clear()
    assert len(trial.emulator.asked(DAILY)) == 5

    said = json.dumps({"error": {"code": "ERR_ACCESS_DENIED", "message": CANARY}})
    for path in ("ad_plans.json", "banners.json", DAILY, "users/day.json"):
        trial.faults.always(broken.body(said.encode()), path=path)
        trial.ends(78, f"{path} was refused (200, ACCESS_DENIED)")
        trial.faults.clear()

    assert trial.staged() == {}
    trial.ends(0)
    trial.equals()


def test_s04_s09_s12_s13_s14_a_broken_answer_is_asked_for_again(trial: AdTrial) -> None:
    """A different fault in each request of a run: the run ends well and every row is there."""
    faults = {
        "user.json": broken.status(503),
        "ad_plans.json": broken.html(),
        "ad_groups.json": broken.broken_json(),
        "v2/banners.json": broken.nothing(),
        DAILY: broken.reset(),
        "users/day.json": broken.cut_close(),
    }
    for path, fault in faults.items():
        trial.faults.add(fault, path=path)
    trial.ends(0)

    assert [len(trial.emulator.asked(path)) for path in faults] == [2] * len(faults)
    trial.equals()


def test_s05_a_closed_access_ends_the_run(trial: AdTrial) -> None:
    """Exit 78 after one request, and no further token is asked for."""
    for number, code in enumerate(("invalid_client", "invalid_user", "revoked_token"), start=1):
        trial.faults.always(broken.unauthorized(code), path="ad_groups.json")
        trial.ends(78, code)
        trial.faults.clear()

        assert trial.emulator.tokens.calls == 1
        assert len(trial.emulator.asked("ad_groups.json")) == number


def test_s05_a_method_without_rights_is_not_waited_for(trial: AdTrial) -> None:
    """All limits are 0: exit 78 at once."""
    trial.emulator.rates.forbid(DAILY)
    trial.ends(78, "no right to the method")

    assert len(trial.emulator.asked(DAILY)) == 1


def test_g4_s01_s02_a_reached_limit_is_waited_for(trial: AdTrial) -> None:
    """With Retry-After never earlier than it says, without it to the end of the named window."""
    began = trial.clock()
    trial.faults.add(broken.too_many(retry_after=3), path=DAILY)
    trial.faults.add(broken.too_many(), path="banners.json")
    trial.ends(0)

    assert trial.clock() - began >= timedelta(seconds=3)
    trial.equals()


def test_s05_a_refused_request_is_asked_once(trial: AdTrial) -> None:
    """Exit 78 with endpoint and status."""
    for number, code in enumerate((400, 403, 404), start=1):
        trial.faults.always(broken.error(code, "ERR_WRONG_PARAMETER"), path=DAILY)
        trial.ends(78, f"({code}, WRONG_PARAMETER")
        trial.faults.clear()

        assert len(trial.emulator.asked(DAILY)) == number


class TestManyAds:
    """A hundred and twenty ads: lists of three pages, statistics in two requests."""

    @pytest.fixture
    def account(self) -> Account:
        return wide_account(120)

    def test_g2_a_failed_part_of_the_statistics_is_no_success(self, trial: AdTrial) -> None:
        """The second hundred of ads fails: exit 75, nothing moves, no day without spend."""
        trial.faults.add(broken.status(500), path=DAILY, nth=2, times=None)
        outcome = trial.ends(75, "500")

        assert outcome.status.value == "failed"
        assert trial.staged() == {}
        trial.faults.clear()
        trial.ends(0)
        trial.equals()

    def test_s18_ads_gone_between_two_pages_push_no_other_out(self, trial: AdTrial) -> None:
        """The list is read again when it moved, and every ad that is left is there."""
        first = min(trial.account.banners)
        gone = broken.after(lambda: trial.account.remove_banner(first))
        trial.faults.add(gone, path="v2/banners.json")
        trial.ends(0)

        trial.equals()
        assert len(trial.staged()) == len(trial.account.banners) * 2

    def test_s21_a_short_page_in_the_middle_is_no_end(self, trial: AdTrial) -> None:
        """A page of twenty of the fifty asked for: the reading goes on behind it."""

        def shorten(page: Any) -> None:
            page["items"] = page["items"][:20]

        trial.faults.add(broken.edit(shorten), path="v2/banners.json", nth=2)
        trial.ends(0)
        trial.equals()


class TestEmptyAccount:
    """An account without a single ad."""

    @pytest.fixture
    def account(self) -> Account:
        return empty_account()

    def test_an_account_without_ads_is_empty_and_no_error(self, trial: AdTrial) -> None:
        """Nothing is asked of ads, and the run says that there was nothing."""
        assert trial.ends(0).status.value == "empty"
        assert trial.emulator.asked(DAILY) == []


@pytest.mark.parametrize("hours", [-2, 2])
def test_s22_a_clock_that_is_two_hours_off_loses_no_day(trial: AdTrial, hours: int) -> None:
    """Around midnight such a machine is in another day; the next run on time has the ledger."""
    midnight = trial.clock().replace(hour=0, minute=0, second=0) + timedelta(days=1)
    trial.account.clock.set(midnight - timedelta(hours=hours / 2))
    right = trial.clock
    trial.clock = lambda: right() + timedelta(hours=hours)  # type: ignore[method-assign]
    trial.ends(0)
    trial.clock = right  # type: ignore[method-assign]
    trial.pass_(hours=3)
    trial.ends(0)

    first = trial.window[0]
    assert {k: v for k, v in trial.staged().items() if k[1] >= first} == trial.truth(*trial.window)
