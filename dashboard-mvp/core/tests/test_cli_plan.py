"""zakaz plan, from a file to the view of plan and fact."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from zakaz import facts
from zakaz.warehouse.connect import open_for_writing, publish
from zakaz.warehouse.url import WarehouseUrl

Cli = Callable[..., Any]
HEADING = "sales_date,event_id,plan_tickets,plan_revenue\n"
FEBRUARY = "2026-02-01,17,10,1000\n2026-02-02,17,20,2000\n2026-02-01,18,5,500\n"
MARCH = "2026-03-01,17,7,700\n"
STORED = (
    "SELECT d, event_id, plan_tickets, plan_revenue, currency FROM bi.v_plan_vs_fact"
    " ORDER BY d, event_id, currency"
)


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str], str]:
    """Give a function that writes a plan and gives its path."""

    def write(lines: str) -> str:
        path = tmp_path / "plan.csv"
        path.write_text(HEADING + lines, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def know(store_url: WarehouseUrl, at: datetime) -> Callable[..., None]:
    """Give a function that makes events known to the store, as id and currency."""

    def write(*events: tuple[str, str], account: str = "main") -> None:
        rows = len(events)
        with open_for_writing(store_url) as warehouse:
            warehouse.insert(
                "zakaz.stg_qtickets_events",
                {
                    "account_id": [account] * rows,
                    "event_id": [event for event, _ in events],
                    "event_name": [f"=Ёлка {event}" for event, _ in events],
                    **{name: [""] * rows for name in ("city_id", "city_name", "city_timezone",
                                                      "place_name")},
                    "currency": [currency for _, currency in events],
                    "is_active": [True] * rows,
                    **{name: [at] * rows for name in ("created_at", "updated_at", "_loaded_at")},
                    "deleted_at": [None] * rows,
                    "_ver": [1] * rows,
                },
            )  # fmt: skip
            facts.rebuild_all(warehouse, at=at)
        publish(store_url)

    return write


def stored(cli: Cli) -> list[list[Any]]:
    """Give the plan as readers see it."""
    return [list(row.values()) for row in json.loads(cli("query", STORED, "--json").out)]


def test_an_import_is_seen_at_once_and_twice_changes_nothing(
    cli: Cli, plan: Callable[[str], str], know: Callable[..., None]
) -> None:
    """The second import of a file writes no row; both runs stand in the journal."""
    know(("17", "RUB"), ("18", "KZT"))
    file = plan(FEBRUARY + MARCH)

    first, second = cli("plan", "import", file), cli("plan", "import", file)

    assert (first.code, second.code) == (0, 0)
    assert "4 new, 0 changed, 0 withdrawn, 0 unchanged" in first.out
    assert "0 new, 0 changed, 0 withdrawn, 4 unchanged" in second.out
    assert stored(cli) == [
        ["2026-02-01", "17", 10, "1000.00", "RUB"],
        ["2026-02-01", "18", 5, "500.00", "KZT"],
        ["2026-02-02", "17", 20, "2000.00", "RUB"],
        ["2026-03-01", "17", 7, "700.00", "RUB"],
    ]
    runs = json.loads(cli("runs", "--json").out)
    assert sorted((r["job"], r["status"], r["received"], r["inserted"]) for r in runs) == [
        ("plan", "ok", 4, 0), ("plan", "ok", 4, 4),
    ]  # fmt: skip


def test_a_newer_file_replaces_its_events_and_months_and_no_others(
    cli: Cli, plan: Callable[[str], str], know: Callable[..., None]
) -> None:
    """A moved day is not planned twice; other months and other events keep their plan."""
    know(("17", "RUB"), ("18", "RUB"))
    cli("plan", "import", plan(FEBRUARY + MARCH))

    done = cli("plan", "import", plan("2026-02-01,17,11,1000\n2026-02-03,17,20,2000\n"))

    assert "1 new, 1 changed, 1 withdrawn, 0 unchanged" in done.out
    assert [row[:3] for row in stored(cli)] == [
        ["2026-02-01", "17", 11], ["2026-02-01", "18", 5], ["2026-02-03", "17", 20],
        ["2026-03-01", "17", 7],
    ]  # fmt: skip
    back = cli("plan", "import", plan("2026-02-02,17,20,2000\n"), "--keep")
    assert "1 new, 0 changed, 0 withdrawn" in back.out
    assert len(stored(cli)) == 5


def test_a_dry_run_says_what_would_change_and_writes_nothing(
    cli: Cli, plan: Callable[[str], str], know: Callable[..., None], tmp_path: Path
) -> None:
    """Each change in a line, with old and new figures; no row and no run is written."""
    know(("17", "RUB"))
    cli("plan", "import", plan("2026-02-01,17,10,1000\n2026-02-02,17,1,1\n"))
    generations = sorted((tmp_path / "store" / "published").iterdir())
    file = plan("2026-02-01,17,12,1000.50\n2026-02-03,17,2,2\n")

    for done in (cli("plan", "import", file, "--dry-run"),
                 cli("plan", "import", file, DRY_RUN="true")):  # fmt: skip
        assert done.code == 0
        assert (
            "2026-02-01, event 17: 10 tickets, 1000.00 RUB becomes 12 tickets, 1000.50" in done.out
        )
        assert "2026-02-02, event 17: withdrawn: 1 ticket, 1.00 RUB" in done.out
        assert "2026-02-03, event 17: new: 2 tickets, 2.00 RUB" in done.out
        assert "nothing was written" in done.out
    assert sorted((tmp_path / "store" / "published").iterdir()) == generations
    assert len(json.loads(cli("runs", "--json").out)) == 1


def test_a_bad_line_imports_nothing(
    cli: Cli, plan: Callable[[str], str], know: Callable[..., None]
) -> None:
    """All or nothing: exit 65 names line and reason, the plan stays what it was."""
    know(("17", "RUB"))
    cli("plan", "import", plan(MARCH))

    done = cli("plan", "import", plan(FEBRUARY + "2026-02-30,17,1,1\n"))

    assert done.code == 65
    assert "line 5: sales_date: '2026-02-30' is no day" in done.err
    assert "Traceback" not in done.err
    assert [row[:3] for row in stored(cli)] == [["2026-03-01", "17", 7]]


def test_an_unknown_event_is_planned_and_named(
    cli: Cli, plan: Callable[[str], str], know: Callable[..., None]
) -> None:
    """A plan may come before its event; until then it stands under the id alone."""
    know(("17", "KZT"))

    done = cli("plan", "import", plan(FEBRUARY))

    assert done.code == 0
    assert "1 of the events is not known here (yet): 18" in done.out
    assert [row[1:] for row in stored(cli)] == [
        ["17", 10, "1000.00", "KZT"], ["18", 5, "500.00", "RUB"], ["17", 20, "2000.00", "KZT"],
    ]  # fmt: skip


def test_whose_plan_it_is_must_be_clear(
    cli: Cli, plan: Callable[[str], str], know: Callable[..., None], tmp_path: Path
) -> None:
    """No account and two accounts are both exit 65 with the way out; a column settles it."""
    none = cli("plan", "import", plan(MARCH))
    know(("17", "RUB"))
    know(("17", "RUB"), account="other")
    two = cli("plan", "import", plan(MARCH))
    named = tmp_path / "named.csv"
    named.write_text("sales_date;event_id;plan_tickets;account_id\n2026-03-01;17;7;other\n")

    assert (none.code, two.code) == (65, 65)
    assert "zakaz sync" in none.out
    assert "accounts main, other: add the column account_id" in two.out
    assert cli("plan", "import", str(named)).code == 0
    statuses = sorted(run["status"] for run in json.loads(cli("runs", "--json").out))
    assert statuses == ["failed", "failed", "ok"]


def test_the_template_is_a_plan_of_nothing(
    cli: Cli, know: Callable[..., None], tmp_path: Path
) -> None:
    """It lists the active events by id and name, opens as it is, and plans nothing until filled."""
    empty = cli("plan", "template")
    know(("17", "RUB"), ("18", "RUB"))
    done = cli("plan", "template")
    file = tmp_path / "template.csv"
    file.write_text(done.out, encoding="utf-8")

    assert empty.out.splitlines() == [
        "\ufeffsales_date;event_id;event_name;plan_tickets;plan_revenue;currency;account_id"
    ]
    assert "zakaz sync" in empty.err
    assert [line.split(";")[1:] for line in done.out.splitlines()[1:]] == [
        ["17", "'=Ёлка 17", "0", "0", "RUB", "main"], ["18", "'=Ёлка 18", "0", "0", "RUB", "main"],
    ]  # fmt: skip
    assert cli("plan", "import", str(file)).code == 0
    assert stored(cli) == []


def test_a_plan_is_no_source_to_be_late(
    cli: Cli, plan: Callable[[str], str], know: Callable[..., None]
) -> None:
    """status names sources only: a file that was imported once has no freshness."""
    know(("17", "RUB"))
    cli("plan", "import", plan(MARCH))

    told = json.loads(cli("status", "--json").out)

    assert "plan" not in {source["source"] for source in told["sources"]}


def test_a_plan_beside_a_writer_waits(
    cli: Cli,
    plan: Callable[[str], str],
    ready_store: Path,
    holder: Callable[[Path], int],
) -> None:
    """A second writer of the store is exit 75, naming the first."""
    pid = holder(ready_store / "lock")

    done = cli("plan", "import", plan(MARCH))

    assert done.code == 75
    assert str(pid) in done.err


def test_found_e4_a_lost_plan_is_named_until_its_file_is_imported_again(
    cli: Cli, plan: Callable[[str], str], know: Callable[..., None], store_url: WarehouseUrl
) -> None:
    """It says which batch of the plan is lost and that its file brings it back."""
    know(("17", "RUB"), ("18", "RUB"))
    file = plan(FEBRUARY + MARCH)
    cli("plan", "import", file)
    assert cli("verify").code == 0
    with open_for_writing(store_url) as warehouse:
        warehouse.execute("ALTER TABLE zakaz.plan_sales DROP PARTITION 202602")
    publish(store_url)

    told = cli("verify")
    assert told.code == 65
    assert "plan_sales has lost 3 rows of batch 1 of run" in told.out
    assert "among them 2026-02-01/17/RUB. Load them again with: zakaz plan import FILE" in told.out

    cli("plan", "import", file)
    assert cli("verify").code == 0
