"""Plan beside fact: golden data side by side in one store, through the real rebuild, unmerged.

Each case has an account of its own. The store is filled and rebuilt once and then loaded twice
more; each state of the view is read once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from golden_rows import Golden, told
from staged import Staged, msk
from zakaz import facts, plan_file
from zakaz.schema import checks
from zakaz.warehouse.port import Warehouse

pytestmark = pytest.mark.engine

README = Path(__file__).resolve().parents[2] / "infra" / "clickhouse" / "README.md"
NOW = msk("2026-03-15 10:00")
RATIOS = ("deviation_tickets", "deviation_revenue")
MONEY = ("plan_revenue", "fact_revenue", "diff_revenue")
VIEW = "SELECT * FROM bi.v_plan_vs_fact ORDER BY account_id, d, event_id, currency"
CASES = (
    "h9_plan_only", "h9_fact_only", "h9_both", "h9_unknown_event",
    "h9_nothing_planned_nothing_sold", "h12_plan_in_two_currencies",
)  # fmt: skip
PLANNED = "zakaz.plan_sales FINAL WHERE NOT is_deleted"
SOLD = "bi.v_sales_daily"

Rows = list[dict[str, Any]]


@dataclass
class Board:
    """The view in every state of the store: before any load, loaded once, and thrice."""

    warehouse: Warehouse
    empty: Rows
    loaded: dict[int, Rows]

    def of(self, *accounts: str, loads: int = 1) -> Rows:
        """Return the rows of some accounts."""
        return [row for row in self.loaded[loads] if row["account_id"] in accounts]


@pytest.fixture(scope="module")
def board(shared: Staged, tmp_path_factory: pytest.TempPathFactory) -> Board:
    """Return what the view tells of the cases, each state of the store rebuilt and checked."""
    empty = plan_vs_fact(shared.warehouse)
    with shared.together():
        stage(shared)
        stage_the_documented(shared, tmp_path_factory.mktemp("plan") / "plan.csv")
    loaded = {1: plan_vs_fact(shared.warehouse)}
    with shared.together():
        stage(shared)
        stage(shared)
    planned = "SELECT count() FROM zakaz.plan_sales"
    of_a_load = shared.warehouse.query(f"{planned} FINAL WHERE account_id LIKE 'h9%'").scalar()
    unmerged = shared.warehouse.query(f"{planned} WHERE account_id LIKE 'h9%'").scalar()
    assert unmerged == 3 * of_a_load
    loaded[3] = plan_vs_fact(shared.warehouse)
    return Board(shared.warehouse, empty, loaded)


def stage(staged: Staged) -> None:
    """Write the files, and the cases that are written here."""
    for case in CASES:
        Golden(case, "plan").stage(staged)
    with staged.account("one"):
        staged.event()
        staged.plan("2026-02-10")
    with staged.account("other"):
        staged.event(event_name="Гала", city_name="Омск")
        staged.plan("2026-02-10", plan_tickets=7)
    with staged.account("h7"):
        staged.event()
        staged.plan("2026-02-10", plan_tickets=5, ver=200_000)
        staged.plan("2026-02-10", plan_tickets=8, ver=300_000)
        staged.plan("2026-02-10", plan_tickets=1, ver=100_000)
    with staged.account("h10"):
        staged.event()
        staged.plan("2026-02-10", plan_tickets=1000, plan_revenue="1000")
        staged.plan("2026-02-11", plan_tickets=1, plan_revenue="1")
        staged.ticket("1", price="500")
        staged.ticket("2", price="2", payed_at="2026-02-11 12:00")


def stage_the_documented(staged: Staged, path: Path) -> None:
    """Write the README's file."""
    example = re.search(r"```text\n(.+?)```", documented(), re.DOTALL)
    assert example is not None
    path.write_text(example[1], encoding="utf-8")
    with staged.account("readme"):
        for line in plan_file.read(path):
            staged.event(line.event_id, event_name="README")
            staged.plan(
                str(line.sales_date),
                event_id=line.event_id,
                plan_tickets=line.plan_tickets,
                plan_revenue=line.plan_revenue,
            )


