"""Golden data in files: what is staged, and the rows that a view must then give."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from staged import Staged

FOLDER = Path(__file__).parent
STAGED = ("event", "show", "order", "basket", "ticket", "ads", "ads_account", "plan")
RATIOS = (
    "roas", "romi", "drr", "margin", "ctr", "cpc", "cpm", "cpt", "cpo", "conversion",
)  # fmt: skip
MONEY = ("revenue", "spend", "profit")
DIGITS = 6


class Golden:
    """One file: rows for staging by kind, rows expected of a view by its short name.

    The files stand side by side in one store: each has an account named like the file, and those
    of ``marketing`` a city and days of their own. ``ratios`` and ``money`` are the columns of that
    view which the file spells as text.
    """

    def __init__(
        self,
        name: str,
        folder: str = "marketing",
        ratios: Sequence[str] = RATIOS,
        money: Sequence[str] = MONEY,
    ) -> None:
        path = FOLDER / folder / f"{name}.toml"
        self.name = name
        self._read = tomllib.loads(path.read_text(encoding="utf-8"))
        self._ratios, self._money = ratios, money

    def stage(self, staged: Staged, times: int = 1) -> None:
        """Write the rows, each as often as a load is repeated."""
        with staged.account(self.name):
            for kind in STAGED * times:
                for row in self._read.get(kind, []):
                    getattr(staged, kind)(**row)

    def rows(self, view: str) -> list[dict[str, Any]]:
        """Give the expected rows; a ratio that a file leaves out is NULL."""
        return [
            row
            | {name: Decimal(row[name]) for name in self._money}
            | {name: float(row[name]) if name in row else None for name in self._ratios}
            for row in self._read.get(view, [])
        ]


def told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give rows of a view as the files spell them: ratios of six digits, no instant."""
    return [
        {
            name: round(value, DIGITS) if isinstance(value, float) else value
            for name, value in row.items()
            if name != "_loaded_at"
        }
        for row in rows
    ]
