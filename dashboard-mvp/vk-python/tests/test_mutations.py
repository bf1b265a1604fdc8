"""Each field of each object of each list spoilt: it costs itself, and no other object anything."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from vk_ads import client, lists
from vk_ads.load import catalogue_of
from vk_ads.rates import Rates
from vk_ads.reading import differences, read_account, read_window
from vk_ads.rows import VkAdsDaily
from vk_ads.statistics import Asked
from zakaz.errors import ZakazError
from zakaz.http_answer import BrokenAnswerError, json_object
from zakaz.moscow import MOSCOW

FETCHED_AT = datetime(2026, 9, 24, 4, 30, tzinfo=MOSCOW)
FIRST, DAYS = date(2026, 9, 10), 4
WINDOW = (FIRST, FIRST + timedelta(days=DAYS - 1))
ADS, SPOILT = ("501", "502", "503"), "501"
STATISTICS, CONTROL = "statistics/banners/day.json", "statistics/users/day.json"
MARK = "@@spoilt@@"
VALUES = ("null", "[]", "{}", "5", '""', "true", "-1", "1e999", "NaN", "1" * 30, '"\\ud83d"',
          f'"{"x" * 5000}"', '"https://[x]/"', "[[]]", '{"a":{}}')  # fmt: skip
Path = tuple[str | int, ...]


def account() -> dict[str, Any]:
    """An account of two campaigns, two groups and three ads, of four days each."""

    def days(spent: str, of: int = 1) -> list[dict[str, Any]]:
        return [
            {
                "date": (FIRST + timedelta(days=number)).isoformat(),
                "base": {"shows": 10 * of, "clicks": of, "spent": spent, "vk": {"goals": of}},
            }
            for number in range(DAYS)
        ]

    def group(number: int, plan: int, **more: Any) -> dict[str, Any]:
        return {"id": number, "ad_plan_id": plan, "name": f"g{number}", "objective": "o", **more}

    def ad(number: int, group_id: int) -> dict[str, Any]:
        url = f"https://shop.example/?utm_source=vk&utm_content=c{number}"
        links = {"primary": {"id": 1, "url": url, "url_types": ["external"]}}
        return {"id": number, "ad_group_id": group_id, "name": f"a{number}", "urls": links}

    plans = [{"id": number, "name": f"p{number}", "objective": "o"} for number in (301, 302)]
    own = {"enable_utm": True, "utm": "utm_medium=cpc&utm_term={{ad_group_id}}"}
    return {
        "user.json": {"id": 77, "currency": "RUB"},
        "ad_plans.json": {"items": plans, "count": 2},
        "ad_groups.json": {"items": [group(401, 301, **own), group(402, 302)], "count": 2},
        "banners.json": {"items": [ad(501, 401), ad(502, 401), ad(503, 402)], "count": 3},
        STATISTICS: {"items": [{"id": int(one), "rows": days("10.10")} for one in ADS]},
        CONTROL: {"items": [{"id": 77, "rows": days("30.30", 3)}]},
    }


class Api:
    """The HTTP border: answers go through the same judgement as those of the real client."""

    last_headers: Mapping[str, str] = {}

    def __init__(self, answers: dict[str, Any], raw: str = "") -> None:
        self._answers = answers
        self._raw = raw

    def get_json(self, path: str, *, params: Mapping[str, Any]) -> bytes:
        """Answer one request."""
        (told,) = [told for known, told in self._answers.items() if path.endswith(f"/{known}")]
        if "offset" in params and isinstance(told, dict) and isinstance(told["items"], list):
            told = told | {"items": told["items"][params["offset"] :]}
        text = json.dumps(told, ensure_ascii=False).replace(f'"{MARK}"', self._raw)
        return json_object(path, path, 200, {}, text.encode())


class Run:
    """What a run reads of an account."""

    def __init__(self, answers: dict[str, Any], raw: str = "") -> None:
        api = client.VkAdsClient(
            Api(answers, raw),  # type: ignore[arg-type]  # only what the client asks of it
            Rates(None, lambda: 0.0, lambda _: None),
        )
        catalogue = catalogue_of(api)
        ids = list(catalogue.banners)
        read = read_window(api, catalogue, ids, WINDOW, Asked(), lambda: FETCHED_AT, lambda _: None)
        sums = read_account(api, catalogue.account, WINDOW, lambda: FETCHED_AT)
        self.rows = {(ad, day): row for (ad, day), row in read.rows.items()}
        self.aside = [*catalogue.odd, *read.refused, *sums.refused]
        self.failures = differences(read.rows.values(), sums, FETCHED_AT.date())
        self.whole = read.told_whole(set(ids))
        for row in self.rows.values():
            repr(row).encode()  # what cannot be encoded cannot be stored

    @property
    def spend(self) -> Decimal:
        """What the promoter paid by these rows."""
        return sum((row.spend for row in self.rows.values()), Decimal())


HONEST = Run(account())


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place below a value, itself included."""
    yield path
    if isinstance(value, dict | list):
        found = value.items() if isinstance(value, dict) else enumerate(value)
        for key, below in found:
            yield from places(below, (*path, key))


