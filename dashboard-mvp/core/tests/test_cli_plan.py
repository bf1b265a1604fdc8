"""zakaz plan, from a file to the view of plan and fact."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from copied import copied
from zakaz import facts
from zakaz.moscow import MOSCOW
from zakaz.warehouse.connect import open_for_reading, open_for_writing, publish
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

Cli = Callable[..., Any]
HEADING = "sales_date,event_id,plan_tickets,plan_revenue\n"
FEBRUARY = "2026-02-01,17,10,1000\n2026-02-02,17,20,2000\n2026-02-01,18,5,500\n"
MARCH = "2026-03-01,17,7,700\n"
STORED = (
    "SELECT d, event_id, plan_tickets, plan_revenue, currency FROM bi.v_plan_vs_fact"
    " ORDER BY d, event_id, currency"
)
IMPORTED = [
    ("2026-02-01", "17", 10, "1000.00", "RUB"),
    ("2026-02-01", "18", 5, "500.00", "KZT"),
    ("2026-02-02", "17", 20, "2000.00", "RUB"),
    ("2026-03-01", "17", 7, "700.00", "RUB"),
]
RUNS = "SELECT job, status, received, inserted FROM bi.v_job_runs"


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str], str]:
    """Give a function that writes a plan and gives its path."""

    def write(lines: str) -> str:
        path = tmp_path / "plan.csv"
        path.write_text(HEADING + lines, encoding="utf-8")
        return str(path)

    return write


def know(warehouse: Warehouse, at: datetime, *events: tuple[str, str, str]) -> None:
    """Make events known to the store, as account, id and currency."""
    accounts, ids, currencies = (list(column) for column in zip(*events, strict=True))
    rows = len(events)
    warehouse.insert(
        "zakaz.stg_qtickets_events",
        {
            "account_id": accounts,
            "event_id": ids,
            "event_name": [f"=Ёлка {event}" for event in ids],
            **{name: [""] * rows for name in ("city_id", "city_name", "city_timezone",
                                              "place_name")},
            "currency": currencies,
            "is_active": [True] * rows,
            **{name: [at] * rows for name in ("created_at", "updated_at", "_loaded_at")},
            "deleted_at": [None] * rows,
            "_ver": [1] * rows,
        },
    )  # fmt: skip
    facts.rebuild_all(warehouse, at=at)


@pytest.fixture(scope="module")
def knowing(bootstrapped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published store that knows event 17 in roubles and event 18 in tenge."""
    root = copied(bootstrapped, tmp_path_factory.mktemp("knowing") / "store")
    url = WarehouseUrl("embedded", path=root)
    with open_for_writing(url) as warehouse:
        known = [("main", "17", "RUB"), ("main", "18", "KZT")]
        know(warehouse, datetime(2026, 2, 1, 12, tzinfo=MOSCOW), *known)
    publish(url)
    return root


@pytest.fixture
def known(knowing: Path, tmp_path: Path) -> WarehouseUrl:
    """Put a copy of the store that knows two events where ``cli`` looks."""
    return WarehouseUrl("embedded", path=copied(knowing, tmp_path / "store"))


