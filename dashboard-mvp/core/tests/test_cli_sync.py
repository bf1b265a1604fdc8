"""zakaz sync, from the command line to the exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from zakaz.errors import TransientSourceError
from zakaz.source import StreamRun, SyncReport, SyncRequest
from zakaz.warehouse.port import Warehouse

Cli = Callable[..., Any]
TOKEN = {"SHOP_TOKEN": "token-of-the-shop"}


@pytest.mark.usefixtures("shop")
def test_c01_without_a_token_the_variable_is_named_and_nothing_is_touched(
    cli: Cli, tmp_path: Path
) -> None:
    """E17: exit 78, the variable named, no store made, no run recorded."""
    for arguments in (["sync"], ["sync", "qtickets"], ["sync", "qtickets", "--dry-run"]):
        done = cli(*arguments)

        assert done.code == 78
        assert "SHOP_TOKEN is not set" in done.err
        assert "Traceback" not in done.err
    assert not (tmp_path / "store").exists()


@pytest.mark.usefixtures("shop")
def test_an_unknown_source_is_named(cli: Cli) -> None:
    """The installed ones are listed."""
    done = cli("sync", "direct", **TOKEN)

    assert done.code == 78
    assert "no source called direct; installed sources: qtickets" in done.err


@pytest.mark.usefixtures("shop", "ready_store")
def test_a_sync_tells_what_it_did(cli: Cli, tmp_path: Path) -> None:
    """One table with the counts, the notes beneath it, and where to look at the quarantine."""
    done = cli("sync", **TOKEN)

    assert done.code == 0
    header, rule, row = [line for line in done.out.splitlines() if line.strip()][:3]
    assert header.split()[:2] == ["source", "status"]
    assert set(rule.strip()) == {"─"}
    assert row.split()[:3] == ["qtickets", "ok", "full"]
    assert "qtickets: hello" in done.out
    assert "1 item is in quarantine" in done.out
    assert "zakaz runs show 20" in done.out
    assert (tmp_path / "store" / "state" / "runs.jsonl").is_file()


@pytest.mark.usefixtures("shop", "ready_store")
def test_json_is_one_object_on_stdout(cli: Cli) -> None:
    """A machine reads stdout, a person may watch stderr."""
    done = cli("sync", "--json", **TOKEN)

    told = json.loads(done.out)
    assert (told["exit_code"], told["dry_run"]) == (0, False)
    assert told["sources"][0]["job"] == "qtickets"
    assert told["sources"][0]["quarantined"] == 1


@pytest.mark.usefixtures("ready_store")
def test_a_partial_load_exits_75(cli: Cli, shop: Any) -> None:
    """The failed item is named."""
    shop.load = lambda *_: SyncReport(received=1, accepted=1, failures=["show 5: 500"])

    done = cli("sync", **TOKEN)

    assert done.code == 75
    assert "show 5: 500" in done.out


@pytest.mark.usefixtures("ready_store")
def test_a_failed_load_exits_with_its_own_code(cli: Cli, shop: Any) -> None:
    """The reason is on the page and the rest of the page is there too."""

    def fail(_warehouse: Warehouse, _request: SyncRequest) -> SyncReport:
        raise TransientSourceError("GET /orders on shop.example answered 503.")

    shop.load = fail
    done = cli("sync", **TOKEN)

    assert done.code == 75
    assert "failed" in done.out
    assert "answered 503" in done.out
    assert "Traceback" not in done.err


def test_a_dry_run_says_so_and_writes_nothing(cli: Cli, shop: Any, tmp_path: Path) -> None:
    """No store, no journal."""
    done = cli("sync", "--dry-run", **TOKEN)

    assert done.code == 0
    assert "Dry run: nothing was written." in done.out
    assert shop.asked[0].dry_run is True
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--from", "2026-02-03", "--to", "2026-02-01"], "swap them"),
        (["--from", "2098-01-01"], "in the future"),
        (["--to", "2999-01-01"], "--to: a day outside"),
        (["--from", "soon"], "--from: not a day"),
    ],
)
@pytest.mark.usefixtures("shop")
def test_c06_a_range_that_holds_nothing_is_refused(
    cli: Cli, arguments: list[str], told: str
) -> None:
    """Exit 78 before any work."""
    done = cli("sync", *arguments, **TOKEN)

    assert done.code == 78
    assert told in done.err


@pytest.mark.usefixtures("shop", "ready_store")
def test_x03_a_second_writer_exits_75_and_names_the_holder(
    cli: Cli, tmp_path: Path, holder: Callable[[Path], int]
) -> None:
    """In words, in JSON, and as a line of the local journal."""
    assert cli("sync", **TOKEN).code == 0
    pid = holder(tmp_path / "store" / "lock")

    done = cli("sync", **TOKEN)
    machine = cli("sync", "--json", **TOKEN)

    assert (done.code, machine.code) == (75, 75)
    assert str(pid) in done.err
    assert str(pid) in json.loads(machine.out)["error"]
    lines = (tmp_path / "store" / "state" / "runs.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["ok", "skipped", "skipped"]
    assert "skipped" in cli("runs", **TOKEN).out


@pytest.mark.usefixtures("ready_store")
def test_x01_sigterm_ends_a_sync_with_75_and_a_recorded_run(
    cli: Cli, shop: Any, tmp_path: Path
) -> None:
    """A stop in the middle of a page unwinds, and the run is told as failed."""

    def wait_for_the_signal(_warehouse: Warehouse, _request: SyncRequest) -> SyncReport:
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(60)
        return SyncReport()

    shop.load = wait_for_the_signal
    before = signal.getsignal(signal.SIGTERM)

    done = cli("sync", **TOKEN)

    assert done.code == 75
    assert "SIGTERM" in done.err
    line = json.loads((tmp_path / "store" / "state" / "runs.jsonl").read_text("utf-8"))
    assert (line["status"], line["message"]) == ("failed", "Terminated")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.usefixtures("shop")
def test_x08_an_unusable_store_folder_is_a_setting_to_fix(cli: Cli, tmp_path: Path) -> None:
    """The folder is named."""
    (tmp_path / "store").write_text("a file", encoding="utf-8")

    done = cli("sync", **TOKEN)

    assert done.code == 78
    assert str(tmp_path / "store") in done.err


@pytest.mark.usefixtures("ready_store")
def test_e19_a_token_never_reaches_the_output(cli: Cli, shop: Any) -> None:
    """C07: not at DEBUG, not from a bug's traceback."""
    from zakaz.scrub import hide

    hide("token-of-the-shop")

    def leak(_warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        raise TypeError(f"bad value {request.environ['SHOP_TOKEN']}")

    shop.load = leak
    done = cli("sync", ZAKAZ_LOG_LEVEL="debug", **TOKEN)

    assert done.code == 70
    assert "Traceback" in done.err
    assert "token-of-the-shop" not in done.out + done.err


@pytest.mark.usefixtures("ready_store")
def test_what_is_not_due_is_left_out(cli: Cli, shop: Any) -> None:
    """With --due a source of its own pace waits for it: exit 0, said, no run; then it is loaded."""
    shop.SOURCE = replace(shop.SOURCE, pace=lambda _: timedelta(hours=3))
    assert cli("sync", "--due", **TOKEN).code == 0
    runs = len(json.loads(cli("runs", "--json").out))

    again, told = cli("sync", "--due", **TOKEN), cli("sync", "--due", "--json", **TOKEN)

    assert (again.code, told.code) == (0, 0)
    assert re.search(r"qtickets: loaded \d+ s ago, due every 3 h: left out", again.out)
    assert json.loads(told.out)["sources"] == []
    assert cli("sync", **TOKEN).code == 0
    assert len(json.loads(cli("runs", "--json").out)) == runs + 1  # none of what was left out


@pytest.mark.usefixtures("ready_store")
def test_p10_new_fields_are_told_with_what_they_mean(cli: Cli, shop: Any, at: datetime) -> None:
    """Status and the run name the field, its stream, what became of it and what to do."""

    def load(_warehouse: Warehouse, request: SyncRequest) -> SyncReport:
        stream = StreamRun("orders", at, at, "ok", "full", 1, 1, new_fields=("wallet",))
        request.report.streams.append(stream)
        return request.report

    shop.load = load
    assert cli("sync", **TOKEN).code == 0
    (run,) = json.loads(cli("runs", "--json").out)

    for done in (cli("status", **TOKEN), cli("runs", "show", run["run_id"])):
        assert "New fields, not stored" in done.out
        assert "orders: wallet" in done.out
        assert "newer version" in done.out
    told = json.loads(cli("status", "--json", **TOKEN).out)
    assert [stream["new_fields"] for stream in told["new_fields"]] == [["wallet"]]