def spoilt(answer: str, path: Path) -> dict[str, Any]:
    """The account with one place of one answer marked."""
    told = copy.deepcopy(account())
    if not path:
        return told | {answer: MARK}
    where = told[answer]
    for key in path[:-1]:
        where = where[key]
    where[path[-1]] = MARK
    return told


def of_first(answer: str) -> list[Path]:
    """Every place in the first object of a list; of its days the first one stands for all."""
    found = places(account()[answer]["items"][0], ("items", 0))
    return [path for path in found if "rows" not in path or path[-1] == "rows" or path[3] == 0]


def figures(row: VkAdsDaily) -> tuple[Any, ...]:
    """What is counted of a day."""
    return row.impressions, row.clicks, row.spend, row.goals, row.currency


LISTS = [(answer, path) for answer in ("ad_plans.json", "ad_groups.json", "banners.json")
         for path in of_first(answer)]  # fmt: skip


def named(case: Any) -> str:
    return case if isinstance(case, str) else ".".join(map(str, case))


@pytest.mark.parametrize(("answer", "path"), LISTS, ids=named)
def test_field_p01_p03_p04_an_odd_object_of_a_list_costs_itself(answer: str, path: Path) -> None:
    """Every ad's figures land, and everything of the objects that have no part in the odd one."""
    for raw in VALUES:
        run = Run(spoilt(answer, path), raw)
        lost = answer == "banners.json" and path in (("items", 0), ("items", 0, "id"))
        expected = {key: row for key, row in HONEST.rows.items() if not lost or key[0] != SPOILT}
        counted = {key: row for key, row in run.rows.items() if key[0] in ADS}
        assert {key: figures(row) for key, row in counted.items()} == {
            key: figures(row) for key, row in expected.items()
        }, raw
        assert bool(run.failures) is lost, raw  # the promoter's money is the account's own sum
        untouched = ADS[1:] if answer == "banners.json" else ADS[2:]
        for key, row in run.rows.items():
            if key[0] in untouched:
                assert row == HONEST.rows[key], raw
        assert len(run.aside) <= 2


@pytest.mark.parametrize("path", of_first(STATISTICS), ids=named)
def test_field_p03_p04_an_odd_part_of_statistics_costs_a_day_or_its_ad(path: Path) -> None:
    """The other days, or at least the other ads, land; what is missing is told by the control."""
    for raw in VALUES:
        run = Run(spoilt(STATISTICS, path), raw)
        of_a_day = len(path) > 3
        for key, row in HONEST.rows.items():
            if key[0] != SPOILT or (of_a_day and key[1] != FIRST):
                assert run.rows[key] == row, raw
        if run.rows != HONEST.rows:
            changed = [key for key, row in run.rows.items() if HONEST.rows.get(key) != row]
            assert (
                run.failures
                or run.aside
                or all(run.rows[key].spend == HONEST.rows[key].spend for key in changed)
            ), raw
        if run.aside:  # what was not told is not what has vanished
            assert SPOILT not in run.whole or set(run.rows) == set(HONEST.rows), raw
        assert set(ADS[1:]) <= run.whole


@pytest.mark.parametrize("path", of_first(CONTROL), ids=named)
def test_field_p03_an_odd_control_sum_costs_its_day_and_no_row(path: Path) -> None:
    """All ads land; a day that has nothing to be held against is told."""
    for raw in VALUES:
        try:
            run = Run(spoilt(CONTROL, path), raw)
        except ZakazError as error:
            pytest.fail(f"{raw}: {error}")
        assert run.rows == HONEST.rows
        held = path[-1] in ("clicks", "shows", "goals", "vk") and not run.aside
        assert len(run.failures) == (0 if held else 1) or (path[-1] == "rows" and raw == "[]"), raw


CAN_BE_READ: dict[Path, tuple[str, ...]] = {
    (): (),
    ("items",): ("[]", "[[]]"),
    ("id",): ("5",),
    ("currency",): (f'"{"x" * 5000}"', '"https://[x]/"'),
}


