"""Cases side by side: each fills an account of its own, and all are rebuilt and read together.

A case is a function that fills staging. One that yields goes on after the rebuild, for what a
second load changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kept import Kept
from staged import Staged
from zakaz.warehouse.embedded import EmbeddedWarehouse

Case = Callable[[Staged], Iterator[None] | None]
Row = dict[str, Any]
SALES = "SELECT * FROM bi.v_sales_daily ORDER BY d, event_id, show_id, currency"


def account(case: Case) -> str:
    """Return the account that a case fills."""
    return case.__name__


class Told:
    """What a query told of every case after each rebuild, and the store as it is in the end."""

    def __init__(self, warehouse: EmbeddedWarehouse) -> None:
        self.warehouse = warehouse
        self._rounds: list[list[Row]] = []

    def look(self, sql: str) -> None:
        """Ask after a rebuild."""
        self._rounds.append(self.warehouse.query(sql).dicts())

    def of(self, case: Case, rebuild: int = -1) -> list[Row]:
        """Return the rows of one case after the last rebuild, or after the one of that number."""
        return [row for row in self._rounds[rebuild] if row["account_id"] == account(case)]

    def ask(self, case: Case, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store, as it is in the end, about ``{account:String}``."""
        return self.warehouse.query(sql, {"account": account(case)}).rows


class Cases:
    """The cases of a module; used as a decorator it adds one."""

    def __init__(self) -> None:
        self._cases: list[Case] = []

    def __call__(self, case: Case) -> Case:
        """Add a case."""
        self._cases.append(case)
        return case

    def run(self, kept: Kept, rebuild: Callable[[EmbeddedWarehouse], object], sql: str) -> Told:
        """Fill and rebuild until no case goes on; ``sql`` is asked after every rebuild."""
        kept.empty()
        kept.warehouse.execute("SYSTEM STOP MERGES")  # every case sees its duplicates unmerged
        told, staged = Told(kept.warehouse), Staged(kept.warehouse)
        going_on = {account(case): _steps(case, staged) for case in self._cases}
        while True:
            with staged.together():
                going_on = {
                    name: one for name, one in going_on.items() if _goes_on(name, one, staged)
                }
            rebuild(kept.warehouse)
            told.look(sql)
            if not going_on:
                return told


def _steps(case: Case, staged: Staged) -> Iterator[None]:
    """Run a case up to each of its rebuilds."""
    yield from case(staged) or ()


def _goes_on(name: str, steps: Iterator[None], staged: Staged) -> bool:
    """Run one step of a case in its account; return whether another one follows."""
    with staged.account(name):
        return next(steps, "ended") != "ended"
