"""The dictionary of cities: what an operator writes into it is what rebuilds look up."""

from __future__ import annotations

from typing import Any

import pytest
from golden_rows import Golden
from staged import Staged, msk
from test_facts_dimensions import SPELLINGS
from zakaz import city_aliases, facts
from zakaz.errors import SettingsError
from zakaz.schema import checks

NOW = msk("2026-03-15 10:00")


@pytest.mark.engine
def test_h5_without_a_dictionary_sales_keep_their_city(staged: Staged) -> None:
    """An empty dictionary costs no sale its city and puts all spend under unknown, never ''."""
    staged.warehouse.execute("TRUNCATE TABLE zakaz.dim_city_alias")
    Golden("h1_one_event").stage(staged)
    facts.rebuild_all(staged.warehouse, at=NOW)
    assert checks.run(staged.warehouse) == []
    rows = staged.warehouse.query(
        "SELECT city, revenue, spend FROM bi.v_marketing_roi_daily ORDER BY city"
    )
    assert rows.rows == [("unknown", 0, 500), ("казань", 2000, 0)]


def test_every_spelling_is_written_as_the_rebuild_looks_it_up(staged: Staged) -> None:
    """Whatever quotes, hyphens and case an operator types, an event of that spelling is found."""
    staged.warehouse.execute("TRUNCATE TABLE zakaz.dim_city_alias")
    spellings = [spelling for spelling, city in SPELLINGS if city != "unknown"]
    written = {city_aliases.normal_form(spelling): spelling for spelling in spellings}
    for spelling in written.values():
        city_aliases.add(staged.warehouse, spelling, "Новый Город", NOW)
    with staged.together():
        for number, spelling in enumerate(spellings):
            staged.event(str(number), city_name=spelling)
    facts.rebuild_dirty(staged.warehouse, at=NOW)
    rows = staged.warehouse.query("SELECT DISTINCT city FROM bi.v_events").rows
    assert rows == [("новый город",)]


def test_a_city_is_found_by_any_of_its_spellings(staged: Staged) -> None:
    """So that no second name of one city comes up; a new city is its own spelling."""
    for spelling, city, written in (
        ("НиНо", "Нижний Новгород", ("нино", "нижний новгород")),
        ("нино", "Н. Новгород", ("нино", "нижний новгород")),
        ("нижний_н", "нижний_новгород", ("нижний н", "нижний новгород")),
        ("Губкин", "г. Губкин", ("губкин", "губкин")),
    ):
        assert city_aliases.add(staged.warehouse, spelling, city, NOW) == written
        rows: list[Any] = staged.warehouse.query(
            "SELECT alias, city FROM zakaz.dim_city_alias FINAL"
            " WHERE alias IN {words:Array(String)}",
            {"words": list(written)},
        ).rows
        assert dict(rows) == {written[0]: written[1], written[1]: written[1]}


def test_one_word_never_means_two_cities(staged: Staged) -> None:
    """Ads are looked up by letters alone: a second meaning of the same letters is refused aloud."""
    with pytest.raises(SettingsError, match=r"'н\. новгород' means нижний новгород"):
        city_aliases.add(staged.warehouse, "н-новгород", "Великий Новгород", NOW)
    assert city_aliases.add(staged.warehouse, "н-новгород", "Нижний Новгород", NOW)
    assert city_aliases.add(staged.warehouse, "нск", "Норильск", NOW) == ("нск", "норильск")


@pytest.mark.parametrize("word", ["", "2026", "_", "«»", "г. "])
def test_a_word_without_letters_is_no_city(staged: Staged, word: str) -> None:
    """It is refused, as is taking out what was never there."""
    with pytest.raises(SettingsError, match="no name of a city"):
        city_aliases.add(staged.warehouse, word, "Казань", NOW)
    with pytest.raises(SettingsError, match="no spelling"):
        city_aliases.remove(staged.warehouse, "небывальск", NOW)
