"""The query of a request: values by name, lists by comma or by repetition."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qsl

from zakaz_emulators.vk.refusals import invalid

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Parameters:
    """Reads one query; what nobody asks for is ignored."""

    def __init__(self, query: str) -> None:
        self._pairs = parse_qsl(query, keep_blank_values=True)

    def one(self, name: str) -> str | None:
        """Give a value, the last when it stands twice, None when it is missing or empty."""
        values = [value for key, value in self._pairs if key == name]
        return values[-1] if values and values[-1] else None

    def many(self, name: str) -> list[str]:
        """Give the values of a list, written with commas or repeated."""
        texts = [value for key, value in self._pairs if key == name]
        return [part.strip() for text in texts for part in text.split(",") if part.strip()]

    def names(self, prefix: str) -> list[str]:
        """Give the names that begin so, each once."""
        return list(dict.fromkeys(key for key, _ in self._pairs if key.startswith(prefix)))

    def natural(self, name: str, default: int) -> int:
        """Give a number that is 0 or more; anything else is refused by name."""
        text = self.one(name)
        if text is None:
            return default
        if not text.isdecimal():
            raise invalid({name: "Value must be a non-negative integer"})
        return int(text)


def day_of(text: str) -> date | None:
    """Read a day written as 2026-02-01, None when it is none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
