"""The words of the dashboard: one JSON per language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"


class Texts:
    """All texts of one language; a missing key is a bug and raises KeyError."""

    def __init__(self, lang: str, words: Mapping[str, str]) -> None:
        self.lang = lang
        self._words = words

    def __call__(self, key: str, /, **values: object) -> str:
        """Give the text of ``key`` with its ``{places}`` filled."""
        text = self._words[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, shown: str) -> str:
        """Give the text of ``key`` in the plural form that ``number`` asks for."""
        return self(f"{key}.{_form(self.lang, number)}", n=shown)

    def keys(self) -> set[str]:
        """List all keys."""
        return set(self._words)

    def script(self) -> dict[str, str]:
        """Give the texts that the page's JavaScript needs, without their prefix."""
        return {key[3:]: text for key, text in self._words.items() if key.startswith("js.")}


@cache
def load(lang: str) -> Texts:
    """Read ``texts/<lang>.json`` once."""
    return Texts(lang, json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8")))


def _form(lang: str, number: int) -> str:
    if lang == "en":
        return "one" if number == 1 else "many"
    if number % 10 == 1 and number % 100 != 11:
        return "one"
    if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14):
        return "few"
    return "many"
