"""Synchronisation: whatever happens to a run, it is recorded, and readers see whole loads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from copied import copied
from zakaz import dirty_months, facts, manifest, run_journal, stream_journal, sync
from zakaz.errors import DataError, PermanentSourceError, TransientSourceError, WarehouseError
from zakaz.moscow import MOSCOW
from zakaz.progress import silent
from zakaz.source import Source, StreamRun, SyncReport, SyncRequest
from zakaz.store import Store
from zakaz.sync import SourceOutcome
from zakaz.warehouse.connect import generation, open_for_reading
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

Requests = Callable[..., SyncRequest]
COUNTED = ("status", "received", "inserted", "requests")


def source(name: str = "qtickets", load: Any = None, dry_run: Any = None) -> Source:
    """Give an invented source; without ``load`` it receives one row."""

    def one_row(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        return SyncReport(received=1, accepted=1, inserted=1, requests=1, mode="full")

    return Source(
        name, name.title(), lambda _: True, lambda _: None, load or one_row,
        dry_run or (lambda _: SyncReport(received=1, accepted=1, mode="dry-run")),
    )  # fmt: skip


def failing(error: BaseException, name: str = "qtickets") -> Source:
    """Give a source whose load raises."""

    def load(_warehouse: Warehouse, _request: SyncRequest) -> SyncReport:
        raise error

    return source(name, load)


def rows(url: WarehouseUrl) -> list[tuple[str, str]]:
    """Give job and status of every row of the published journal."""
    with open_for_reading(url) as warehouse:
        return [(run["job"], run["status"]) for run in run_journal.recent(warehouse)]


def lines(url: WarehouseUrl) -> list[dict[str, Any]]:
    """Give the lines of the local journal."""
    path = url.path / "state" / "runs.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_first_sync_creates_the_schema_and_publishes(
    tmp_path: Path, request_of: Requests
) -> None:
    """An empty folder becomes a store that a reader can open."""
    url = WarehouseUrl("embedded", path=tmp_path / "new")

    (outcome,) = sync.run([source()], request_of(), url)

    assert (outcome.status.value, outcome.exit_code) == ("ok", 0)
    assert generation(url) is not None
    assert rows(url) == [("qtickets", "ok")]
    assert [(line["job"], line["status"]) for line in lines(url)] == [("qtickets", "ok")]


@dataclass(frozen=True)
class Told:
    """One synchronisation of many sources: how each ended, its row, its line, its loader's run."""

    outcomes: dict[str, SourceOutcome]
    rows: dict[str, dict[str, Any]]
    lines: dict[str, dict[str, Any]]
    seen: dict[str, str]


FAILURES: dict[str, tuple[Exception, int]] = {
    "insert": (WarehouseError("the insert was refused", code=252), 75),
    "rate": (TransientSourceError("GET /orders answered 429 (rate_limited)"), 75),
    "data": (DataError("all rows are bad"), 65),
    "token": (PermanentSourceError("GET /orders answered 403"), 78),
    "bug": (TypeError("a bug"), 70),
}


