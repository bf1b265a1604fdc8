"""Dimensions: dates from live shows, and one spelling for every city."""

from __future__ import annotations

import pytest
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


def test_f25_every_spelling_of_a_city_is_one_city(staged: Staged) -> None:
    """Fifty spellings come out canonical, and the canonical names come out as themselves."""
    names = dict(enumerate(SPELLINGS))
    canonical = {1000 + n: (city, city) for n, city in enumerate({c for _, c in SPELLINGS})}
    cases = names | {n: pair for n, pair in canonical.items() if pair[0] != "unknown"}
    for number, (spelling, _) in cases.items():
        staged.event(str(number), city_name=spelling)
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    rows = staged.warehouse.query("SELECT event_id, city_name, city FROM bi.v_events").rows
    assert {(str(n), spelling, city) for n, (spelling, city) in cases.items()} == set(rows)


def test_f3_an_event_spans_its_live_shows(staged: Staged) -> None:
    """First and last day come from the shows that are not deleted; without shows they are NULL."""
    staged.event("e1")
    staged.event("e2")
    staged.show("1", event_date="2026-03-02")
    staged.show("2", event_date="2026-03-05")
    staged.show("3", event_date="2026-04-01", deleted_at="2026-02-01 10:00")
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    rows = staged.warehouse.query(
        "SELECT event_id, toString(starts_on), toString(ends_on), shows FROM bi.v_events"
        " ORDER BY event_id"
    ).rows
    assert rows == [("e1", "2026-03-02", "2026-03-05", 2), ("e2", None, None, 0)]


def test_h5_without_aliases_a_city_keeps_its_own_name(staged: Staged) -> None:
    """An empty dictionary costs no city."""
    staged.warehouse.execute("TRUNCATE TABLE zakaz.dim_city_alias")
    staged.event(city_name="Томск")
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    assert staged.warehouse.query("SELECT city FROM bi.v_events").scalar() == "томск"


def test_h6_two_versions_of_an_alias_do_not_double_an_event(staged: Staged) -> None:
    """The newest meaning of a spelling wins, and the event stays one row."""
    staged.event(city_name="Томск")
    staged.warehouse.execute(
        "INSERT INTO zakaz.dim_city_alias (alias, city, _ver, _loaded_at)"
        " SELECT 'томск', 'северск', 2, now()"
    )
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    rows = staged.warehouse.query("SELECT city FROM bi.v_events").rows
    assert rows == [("северск",)]


def test_a_deleted_event_stays_known_but_inactive(staged: Staged) -> None:
    """Its sales keep their name."""
    staged.event(deleted_at="2026-02-01 10:00")
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    rows = staged.warehouse.query("SELECT event_name, is_active FROM bi.v_events").rows
    assert rows == [("Ёлка", False)]


def test_dimensions_that_became_empty_are_emptied(staged: Staged) -> None:
    """A whole rebuild leaves nothing of before."""
    staged.event()
    staged.show()
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    for table in ("stg_qtickets_events", "stg_qtickets_shows"):
        staged.warehouse.execute(f"TRUNCATE TABLE zakaz.{table}")
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    for table in ("dim_events", "dim_shows"):
        assert staged.warehouse.query(f"SELECT count() FROM zakaz.{table}").scalar() == 0


@pytest.mark.parametrize("account", ["main", "second"])
def test_accounts_share_a_store_without_sharing_ids(staged: Staged, account: str) -> None:
    """Event 1 of two organisers are two events, each with its own sales."""
    for name in ("main", "second"):
        staged.event("1", account_id=name, event_name=f"Событие {name}")
        staged.order("1", account_id=name, event_id="1")
        staged.basket("1", account_id=name, event_id="1")
    facts.rebuild_all(staged.warehouse, at=NOW)
    rows = staged.warehouse.query(
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