@pytest.fixture(scope="module")
def first_import(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the store of the first import is kept; each test works on a copy of it."""
    return tmp_path_factory.mktemp("planned") / "store"


@pytest.fixture
def planned(
    cli: Cli, plan: Callable[[str], str], knowing: Path, first_import: Path, tmp_path: Path
) -> WarehouseUrl:
    """Put a store into which February and March were imported where ``cli`` looks."""
    if first_import.exists():
        return WarehouseUrl("embedded", path=copied(first_import, tmp_path / "store"))
    store = copied(knowing, tmp_path / "store")
    assert cli("plan", "import", plan(FEBRUARY + MARCH)).code == 0
    copied(store, first_import)
    return WarehouseUrl("embedded", path=store)


@dataclass(frozen=True)
class Seen:
    """What readers see: the plan, and the job, status, rows received and inserted of each run."""

    plan: list[tuple[Any, ...]]
    runs: list[tuple[Any, ...]]


def seen(url: WarehouseUrl) -> Seen:
    """Return what readers of the store see."""
    with open_for_reading(url) as warehouse:
        return Seen(
            [
                (str(day), event, tickets, str(revenue), currency)
                for day, event, tickets, revenue, currency in warehouse.query(STORED).rows
            ],
            sorted(tuple(row) for row in warehouse.query(RUNS).rows),
        )


def test_an_import_is_seen_at_once_and_twice_changes_nothing(
    cli: Cli, plan: Callable[[str], str], known: WarehouseUrl
) -> None:
    """The second import of a file writes no row; both runs stand in the journal."""
    file = plan(FEBRUARY + MARCH)

    first, second = cli("plan", "import", file), cli("plan", "import", file)

    assert (first.code, second.code) == (0, 0)
    assert "4 new, 0 changed, 0 withdrawn, 0 unchanged" in first.out
    assert "0 new, 0 changed, 0 withdrawn, 4 unchanged" in second.out
    assert seen(known) == Seen(IMPORTED, [("plan", "ok", 4, 0), ("plan", "ok", 4, 4)])


def test_a_newer_file_replaces_its_events_and_months_and_no_others(
    cli: Cli, plan: Callable[[str], str], planned: WarehouseUrl
) -> None:
    """A moved day is not planned twice; other months and other events keep their plan."""
    done = cli("plan", "import", plan("2026-02-01,17,11,1000\n2026-02-03,17,20,2000\n"))

    assert "1 new, 1 changed, 1 withdrawn, 0 unchanged" in done.out
    assert [row[:3] for row in seen(planned).plan] == [
        ("2026-02-01", "17", 11), ("2026-02-01", "18", 5), ("2026-02-03", "17", 20),
        ("2026-03-01", "17", 7),
    ]  # fmt: skip
    back = cli("plan", "import", plan("2026-02-02,17,20,2000\n"), "--keep")
    assert "1 new, 0 changed, 0 withdrawn" in back.out
    assert len(seen(planned).plan) == 5


def test_a_dry_run_says_what_would_change_and_writes_nothing(
    cli: Cli, plan: Callable[[str], str], planned: WarehouseUrl
) -> None:
    """Each change in a line, with old and new figures; no row and no run is written."""
    generations = sorted((planned.path / "published").iterdir())
    file = plan("2026-02-01,17,12,1000.50\n2026-02-03,17,2,2\n")

    for done in (cli("plan", "import", file, "--dry-run"),
                 cli("plan", "import", file, DRY_RUN="true")):  # fmt: skip
        assert done.code == 0
        assert (
            "2026-02-01, event 17: 10 tickets, 1000.00 RUB becomes 12 tickets, 1000.50" in done.out
        )
        assert "2026-02-02, event 17: withdrawn: 20 tickets, 2000.00 RUB" in done.out
        assert "2026-02-03, event 17: new: 2 tickets, 2.00 RUB" in done.out
        assert "nothing was written" in done.out
    assert sorted((planned.path / "published").iterdir()) == generations
    assert seen(planned) == Seen(IMPORTED, [("plan", "ok", 4, 4)])


def test_a_bad_line_imports_nothing(
    cli: Cli, plan: Callable[[str], str], planned: WarehouseUrl
) -> None:
    """All or nothing: exit 65 names line and reason, the plan stays what it was."""
    changed = FEBRUARY.replace(",10,1000", ",11,1100")
    done = cli("plan", "import", plan(changed + "2026-02-30,17,1,1\n"))

    assert done.code == 65
    assert "line 5: sales_date: '2026-02-30' is no day" in done.err
    assert "Traceback" not in done.err
    assert seen(planned).plan == IMPORTED


def test_an_unknown_event_is_planned_and_named(
    cli: Cli, plan: Callable[[str], str], known: WarehouseUrl
) -> None:
    """A plan may come before its event; until then it stands under the id alone."""
    file = plan("2026-02-01,18,10,1000\n2026-02-02,18,20,2000\n2026-02-01,19,5,500\n")

    done = cli("plan", "import", file)

    assert done.code == 0
    assert "1 of the events is not known here (yet): 19" in done.out
    assert [row[1:] for row in seen(known).plan] == [
        ("18", 10, "1000.00", "KZT"), ("19", 5, "500.00", "RUB"), ("18", 20, "2000.00", "KZT"),
    ]  # fmt: skip


def test_whose_plan_it_is_must_be_clear(
    cli: Cli, plan: Callable[[str], str], store_url: WarehouseUrl, at: datetime, tmp_path: Path
) -> None:
    """No account and two accounts are both exit 65 with the way out; a column settles it."""
    none = cli("plan", "import", plan(MARCH))
    with open_for_writing(store_url) as warehouse:
        know(warehouse, at, ("main", "17", "RUB"), ("other", "17", "RUB"))
    publish(store_url)
    two = cli("plan", "import", plan(MARCH))
    named = tmp_path / "named.csv"
    named.write_text("sales_date;event_id;plan_tickets;account_id\n2026-03-01;17;7;other\n")

    assert (none.code, two.code) == (65, 65)
    assert "zakaz sync" in none.out
    assert "accounts main, other: add the column account_id" in two.out
    assert cli("plan", "import", str(named)).code == 0
    assert [status for _, status, *_ in seen(store_url).runs] == ["failed", "failed", "ok"]


def test_the_template_is_a_plan_of_nothing(
    cli: Cli, known: WarehouseUrl, bootstrapped: Path, tmp_path: Path
) -> None:
    """It lists the active events by id and name, opens as it is, and plans nothing until filled."""
    unseen = copied(bootstrapped, tmp_path / "unseen")
    empty = cli("plan", "template", ZAKAZ_WAREHOUSE_URL=f"chdb://{unseen}")
    done = cli("plan", "template")
    file = tmp_path / "template.csv"
    file.write_text(done.out, encoding="utf-8")

    assert empty.out.splitlines() == [
        "\ufeffsales_date;event_id;event_name;plan_tickets;plan_revenue;currency;account_id"
    ]
    assert "zakaz sync" in empty.err
    first, second = (line.split(";") for line in done.out.splitlines()[1:])
    assert first[1:] == ["17", "'=Ёлка 17", "0", "0", "RUB", "main"]
    assert second[1:5] == ["18", "'=Ёлка 18", "0", "0"]
    assert cli("plan", "import", str(file)).code == 0
    assert seen(known).plan == []


@pytest.mark.usefixtures("planned")
def test_a_plan_is_no_source_to_be_late(cli: Cli) -> None:
    """status names sources only: a file that was imported once has no freshness."""
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
    cli: Cli, plan: Callable[[str], str], planned: WarehouseUrl
) -> None:
    """It says which batch of the plan is lost and that its file brings it back."""
    assert cli("verify").code == 0
    with open_for_writing(planned) as warehouse:
        warehouse.execute("ALTER TABLE zakaz.plan_sales DROP PARTITION 202602")
    publish(planned)

    told = cli("verify")
    assert told.code == 65
    assert "plan_sales has lost 3 rows of batch 1 of run" in told.out
    assert "among them 2026-02-01/17/RUB. Load them again with: zakaz plan import FILE" in told.out

    cli("plan", "import", plan(FEBRUARY + MARCH))
    assert cli("verify").code == 0