@pytest.fixture(scope="module")
def told(bootstrapped: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Synchronise sources that end in every way, one after the other."""
    seen: dict[str, str] = {}

    def known(name: str) -> Source:
        def load(_warehouse: Warehouse, request: SyncRequest) -> SyncReport:
            seen[name] = request.run_id
            return SyncReport(received=1, accepted=1, months={202602}, notes=["first run"])

        return source(name, load)

    def cut(_warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        request.report.received = request.report.accepted = 5
        request.report.inserted, request.report.requests = 7, 3
        raise TransientSourceError("GET /orders answered 503")

    partial = SyncReport(received=3, accepted=3, failures=["show 5: 500"])
    sources = [
        known("first"), known("second"), source("nothing", lambda *_: SyncReport()),
        source("items", lambda *_: partial), source("cut", cut),
        *(failing(error, name) for name, (error, _) in FAILURES.items()), source("last"),
    ]  # fmt: skip
    at = datetime(2026, 2, 1, 12, 0, tzinfo=MOSCOW)
    store = copied(bootstrapped, tmp_path_factory.mktemp("many") / "store")
    url = WarehouseUrl("embedded", path=store)
    outcomes = sync.run(sources, SyncRequest({}, lambda: at, silent()), url)
    with open_for_reading(url) as warehouse:
        found = {run["job"]: run for run in run_journal.recent(warehouse)}
    assert len(lines(url)) == len(sources)
    return Told(
        {outcome.name: outcome for outcome in outcomes}, found,
        {line["job"]: line for line in lines(url)}, seen,
    )  # fmt: skip


def test_a_loader_knows_its_run(told: Told) -> None:
    """Quarantine and manifest are written under the run's own id, one per source."""
    assert list(told.seen) == ["first", "second"]
    assert told.seen == {name: told.outcomes[name].run.run_id for name in told.seen}
    assert len({outcome.run.run_id for outcome in told.outcomes.values()}) == len(told.outcomes)


def test_d13_a_load_of_nothing_is_empty_not_ok(told: Told) -> None:
    """A source that sent nothing is told apart from one that sent something."""
    outcome = told.outcomes["nothing"]
    assert (outcome.status.value, outcome.exit_code) == ("empty", 0)
    assert told.rows["nothing"]["status"] == "empty"
    assert told.rows["first"]["status"] == "ok"


def test_g2_a_load_with_failed_items_is_partial_and_not_success(told: Told) -> None:
    """Some items failed, the rest landed: exit 75, and the message names them."""
    assert sync.exit_code([told.outcomes["items"]]) == 75
    assert told.rows["items"]["status"] == "partial"
    assert "show 5" in told.lines["items"]["message"]


@pytest.mark.parametrize("name", FAILURES)
def test_d4_a_failed_run_leaves_a_row_with_its_message(told: Told, name: str) -> None:
    """Whatever failed, one row ``failed`` says why and the exit code says what to do."""
    error, code = FAILURES[name]
    assert sync.exit_code([told.outcomes[name]]) == code
    assert (told.rows[name]["status"], told.lines[name]["status"]) == ("failed", "failed")
    assert str(error) in told.rows[name]["message"]


def test_d4_a_failed_run_is_journalled_with_what_it_did_before(told: Told) -> None:
    """Requests sent and rows stored before the fault are in the row and in the line."""
    counted = {name: tuple(told.rows[name][field] for field in COUNTED) for name in ("cut", "last")}
    assert counted == {"cut": ("failed", 5, 7, 3), "last": ("ok", 1, 1, 1)}
    assert [told.lines[name]["received"] for name in counted] == [5, 1]


def test_one_failed_source_does_not_stop_the_next(told: Told) -> None:
    """Ad spend is loaded although the ticket API is down, and the run is not a success."""
    assert list(told.outcomes)[-1] == "last"
    assert told.rows["last"]["status"] == "ok"
    assert sync.exit_code([told.outcomes["rate"], told.outcomes["last"]]) == 75


def test_the_gravest_outcome_decides_the_exit_code(told: Told) -> None:
    """A bug outweighs a setting, a setting outweighs bad data, and that outweighs a pause."""
    outcomes = [told.outcomes[name] for name in ("rate", "data", "token", "bug")]
    assert [sync.exit_code(outcomes[:count]) for count in (1, 2, 3, 4)] == [75, 65, 78, 70]


def test_an_outcome_is_plain_json(told: Told) -> None:
    """What ``--json`` prints can be printed."""
    outcome = json.loads(json.dumps(told.outcomes["first"].as_dict()))

    assert outcome["months"] == [202602]
    assert outcome["notes"] == ["first run"]
    assert (outcome["exit_code"], outcome["seconds"]) == (0, 0)


def test_d2_a_bug_is_logged_with_its_class_and_trace(
    store_url: WarehouseUrl, request_of: Requests, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody has to guess where a TypeError came from."""
    sync.run([failing(TypeError("a bug in a loader"))], request_of(), store_url)

    assert "Traceback" in caplog.text
    assert "TypeError: a bug in a loader" in caplog.text


def test_facts_are_rebuilt_after_the_load(
    store_url: WarehouseUrl, request_of: Requests, at: datetime
) -> None:
    """A month the loader recorded is not pending any more, also when the source failed later."""

    def load(warehouse: Warehouse, _request: SyncRequest) -> SyncReport:
        dirty_months.record(warehouse, {202602}, at)
        raise TransientSourceError("down after the first page")

    sync.run([source(load=load)], request_of(), store_url)

    with open_for_reading(store_url) as warehouse:
        assert dirty_months.pending(warehouse) == []


@pytest.mark.parametrize("failures", [[], ["control sum of 2026-02-01"]])
def test_a_run_whose_facts_failed_is_not_ok(
    store_url: WarehouseUrl,
    request_of: Requests,
    monkeypatch: pytest.MonkeyPatch,
    failures: list[str],
) -> None:
    """Rows that no page shows yet are a partial load, and so is each stream of them."""

    def load(_warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        for name, status in (("orders", "ok"), ("discounts", "failed")):
            now = request.clock()
            request.report.streams.append(StreamRun(name, now, now, status))
        request.report.failures += failures
        return request.report

    def refuse(*_: Any, **__: Any) -> list[int]:
        raise WarehouseError("no space left", code=243)

    monkeypatch.setattr(facts, "rebuild_dirty", refuse)
    outcomes = sync.run([source(load=load)], request_of(), store_url)

    assert sync.exit_code(outcomes) == 75
    assert rows(store_url) == [("qtickets", "partial")]
    with open_for_reading(store_url) as warehouse:
        streams = [(one["stream"], one["status"]) for one in stream_journal.newest(warehouse)]
    assert sorted(streams) == [("discounts", "failed"), ("orders", "partial")]
    assert (failures or ["facts were not rebuilt"])[0] in outcomes[0].run.message


def test_a_journal_row_that_is_refused_leaves_the_line(
    store_url: WarehouseUrl, request_of: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is written first; the refusal is logged and the load stands."""

    def refuse(*_: Any) -> None:
        raise WarehouseError("no space left", code=243)

    monkeypatch.setattr(run_journal, "write", refuse)
    outcomes = sync.run([source()], request_of(), store_url)

    assert outcomes[0].exit_code == 0
    assert lines(store_url)[0]["status"] == "ok"


def test_a_reader_sees_the_whole_load_or_nothing_of_it(
    store_url: WarehouseUrl, request_of: Requests, at: datetime
) -> None:
    """What a load wrote appears with the next generation, not before."""
    Store(store_url.path).publish()
    before = generation(store_url)
    seen: list[str | None] = []

    def load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        manifest.record(warehouse, "qtickets", request.run_id, "orders", 1, 1, 1, 0, 0, at)
        seen.append(generation(store_url))
        return SyncReport(received=1, accepted=1)

    sync.run([source(load=load)], request_of(), store_url)

    assert seen == [before]
    assert generation(store_url) != before


def test_a_dry_run_opens_no_store_and_writes_no_line(tmp_path: Path, request_of: Requests) -> None:
    """Nothing on disk changes."""
    (outcome,) = sync.dry_run([source()], request_of(environ={"HOME": str(tmp_path)}))

    assert outcome.report.mode == "dry-run"
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_tells_its_failure(request_of: Requests) -> None:
    """A refused token is found without writing anything."""

    def refuse(_request: SyncRequest) -> SyncReport:
        raise PermanentSourceError("GET /orders answered 403")

    outcomes = sync.dry_run([source(dry_run=refuse)], request_of())

    assert sync.exit_code(outcomes) == 78
    assert "403" in outcomes[0].error
