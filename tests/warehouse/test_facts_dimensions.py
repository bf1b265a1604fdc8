"""Dimensions: dates from live shows, and one spelling for every city."""

from __future__ import annotations

import pytest
from kept import Kept
from side_by_side import Cases, Told
from staged import Staged, msk
from zakaz import facts
from zakaz.schema import sources

pytestmark = pytest.mark.engine

NOW = msk("2026-03-15 10:00")

SPELLINGS = [
    ("Москва", "москва"), ("МОСКВА", "москва"), (" москва ", "москва"), ("г. Москва", "москва"),
    ("г.Москва", "москва"), ("г Москва", "москва"), ("город Москва", "москва"),
    ("«Москва»", "москва"), ('"Москва"', "москва"), ("'Москва'", "москва"), ("мск", "москва"),
    ("Moscow", "москва"), ("Санкт-Петербург", "санкт-петербург"),
    ("Санкт Петербург", "санкт-петербург"), ("Санкт - Петербург", "санкт-петербург"),
    ("Санкт–Петербург", "санкт-петербург"), ("Санкт—Петербург", "санкт-петербург"),
    ("Санкт‑Петербург", "санкт-петербург"), ("г. Санкт-Петербург", "санкт-петербург"),
    ("С-Петербург", "санкт-петербург"), ("С.-Петербург", "санкт-петербург"),
    ("СПб", "санкт-петербург"), ("спб", "санкт-петербург"), ("Питер", "санкт-петербург"),
    ("Saint Petersburg", "санкт-петербург"), ("St. Petersburg", "санкт-петербург"),
    ("Орёл", "орел"), ("Орел", "орел"), ("г. Орёл", "орел"), ("ОРЁЛ", "орел"),
    ("Ростов-на-Дону", "ростов-на-дону"), ("Ростов на Дону", "ростов-на-дону"),
    ("Ростов - на - Дону", "ростов-на-дону"), ("Нижний Новгород", "нижний новгород"),
    ("Нижний  Новгород", "нижний новгород"), ("Нижний\u00a0Новгород", "нижний новгород"),
    ("Н. Новгород", "нижний новгород"), ("Н.Новгород", "нижний новгород"),
    ("Екатеринбург", "екатеринбург"), ("ЕКБ", "екатеринбург"), ("Ekaterinburg", "екатеринбург"),
    ("Набережные Челны", "набережные челны"), ("Наб. Челны", "набережные челны"),
    ("Улан-Удэ", "улан-удэ"), ("Улан Удэ", "улан-удэ"), ("Тольяти", "тольятти"),
    ("Гусь-Хрустальный", "гусь-хрустальный"), ("Губкин", "губкин"), ("Горно-Алтайск",
    "горно-алтайск"), ("Йошкар-Ола", "йошкар-ола"), ("", "unknown"), ("  ", "unknown"),
]  # fmt: skip


EVENTS = """
SELECT *, toString(starts_on) AS first_day, toString(ends_on) AS last_day
FROM bi.v_events ORDER BY event_id
"""
case = Cases()


@pytest.fixture(scope="module")
def told(kept: Kept) -> Told:
    """Return the events of every case."""
    return case.run(kept, lambda warehouse: facts.rebuild_all(warehouse, at=NOW), EVENTS)


def spelt() -> dict[str, tuple[str, str]]:
    """Return every spelling and canonical name with its city, by event."""
    names = dict(enumerate(SPELLINGS))
    canonical = {1000 + n: (city, city) for n, city in enumerate({c for _, c in SPELLINGS})}
    known = {n: pair for n, pair in canonical.items() if pair[0] != "unknown"}
    return {str(number): pair for number, pair in (names | known).items()}


@case
def spellings(staged: Staged) -> None:
    """Play in cities of every spelling."""
    for number, (spelling, _) in spelt().items():
        staged.event(number, city_name=spelling)


def test_f25_every_spelling_of_a_city_is_one_city(told: Told) -> None:
    """Fifty spellings come out canonical, and the canonical names come out as themselves."""
    found = {row["event_id"]: (row["city_name"], row["city"]) for row in told.of(spellings)}
    assert found == spelt()


@case
def three_shows(staged: Staged) -> None:
    """Play twice, not a third time, and another event never."""
    staged.event("e1")
    staged.event("e2")
    staged.show("1", event_date="2026-03-02")
    staged.show("2", event_date="2026-03-05")
    staged.show("3", event_date="2026-04-01", deleted_at="2026-02-01 10:00")


def test_f3_an_event_spans_its_live_shows(told: Told) -> None:
    """First and last day come from the shows that are not deleted; without shows they are NULL."""
    names = ("event_id", "first_day", "last_day", "shows")
    rows = [tuple(row[name] for name in names) for row in told.of(three_shows)]
    assert rows == [("e1", "2026-03-02", "2026-03-05", 2), ("e2", None, None, 0)]


@case
def newer_alias(staged: Staged) -> None:
    """Add a newer meaning of a spelling."""
    staged.event(city_name="Самара")
    staged.warehouse.execute(
        "INSERT INTO zakaz.dim_city_alias (alias, city, _ver, _loaded_at)"
        " SELECT 'самара', 'северск', 2, now()"
    )


def test_h6_two_versions_of_an_alias_do_not_double_an_event(told: Told) -> None:
    """The newest meaning of a spelling wins, and the event stays one row."""
    assert [row["city"] for row in told.of(newer_alias)] == ["северск"]


@case
def deleted_event(staged: Staged) -> None:
    """Delete an event."""
    staged.event(deleted_at="2026-02-01 10:00")


def test_a_deleted_event_stays_known_but_inactive(told: Told) -> None:
    """Its sales keep their name."""
    assert [(row["event_name"], row["is_active"]) for row in told.of(deleted_event)] == [
        ("Ёлка", False)
    ]


@case
def two_organisers(staged: Staged) -> None:
    """Let two organisers number their events alike."""
    for name in ("main", "second"):
        staged.event("1", account_id=name, event_name=f"Событие {name}")
        staged.order("1", account_id=name, event_id="1")
        staged.basket("1", account_id=name, event_id="1")


@pytest.mark.parametrize("account", ["main", "second"])
def test_accounts_share_a_store_without_sharing_ids(told: Told, account: str) -> None:
    """Event 1 of two organisers are two events, each with its own sales."""
    rows = told.warehouse.query(
        "SELECT event_name, orders FROM bi.v_sales_daily WHERE account_id = {account:String}",
        {"account": account},
    ).rows
    assert [(f"Событие {account}", 1)] == rows


def test_the_dictionary_is_in_normal_form() -> None:
    """An alias that the rebuild could never look up would be dead weight."""
    (seed,) = next(
        file for file in sources.migrations() if file.name.endswith("insert_dim_city_alias")
    ).parts
    for alias, city in _pairs(seed.body):
        assert alias == alias.strip().lower().replace("ё", "е"), alias
        assert (city, city) in _pairs(seed.body), city


def _pairs(body: str) -> set[tuple[str, str]]:
    from zakaz.schema.lexer import code, unquoted

    words = [unquoted(token) for token in code(body) if token.kind == "string"]
    rows = words[words.index("alias String, city String") + 1 :]
    return set(zip(rows[::2], rows[1::2], strict=True))
