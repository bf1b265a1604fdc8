"""P and T: days that cannot be read are set aside with a reason, all others count."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from ad_trial import AdTrial
from zakaz.verify import verify
from zakaz_emulators.vk import faults as broken

DAILY = "banners/day.json"
# What cannot be said of a day without spend, revenue and clicks.
NO_RATIO = ("roas", "romi", "drr", "margin", "cpc", "cpt", "cpo")
Change = Callable[[dict[str, Any]], None]
# What becomes of one day each, and the reason it is set aside with.
SPOILT: list[tuple[Change, str]] = [
    (lambda day: day["base"].update(spent=None), "bad_day"),  # P03
    (lambda day: day["base"].pop("spent"), "bad_day"),
    (lambda day: day["base"].update(spent="1,5"), "bad_day"),  # P04
    (lambda day: day["base"].update(spent="abc"), "bad_day"),
    (lambda day: day["base"].update(spent="1" * 30), "amount_range"),  # P06
    (lambda day: day["base"].update(clicks=-1), "bad_day"),
    (lambda day: day.update(date="2026-02-30"), "bad_day"),  # P07
    (lambda day: day.update(date="0000-00-00"), "bad_day"),
]


def test_p03_p04_p06_p07_a_day_that_cannot_be_read_costs_that_day_alone(trial: AdTrial) -> None:
    """Each is set aside with its reason and told by the control sum; all other days count."""
    spoilt: list[tuple[str, date, str]] = []

    def spoil(answer: Any) -> None:
        days = [(ad, day) for ad in answer["items"] for day in ad["rows"][:20]]
        spending = [(ad, day) for ad, day in days if float(day["base"]["spent"]) > 1]
        for (ad, day), (change, reason) in zip(spending[::7], SPOILT, strict=False):
            spoilt.append((str(ad["id"]), date.fromisoformat(day["date"]), reason))
            change(day)

    trial.faults.add(broken.edit(spoil), path=DAILY)
    outcome = trial.ends(75, "control sum of")

    assert len(spoilt) == len(SPOILT) == outcome.report.quarantined
    told = [(key.split(" ")[0], reason) for key, reason in trial.quarantine()]
    assert sorted(told) == sorted((ad, reason) for ad, _, reason in spoilt)
    assert trial.staged() == trial.without(*((ad, day) for ad, day, _ in spoilt))
    trial.ends(0)
    trial.equals()


def test_field_p01_p03_p04_odd_objects_cost_themselves_and_no_spend(trial: AdTrial) -> None:
    """Names, links and half characters that are odd are put aside; every kopeck is counted.

    The run ends well, and manifest, journal and quarantine agree.
    """
    (plan, *_), (group, *_), ads = (
        trial.account.plans,
        trial.account.groups,
        [*trial.account.banners],
    )
    odd_link, no_name, no_links, half = ads[:4]
    spoilt: dict[str, dict[int, dict[str, Any]]] = {
        "ad_plans.json": {plan: {"name": None}},
        "ad_groups.json": {group: {"name": "@@half@@"}},
        "v2/banners.json": {
            odd_link: {"urls": {"primary": {"url": "https://[шоу].example/?utm_source=vk"}}},
            no_name: {"name": None},
            no_links: {"urls": []},
            half: {"name": "@@half@@"},
        },
    }

    def spoil(path: str) -> Callable[[bytes], bytes]:
        def change(body: bytes) -> bytes:
            page = json.loads(body)
            for item in page["items"]:
                item |= spoilt[path].get(item["id"], {})
            return json.dumps(page).replace("@@half@@", "\\ud83d").encode()

        return change

    for path in spoilt:
        trial.faults.always(broken.rewrite(spoil(path)), path=path)
    half_named = broken.rewrite(lambda body: body.replace(b'"id":', b'"x":"\\ud83d","id":', 1))
    trial.faults.always(half_named, path=DAILY)
    outcome = trial.ends(0)

    trial.equals()
    told = trial.rows("SELECT entity, row_key, reason, context FROM zakaz.meta_quarantine")
    assert sorted(told) == sorted([
        ("ad_plan", str(plan), "bad_type", "name"),
        ("ad_group", str(group), "bad_type", "name"),
        ("banner", str(odd_link), "bad_link", "urls.primary"),
        ("banner", str(no_name), "bad_type", "name"),
        ("banner", str(no_links), "bad_type", "urls"),
        ("banner", str(half), "bad_type", "name"),
    ])  # fmt: skip
    assert outcome.report.quarantined == len(told)
    assert verify(trial.warehouse) == []


def test_field_p16_two_towns_in_windows_1251_are_two_campaigns(trial: AdTrial) -> None:
    """Their percent signs stay, so that the orders of each town meet their own ads."""
    towns = ("%D1%EE%F7%E8", "%CE%EC%F1%EA")
    for number, ad in enumerate(trial.account.banners.values()):
        town = towns[number % 2]
        trial.account.change(trial.account.groups[ad.ad_group_id], enable_utm=False)
        link = f"https://shop.example/?utm_source=vk&utm_campaign={town}"
        trial.account.change(ad, urls={"primary": link})
    trial.ends(0)

    found = {name for (name,) in trial.rows("SELECT DISTINCT utm_campaign FROM bi.v_romi_daily")}
    assert found == {town.lower() for town in towns}


def test_field_p03_an_odd_control_sum_leaves_its_day_unproven(trial: AdTrial) -> None:
    """Every ad lands; the day is named, the run is partial, and the next one proves it."""

    def absurd(answer: Any) -> None:
        answer["items"][0]["rows"][3]["base"]["spent"] = "1" * 30

    trial.faults.add(broken.edit(absurd), path="users/day.json")
    outcome = trial.ends(75, f"control sum of {trial.window[0] + timedelta(days=3)}")

    trial.equals()
    assert outcome.status.value == "partial"
    assert [entity for (entity,) in trial.rows("SELECT entity FROM zakaz.meta_quarantine")] == [
        "control"
    ]
    trial.ends(0)
    trial.equals()


def test_p09_p10_a_day_told_twice_counts_once_and_fields_nobody_knows_change_nothing(
    trial: AdTrial,
) -> None:
    """Of two different figures of one day the last told is kept, and one duplicate is counted.

    A new set of figures, a new key of an ad and a new key of the envelope are left aside.
    """

    def change(answer: Any) -> None:
        answer["cursor"] = "x"
        for ad in answer["items"]:
            ad["user_id"] = 1
            for day in ad["rows"]:
                day["moat"] = {"seen": 1}
        ad = answer["items"][0]
        ad["rows"].insert(0, ad["rows"][5] | {"base": ad["rows"][4]["base"]})

    trial.faults.add(broken.edit(change), path=DAILY)

    assert trial.ends(0).report.duplicate == 1
    trial.equals()


def test_p16_statistics_that_are_all_unreadable_end_the_run(trial: AdTrial) -> None:
    """Exit 65, nothing is stored and nothing moves: the API has changed."""

    def spoil(answer: Any) -> None:
        for ad in answer["items"]:
            for day in ad["rows"]:
                day["base"]["spent"] = {"amount": day["base"]["spent"]}

    trial.faults.always(broken.edit(spoil), path=DAILY)
    trial.ends(65, "could not be read")

    assert trial.staged() == {}
    assert trial.quarantine() == []
    trial.faults.clear()
    trial.ends(0)
    trial.equals()


@pytest.mark.parametrize("bad", [5, 30])
def test_p15_p16_a_twentieth_of_bad_days_is_the_most(trial: AdTrial, bad: int) -> None:
    """A few bad days of 360 are set aside, more than a twentieth end the run with 65."""

    def spoil(answer: Any) -> None:
        days = [day for ad in answer["items"] for day in ad["rows"]]
        for day in days[:: len(days) // bad][:bad]:
            day["base"]["spent"] = "abc"

    trial.faults.add(broken.edit(spoil), path=DAILY)
    if bad < 18:
        trial.ends(75, "control sum of")
        assert len(trial.quarantine()) == bad
    else:
        trial.ends(65, f"{bad} of 360 days of ads could not be read")
        assert trial.staged() == {}
    trial.ends(0)
    trial.equals()


def test_t02_without_spend_and_revenue_no_ratio_is_invented(trial: AdTrial) -> None:
    """Shown and not charged, and nothing sold: every ratio of that day is NULL, none infinite."""
    day = trial.clock().date() - timedelta(days=4)
    for number in trial.account.banners:
        trial.account.restate(number, day, shows=100, clicks=0, spent="0", goals=0)
    trial.ends(0)
    trial.equals()

    found = ", ".join(f"countIf({name} IS NOT NULL)" for name in NO_RATIO)
    finite = " AND ".join(f"isFinite(ifNull({name}, 0))" for name in (*NO_RATIO, "ctr", "cpm"))
    for view in ("bi.v_marketing_roi_daily", "bi.v_romi_daily"):
        (told,) = trial.rows(f"SELECT {found}, sum(impressions) FROM {view} WHERE d = '{day}'")
        assert told == (*[0] * len(NO_RATIO), 100 * len(trial.account.banners))
        assert trial.rows(f"SELECT count() FROM {view} WHERE NOT ({finite})") == [(0,)]
