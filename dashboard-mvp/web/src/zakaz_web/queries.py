"""One loader for all panel queries: plain typed SQL files over ``bi``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "panels"
FRESHNESS_SECONDS = 30.0  # ages even while nothing is published
_PARAMETER = re.compile(r"\{(\w+):([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Query:
    """A panel's statement and the parameters it declares, name to ClickHouse type."""

    name: str
    sql: str
    parameters: Mapping[str, str]
    keep_seconds: float = math.inf  # a published generation never changes

    def pick(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Take this query's parameters out of all that a page knows."""
        return {name: values[name] for name in self.parameters}


@cache
def load(name: str) -> Query:
    """Read ``panels/<name>.sql`` once; ``name`` is never text from outside."""
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    sql = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    keep = FRESHNESS_SECONDS if name == "freshness" else math.inf
    return Query(name, sql, dict(_PARAMETER.findall(sql)), keep)


def names() -> list[str]:
    """List every query there is."""
    return sorted(path.stem for path in FOLDER.glob("*.sql"))
