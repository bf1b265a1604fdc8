"""The UTM rules: `cases/utm.toml` holds them as data."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest
from vk_ads.transform import AUTOMATIC_TAGS, Place, resolve_tags, tag_template
from vk_ads.wire import AdGroup, Banner
from zakaz.utm import FIELDS, normalise, parse_query

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "utm.toml").read_text(encoding="utf-8")
)["case"]

PLACE = Place(
    account_id="5550123",
    plan_id="8801247",
    plan_name="Осень 2026",
    group_id="30455102",
    group_name="Похожие 25-45",
    banner_id="71200345",
    objective="site_conversions",
)


def template(case: dict[str, Any]) -> dict[str, str]:
    """The tag template of a case, from objects shaped like the API's."""
    group = msgspec.convert({"id": 30455102, **case.get("group", {})}, AdGroup)
    urls = {role: {"url": url} for role, url in case.get("urls", {}).items()}
    banner = msgspec.convert({"id": 71200345, "urls": urls}, Banner)
    return tag_template(group, banner)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_utm_rules(case: dict[str, Any]) -> None:
    """Every case of the table gives the expected tags, raw template and dynamic mark."""
    tags = resolve_tags(template(case), PLACE.macros())
    assert tags.utm._asdict() == dict.fromkeys(FIELDS, "") | case["expect"]
    assert tags.is_dynamic == case.get("dynamic", False)
    if "raw" in case:
        assert tags.raw == case["raw"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_order_that_came_through_the_ad_carries_the_same_tags(case: dict[str, Any]) -> None:
    """A buyer who follows the link leaves an order whose normalised tags equal those of the ad."""
    expanded = template(case)
    for macro, value in PLACE.macros().items():
        expanded = {tag: text.replace(f"{{{{{macro}}}}}", value) for tag, text in expanded.items()}
    landing = "https://shop.example/?" + urlencode(expanded)
    order_utm = dict(parse_qsl(urlsplit(landing).query))
    assert normalise(order_utm)[0] == resolve_tags(template(case), PLACE.macros()).utm


def test_an_ad_nobody_knows_has_no_tags() -> None:
    """Statistics of an ad that is in no list of the account come without tags."""
    tags = resolve_tags(tag_template(None, None), {})
    assert (tags.utm, tags.raw, tags.is_dynamic) == (("", "", "", "", ""), "", False)


def test_a_macro_whose_value_is_not_known_stays_and_is_dynamic() -> None:
    """An ad without a campaign keeps the campaign's macro instead of an invented empty id."""
    tags = resolve_tags(
        parse_query("utm_campaign={{ad_plan_id}}"), PLACE._replace(plan_id="").macros()
    )
    assert (tags.utm.campaign, tags.is_dynamic) == ("{{ad_plan_id}}", True)


def test_the_automatic_tags_are_those_of_the_documentation() -> None:
    """The automatic tags name the source, the medium, the ad group and the ad."""
    assert parse_query(AUTOMATIC_TAGS) == {
        "utm_source": "vk_ads",
        "utm_medium": "cpc",
        "utm_campaign": "{{campaign_id}}",
        "utm_content": "{{banner_id}}",
    }