@pytest.mark.parametrize("answer", list(account()))
def test_field_p03_an_answer_that_is_none_is_a_typed_error(answer: str) -> None:
    """The run ends with 65, 75 or 78 and never with 70."""
    for path in [path for path in CAN_BE_READ if set(path) <= account()[answer].keys()]:
        for raw in VALUES:
            told = spoilt(answer, path)
            if raw in CAN_BE_READ[path]:
                Run(told, raw)
                continue
            with pytest.raises((ZakazError, BrokenAnswerError)) as caught:
                Run(told, raw)
            assert not isinstance(caught.value, ZakazError) or caught.value.exit_code == 65, raw


@pytest.mark.parametrize(
    "answer", [answer for answer, told in account().items() if "count" in told]
)
def test_field_p03_an_odd_count_of_a_list_changes_nothing(answer: str) -> None:
    """The list is then read to its empty end."""
    for raw in VALUES:
        assert Run(spoilt(answer, ("count",)), raw).rows == HONEST.rows, raw


def test_field_p01_an_odd_link_costs_the_tags_of_that_link() -> None:
    """The group's own tags stay, for they come from no link; the ad beside it keeps all."""
    for link in ("https://[шоу].example/?utm_source=vk", "https://show.example]/?utm_source=vk",
                 "https://shop.example\uff0f.example/?utm_source=vk"):  # fmt: skip
        told = account()
        for ad in (0, 2):
            told["banners.json"]["items"][ad]["urls"]["primary"]["url"] = link
        run = Run(told)
        tags = {ad: run.rows[ad, FIRST] for ad in ADS}
        assert (tags["501"].utm_source, tags["501"].utm_medium) == ("", "cpc")
        assert (tags["503"].utm_source, tags["503"].utm_raw) == ("", "")
        assert tags["502"] == HONEST.rows["502", FIRST]
        assert run.spend == HONEST.spend
        assert [(one.id, one.reason, one.field) for one in run.aside] == [
            (ad, "bad_link", "urls.primary") for ad in ("501", "503")
        ]


@pytest.mark.parametrize(
    ("field", "value"), [("utm", 5), ("utm", []), ("enable_utm", "yes"), ("utm", "https://[x]/")]
)
def test_field_p03_tags_of_a_group_that_cannot_be_read_are_invented_by_nobody(
    field: str, value: Any
) -> None:
    """Its ads have no tags then: neither the automatic ones nor those of the link alone."""
    told = account()
    told["ad_groups.json"]["items"][0][field] = value
    run = Run(told)
    for ad in ADS[:2]:
        row = run.rows[ad, FIRST]
        assert (row.utm_source, row.utm_medium, row.utm_raw) == ("", "", "")
        assert (row.ad_group_name, row.ad_plan_id, row.banner_name) == ("g401", "301", f"a{ad}")


def test_field_p16_two_towns_in_windows_1251_are_two_campaigns() -> None:
    """Their percent signs stay, as they do in the orders that such links bring."""
    told = account()
    for ad, town in ((0, "%D1%EE%F7%E8"), (2, "%CE%EC%F1%EA")):
        link = f"https://shop.example/?utm_campaign={town}"
        told["banners.json"]["items"][ad]["urls"]["primary"]["url"] = link
    rows = Run(told).rows
    assert rows["501", FIRST].utm_campaign == "%d1%ee%f7%e8"
    assert rows["503", FIRST].utm_campaign == "%ce%ec%f1%ea"


def test_a_whole_ad_that_cannot_be_read_is_no_change_of_the_api() -> None:
    """However many of its days: one ad of several is put aside and the rest lands."""
    told = account()
    told[STATISTICS]["items"] += [
        {"id": number, "rows": told[STATISTICS]["items"][1]["rows"]} for number in range(600, 630)
    ]
    told["banners.json"]["items"] += [{"id": number} for number in range(600, 630)]
    for day in told[STATISTICS]["items"][0]["rows"]:
        day["base"] = day["base"] | {"shows": None}
    run = Run(told)
    assert {key[0] for key in run.rows} == {*ADS[1:], *map(str, range(600, 630))}


def test_every_list_of_the_room_is_spoilt_here() -> None:
    """A list that is added to the room belongs into these tests."""
    known = {one.path for one in vars(lists).values() if isinstance(one, lists.List)}
    assert {path.rpartition("/")[2] for path in known} == {answer for answer, _ in LISTS}
