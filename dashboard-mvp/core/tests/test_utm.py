"""UTM: one normaliser, so that orders and advertisements meet."""

from __future__ import annotations

import json

import pytest
from zakaz.utm import LONGEST, NO_UTM, Utm, normalise, normalise_tag, parse_query


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ([], NO_UTM),
        (None, NO_UTM),
        ({}, NO_UTM),
        ("", NO_UTM),
        ([{"utm_source": "vk"}], NO_UTM),
        ({"utm_source": "VK"}, Utm(source="vk")),
        ({"utm_source": " vk  ads "}, Utm(source="vk ads")),
        ({"utm_campaign": "osen%20zima"}, Utm(campaign="osen zima")),
        ({"utm_term": "%D1%91%D0%BB%D0%BA%D0%B0"}, Utm(term="ёлка")),
        ({"utm_content": "ЁЛКА_05_02"}, Utm(content="ёлка_05_02")),
        ({"utm_content": 90044511}, Utm(content="90044511")),
        ({"utm_source": None, "utm_medium": ""}, NO_UTM),
        ({"utm_source": {"a": 1}}, NO_UTM),
        ({"utm_source": "a\tb\nc\x00"}, Utm(source="a b c")),
        ({"other": "x"}, NO_UTM),
        ({"utm_term": "50%"}, Utm(term="50%")),
        ({"utm_term": "%F1%EA"}, Utm(term="%f1%ea")),
        ({"utm_term": "и\u0306од"}, Utm(term="йод")),
        ({"utm_term": "smile \ud83d"}, Utm(term="smile")),
    ],
)
def test_f15_every_shape_of_utm_becomes_five_plain_tags(value: object, tags: Utm) -> None:
    """Lists, null, percent signs, upper case, spaces and Cyrillic end in one spelling."""
    assert normalise(value)[0] == tags  # type: ignore[arg-type] # wrong shapes are the point


def test_f15_the_raw_value_is_kept_beside_the_normalised_one() -> None:
    """What was sent can still be read, as JSON of the known keys."""
    _, raw = normalise({"utm_source": " VK ", "utm_term": "Ёлка", "secret": "x"})

    assert json.loads(raw) == {"utm_source": " VK ", "utm_term": "Ёлка"}


def test_f15_no_tags_leave_no_raw_text() -> None:
    """An empty array, as PHP sends it, is stored as nothing."""
    assert normalise([]) == (NO_UTM, "")


def test_f26_an_address_in_a_tag_is_masked() -> None:
    """Mailings put the reader's address into tags; it must not reach a table."""
    tags, raw = normalise({"utm_term": "Anna.P%40example.test", "utm_content": "a@example.test"})

    assert tags.term == "[e-mail]"
    assert "@" not in tags.content + raw


def test_a_tag_is_cut_to_the_longest_allowed() -> None:
    """A tag of a thousand letters does not blow the key of a fact up."""
    assert len(normalise_tag("x" * 1000)) == LONGEST


@pytest.mark.parametrize(
    "text", ["VK Ads", " ёлка ", "crea01_hyp", "a" * 300, "x@example.test", "İ"]
)
def test_normalising_twice_changes_nothing(text: str) -> None:
    """A stored tag meets itself again."""
    once = normalise_tag(text)

    assert normalise_tag(once) == once


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://shop.example/a?utm_source=vk&utm_content=%7B%7Bbanner_id%7D%7D#top",
         {"utm_source": "vk", "utm_content": "{{banner_id}}"}),
        ("utm_source=vk_ads&utm_medium=cpc", {"utm_source": "vk_ads", "utm_medium": "cpc"}),
        ("?utm_source=vk&utm_source=ok", {"utm_source": "vk"}),
        ("https://shop.example/a", {}),
        ("UTM_Source=VK&utm_term=", {"utm_source": "VK", "utm_term": ""}),
        ("utm_campaign=osen+zima", {"utm_campaign": "osen zima"}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_link_gives_its_query_decoded_once(link: str, found: dict[str, str]) -> None:
    """Macros stay macros, the first of a repeated key counts, the fragment does not."""
    assert parse_query(link) == found


def test_both_sides_of_the_join_agree() -> None:
    """An ad's link and the order it brought end in the same tags."""
    from_ad, _ = normalise(parse_query("https://e.example/?utm_source=VK%20Ads&utm_term=%D0%81"))
    from_order, _ = normalise({"utm_source": "vk ads", "utm_term": "ё"})

    assert from_ad == from_order


@pytest.mark.parametrize(
    ("in_link", "in_order", "tag"),
    [
        ("%D1%EE%F7%E8", "%D1%EE%F7%E8", "%d1%ee%f7%e8"),
        ("%CE%EC%F1%EA", "%ce%ec%f1%ea", "%ce%ec%f1%ea"),
        ("%CE%EC+%F1%EA", "%CE%EC %F1%EA", "%ce%ec %f1%ea"),
        ("%CE%EC+%F1%EA", "%CE%EC+%F1%EA", "%ce%ec %f1%ea"),
        ("%D0%9E%D0%BC%D1%81%D0%BA", "Омск", "омск"),
        ("100%", "100%", "100%"),
    ],
)
def test_field_p16_a_tag_in_windows_1251_meets_its_order(
    in_link: str, in_order: str, tag: str
) -> None:
    """Percent signs that are no UTF-8 stay as they are on both sides: two towns stay two tags."""
    from_ad, raw = normalise(parse_query(f"https://e.example/?utm_campaign={in_link}"))
    assert from_ad == normalise({"utm_campaign": in_order})[0] == Utm(campaign=tag)
    assert "\ufffd" not in raw


@pytest.mark.parametrize(
    "link", ["https://[шоу].example/?utm_source=vk", "https://show.example]/", "https://a\uff0fb/"]
)
def test_field_p01_a_link_that_cannot_be_opened_is_a_value_error(link: str) -> None:
    """The caller decides what such a link costs."""
    with pytest.raises(ValueError, match=r".+"):
        parse_query(link)


def test_f16_a_thousand_bad_tags_write_no_line(caplog: pytest.LogCaptureFixture) -> None:
    """A thousand bad tags write no line each."""
    for number in range(1000):
        normalise({"utm_source": f"%F1{number}"})

    assert caplog.records == []
