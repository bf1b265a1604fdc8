"""City aliases: the spellings an operator adds to the dictionary, and the words it does not know.

A spelling of the operator wins over every edition of the repository. One that is taken out again
keeps its row with an empty city, which no lookup finds.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from zakaz.errors import SettingsError
from zakaz.versions import next_version
from zakaz.warehouse.port import Warehouse

TABLE = "zakaz.dim_city_alias"
_LONGEST = 100
_UNKNOWN = """
SELECT
    extract(utm_content, '^(.+)_[0-9]+_[0-9]+$') AS word,
    currency,
    sum(spend) AS spend_sum,
    uniqExact(account_id, banner_id) AS ads,
    max(d) AS last_day
FROM bi.v_vk_ads_daily
WHERE attribution_reason = 'city_not_known'
GROUP BY word, currency
ORDER BY currency, spend_sum DESC, word
"""


def normal_form(spelling: str) -> str:
    """Write a spelling as facts/dim_events.sql does; raises SettingsError for one without letters.

    An underscore of a tag is a space.
    """
    text = spelling.replace("_", " ").lower().replace("ё", "е")
    text = re.sub(r"[«»\"'“”„]", "", text)
    text = re.sub(r" ?[-‐‑–—−] ?", "-", re.sub(r"\s+", " ", text)).strip()
    text = re.sub(r"^(г\. ?|г |город )", "", text)
    if not any(letter.isalpha() for letter in text) or len(text) > _LONGEST:
        raise SettingsError(f"'{spelling[:_LONGEST]}' is no name of a city; write it in letters.")
    return text


def add(warehouse: Warehouse, spelling: str, city: str, at: datetime) -> tuple[str, str]:
    """Let a spelling mean a city; gives both as they were written.

    A city named by another of its spellings is found; one that is new becomes its own spelling.
    Raises SettingsError when the same letters mean another city already: ads would then name none.
    """
    known = _known(warehouse)
    alias, named = normal_form(spelling), normal_form(city)
    meant = known.get(named) or named
    others = {
        other: its_city
        for other, its_city in known.items()
        if other != alias and its_city != meant and _letters(other) == _letters(alias)
    }
    if others:
        taken = ", ".join(f"'{other}' means {its_city}" for other, its_city in others.items())
        raise SettingsError(
            f"'{alias}' cannot mean {meant} while spellings of the same letters mean another city "
            f"({taken}): ads would name neither. Take those out first: zakaz cities remove SPELLING"
        )
    _write(warehouse, {alias: meant, meant: meant}, at)
    return alias, meant


def remove(warehouse: Warehouse, spelling: str, at: datetime) -> str:
    """Take a spelling out; raises SettingsError for one that is not there. Gives what it meant."""
    alias = normal_form(spelling)
    meant = _known(warehouse).get(alias)
    if not meant:
        raise SettingsError(f"The dictionary has no spelling '{alias}', so nothing was changed.")
    _write(warehouse, {alias: ""}, at)
    return meant


def unknown_words(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Give the words that stand in utm_content where a city is due, the costliest first."""
    return warehouse.query(_UNKNOWN).dicts()


def _letters(text: str) -> str:
    """Give what facts/fact_ads_daily.sql compares."""
    return "".join(letter for letter in text if letter.isalpha())


def _known(warehouse: Warehouse) -> dict[str, str]:
    query = "SELECT alias, city FROM zakaz.dim_city_alias FINAL WHERE city != ''"
    return dict(warehouse.query(query).rows)


def _write(warehouse: Warehouse, cities: dict[str, str], at: datetime) -> None:
    warehouse.insert(
        TABLE,
        {
            "alias": list(cities),
            "city": list(cities.values()),
            "_ver": [next_version(warehouse, TABLE, at)] * len(cities),
            "_loaded_at": [at] * len(cities),
        },
    )