def documented() -> str:
    """Return what the README says of plan and fact."""
    text = README.read_text(encoding="utf-8")
    return text.partition("## Plan and fact")[2].partition("\n## ")[0]


def plan_vs_fact(warehouse: Warehouse) -> Rows:
    """Rebuild everything and give the view; no sum of plan or revenue may change on its way."""
    facts.rebuild_all(warehouse, at=NOW)
    assert checks.run(warehouse) == []
    for column, origin, of in (
        ("plan_tickets", "plan_tickets", PLANNED),
        ("plan_revenue", "plan_revenue", PLANNED),
        ("fact_tickets", "tickets_sold", SOLD),
        ("fact_revenue", "revenue", SOLD),
    ):  # fmt: skip
        totals = [
            warehouse.query(
                f"SELECT account_id, sum({money}) AS total FROM {whole} GROUP BY account_id"
                " HAVING total != 0 ORDER BY account_id"
            ).rows
            for money, whole in ((column, "bi.v_plan_vs_fact"), (origin, of))
        ]
        assert totals[0] == totals[1], column
    return warehouse.query(VIEW).dicts()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("loads", [1, 3])
def test_h9_a_side_alone_keeps_day_event_and_city(board: Board, case: str, loads: int) -> None:
    """Plan only, fact only, both, neither, two currencies: the rows of the file, and no other.

    However often they are loaded, with nothing merged (H7); what is missing on a side counts as 0,
    and a deviation without a plan is NULL.
    """
    golden = Golden(case, "plan", RATIOS, MONEY)
    assert told(board.of(case, loads=loads)) == golden.rows("plan_vs_fact")


def test_h9_an_empty_store_has_no_row(board: Board) -> None:
    """Before the first plan and the first sale the view is empty, not a row of 1970."""
    assert board.empty == []


def test_h9_a_plan_of_events_without_a_sale_keeps_their_accounts_apart(board: Board) -> None:
    """The same event id planned in two accounts is two rows, each with its own event's name."""
    assert [
        (row["account_id"], row["event_name"], row["city"], row["plan_tickets"])
        for row in board.of("one", "other")
    ] == [("one", "Ёлка", "томск", 10), ("other", "Гала", "омск", 7)]


def test_h7_a_newer_plan_replaces_an_older_one_unmerged(board: Board) -> None:
    """Of three versions of a planned day the newest counts, in whatever order they came."""
    assert [row["plan_tickets"] for row in board.of("h7")] == [8]


def test_h10_a_deviation_over_more_rows_is_that_of_the_sums(board: Board) -> None:
    """A large day at half its plan and a tiny one at twice its plan are half the plan together."""
    assert [row["deviation_revenue"] for row in board.of("h10")] == [-0.5, 1.0]
    assert board.warehouse.query(
        "SELECT round(toFloat64(sum(diff_revenue)) / toFloat64(sum(plan_revenue)), 4)"
        " FROM bi.v_plan_vs_fact WHERE account_id = 'h10'"
    ).scalar() == pytest.approx(-0.4985)


def test_the_documented_plan_and_question_work(board: Board) -> None:
    """The README's file is a plan, its table names every column, and its SQL answers."""
    section = documented()
    question = re.search(r"```sql\n(.+?)```", section, re.DOTALL)
    assert question is not None
    rows = {row[0]: row[2:] for row in board.warehouse.query(question[1]).rows}
    assert rows["README"] == (142500.5, 0, -1)
    named = re.findall(r"^\| `(\w+)` \| `(.+?)` \|", section, re.MULTILINE)
    assert tuple(sorted(name for name, _ in named)) == tuple(sorted(plan_file.COLUMNS))
    for name, russian in named:
        assert plan_file.column_of(russian) == name
