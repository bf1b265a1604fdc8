"""Synchronisation that is stopped: by a signal, a lock, a closed door or a wrong schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from zakaz import run_journal, sync, watermarks
from zakaz.errors import (
    Locked,
    SchemaDrift,
    SettingsError,
)
from zakaz.source import Source, SyncReport, SyncRequest
from zakaz.warehouse.connect import generation, open_for_writing
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.url import WarehouseUrl

Requests = Callable[..., SyncRequest]


def recording(asked: list[str]) -> Source:
    """Give an invented source that notes when it is asked."""

    def load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        asked.append(request.run_id)
        return SyncReport()

    return _source("qtickets", load)


def _source(name: str, load: Any) -> Source:
    return Source(name, name, lambda _: True, lambda _: None, load, lambda _: SyncReport())


def source(name: str = "qtickets") -> Source:
    """Give an invented source that loads nothing."""
    return _source(name, lambda *_: SyncReport())


def failing(error: BaseException) -> Source:
    """Give a source whose load raises."""

    def load(warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        raise error

    return _source("qtickets", load)


def lines(url: WarehouseUrl) -> list[dict[str, Any]]:
    """Give the lines of the local journal."""
    path = url.path / "state" / "runs.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_interrupted_run_is_recorded_and_stops_the_rest(
    store_url: WarehouseUrl, request_of: Requests
) -> None:
    """X01: Ctrl-C or SIGTERM leaves a failed row, starts no further source, publishes nothing."""
    with pytest.raises(KeyboardInterrupt):
        sync.run([failing(KeyboardInterrupt()), source("vk")], request_of(), store_url)

    assert generation(store_url) is None
    assert [(line["job"], line["status"]) for line in lines(store_url)] == [
        ("qtickets", "failed"),
        ("vk", "skipped"),
    ]
    with open_for_writing(store_url) as warehouse:
        assert [run["status"] for run in run_journal.recent(warehouse)] == ["failed"]


def test_i15_x03_a_second_writer_is_locked_names_the_holder_and_leaves_a_line(
    store_url: WarehouseUrl, request_of: Requests, holder: Callable[[Path], int]
) -> None:
    """Exit 75, the holder's process id in the message, and a line ``skipped``."""
    pid = holder(store_url.path / "lock")

    with pytest.raises(Locked, match=str(pid)) as caught:
        sync.run([source(), source("vk")], request_of(), store_url)

    assert caught.value.exit_code == 75
    assert [(line["job"], line["status"]) for line in lines(store_url)] == [
        ("qtickets", "skipped"),
        ("vk", "skipped"),
    ]
    assert str(pid) in lines(store_url)[0]["message"]


def test_d5_a_warehouse_that_refuses_the_password_leaves_a_line(
    tmp_path: Path, request_of: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the journal's own database closed, the local line says ``failed``; exit 78."""

    def refuse(_url: WarehouseUrl) -> Any:
        raise SettingsError("the server refuses the password of etl_writer")

    monkeypatch.setattr("zakaz.warehouse.connect.open_for_writing", refuse)
    url = WarehouseUrl("server", host="127.0.0.1", user="etl_writer")
    request = request_of(environ={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)})

    with pytest.raises(SettingsError, match="password") as caught:
        sync.run([source()], request, url)

    (line,) = (tmp_path / "zakaz" / "state" / "runs.jsonl").read_text("utf-8").splitlines()
    assert caught.value.exit_code == 78
    assert json.loads(line)["status"] == "failed"
    assert "refuses the password" in json.loads(line)["message"]


def test_a_drifted_schema_stops_a_sync_before_its_first_request(
    store_url: WarehouseUrl, request_of: Requests
) -> None:
    """A planted column ends in exit 78 naming it; no source was asked."""
    with open_for_writing(store_url) as warehouse:
        warehouse.execute("ALTER TABLE zakaz.meta_manifest ADD COLUMN planted String")
    asked: list[str] = []

    with pytest.raises(SchemaDrift, match="planted"):
        sync.run([recording(asked)], request_of(), store_url)

    assert asked == []
    assert lines(store_url)[0]["status"] == "failed"


def test_c06_a_cursor_from_the_future_stops_a_sync(
    store_url: WarehouseUrl, request_of: Requests, at: datetime
) -> None:
    """State dated 2999 never ends in silent empty successes; a full refresh goes on."""
    with open_for_writing(store_url) as warehouse:
        watermarks.write(warehouse, "qtickets", "orders", "2999-01-01T00:00:00+03:00", at)

    with pytest.raises(SettingsError, match=r"future.*2999.*--full-refresh"):
        sync.run([source()], request_of(), store_url)
    assert sync.run([source()], request_of(full_refresh=True), store_url)[0].exit_code == 0


def test_x08_an_unwritable_state_stops_a_sync_before_its_first_request(
    tmp_path: Path, request_of: Requests
) -> None:
    """Where the outcome cannot be recorded nothing is begun."""
    (tmp_path / "state").write_text("not a folder", encoding="utf-8")

    with pytest.raises(SettingsError, match="run journal"):
        sync.run([source()], request_of(), WarehouseUrl("embedded", path=tmp_path))
