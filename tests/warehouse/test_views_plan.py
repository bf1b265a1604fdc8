"""Plan beside fact: golden data from files, through the real rebuild, with nothing merged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from golden_rows import Golden, told
from staged import Staged, msk
from zakaz import facts, plan_file
from zakaz.schema import checks

README = Path(__file__).resolve().parents[2] / "infra" / "clickhouse" / "README.md"
NOW = msk("2026-03-15 10:00")
RATIOS = ("deviation_tickets", "deviation_revenue")
MONEY = ("plan_revenue", "fact_revenue", "diff_revenue")
VIEW = "SELECT * FROM bi.v_plan_vs_fact ORDER BY d, event_id, currency"
CASES = (
    "h9_plan_only", "h9_fact_only", "h9_both", "h9_unknown_event",
    "h9_nothing_planned_nothing_sold", "h12_plan_in_two_currencies",
)  # fmt: skip
PLANNED = "zakaz.plan_sales FINAL WHERE NOT is_deleted"


def plan_vs_fact(staged: Staged) -> list[dict[str, Any]]:
    """Rebuild everything and give the view; no sum of plan or revenue may change on its way."""
    facts.rebuild_all(staged.warehouse, at=NOW)
    assert checks.run(staged.warehouse) == []
    for column, origin in (
        ("plan_tickets", f"SELECT sum(plan_tickets) FROM {PLANNED}"),
        ("plan_revenue", f"SELECT sum(plan_revenue) FROM {PLANNED}"),
        ("fact_tickets", "SELECT sum(tickets_sold) FROM bi.v_sales_daily"),
        ("fact_revenue", "SELECT sum(revenue) FROM bi.v_sales_daily"),
    ):  # fmt: skip
        total = staged.warehouse.query(f"SELECT sum({column}) FROM bi.v_plan_vs_fact").scalar()
        assert total == staged.warehouse.query(origin).scalar(), column
    return staged.warehouse.query(VIEW).dicts()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("loads", [1, pytest.param(3, marks=pytest.mark.engine)])
def test_h9_a_side_alone_keeps_day_event_and_city(staged: Staged, case: str, loads: int) -> None:
    """Plan only, fact only, both, neither, two currencies: the rows of the file, and no other.

    However often they are loaded, with nothing merged (H7); what is missing on a side counts as 0,
    and a deviation without a plan is NULL.
    """
    golden = Golden(case, "plan", RATIOS, MONEY)
    golden.stage(staged, times=loads)
    assert told(plan_vs_fact(staged)) == golden.rows("plan_vs_fact")


@pytest.mark.engine
def test_h9_an_empty_store_has_no_row(staged: Staged) -> None:
    """Before the first plan and the first sale the view is empty, not a row of 1970."""
    assert plan_vs_fact(staged) == []


@pytest.mark.engine
def test_h9_a_plan_of_events_without_a_sale_keeps_their_accounts_apart(staged: Staged) -> None:
    """The same event id planned in two accounts is two rows, each with its own event's name."""
    staged.event("e1")
    staged.event("e1", account_id="other", event_name="Гала", city_name="Омск")
    staged.plan("2026-02-10")
    staged.plan("2026-02-10", account_id="other", plan_tickets=7)
    assert [
        (row["account_id"], row["event_name"], row["city"], row["plan_tickets"])
        for row in sorted(plan_vs_fact(staged), key=lambda row: str(row["account_id"]))
    ] == [("main", "Ёлка", "томск", 10), ("other", "Гала", "омск", 7)]


@pytest.mark.engine
def test_h7_a_newer_plan_replaces_an_older_one_unmerged(staged: Staged) -> None:
    """Of three versions of a planned day the newest counts, in whatever order they came."""
    staged.event()
    staged.plan("2026-02-10", plan_tickets=5, ver=200)
    staged.plan("2026-02-10", plan_tickets=8, ver=300)
    staged.plan("2026-02-10", plan_tickets=1, ver=100)
    assert [row["plan_tickets"] for row in plan_vs_fact(staged)] == [8]


@pytest.mark.engine
def test_h10_a_deviation_over_more_rows_is_that_of_the_sums(staged: Staged) -> None:
    """A large day at half its plan and a tiny one at twice its plan are half the plan together."""
    staged.event()
    staged.plan("2026-02-10", plan_tickets=1000, plan_revenue="1000")
    staged.plan("2026-02-11", plan_tickets=1, plan_revenue="1")
    staged.ticket("1", price="500")
    staged.ticket("2", price="2", payed_at="2026-02-11 12:00")
    rows = plan_vs_fact(staged)
    assert [row["deviation_revenue"] for row in rows] == [-0.5, 1.0]
    assert staged.warehouse.query(
        "SELECT round(toFloat64(sum(diff_revenue)) / toFloat64(sum(plan_revenue)), 4)"
        " FROM bi.v_plan_vs_fact"
    ).scalar() == pytest.approx(-0.4985)


@pytest.mark.engine
def test_the_documented_plan_and_question_work(staged: Staged, tmp_path: Path) -> None:
    """The README's file is a plan, its table names every column, and its SQL answers."""
    text = README.read_text(encoding="utf-8")
    section = text.partition("## Plan and fact")[2].partition("\n## ")[0]
    example = re.search(r"```text\n(.+?)```", section, re.DOTALL)
    question = re.search(r"```sql\n(.+?)```", section, re.DOTALL)
    assert example is not None
    assert question is not None
    (tmp_path / "plan.csv").write_text(example[1], encoding="utf-8")
    for line in plan_file.read(tmp_path / "plan.csv"):
        staged.plan(
            str(line.sales_date),
            event_id=line.event_id,
            plan_tickets=line.plan_tickets,
            plan_revenue=line.plan_revenue,
        )
    assert staged.warehouse.query(question[1]).rows[0][2:] == (142500.5, 0, -1)
    named = re.findall(r"^\| `(\w+)` \| `(.+?)` \|", section, re.MULTILINE)
    assert tuple(sorted(name for name, _ in named)) == tuple(sorted(plan_file.COLUMNS))
    for name, russian in named:
        assert plan_file.column_of(russian) == name
