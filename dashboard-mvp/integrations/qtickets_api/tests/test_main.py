"""The room's own command: dry runs, missing tokens, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests_mock as rm
from qtickets_api import __main__ as room
from zakaz.cli.edge import Terminated
from zakaz.cli.repeat import repeat
from zakaz.source import Source

VARIABLES = ("DRY_RUN", "QTICKETS_TOKEN", "QTICKETS_BASE_URL", "ZAKAZ_WAREHOUSE_URL")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Run in an empty folder with none of our variables set; gives the folder."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def files(folder: Path) -> list[Path]:
    """Give every file under a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_room_registers_one_source() -> None:
    """The zakaz command learns of the source by name, title and target."""
    added = []

    class Registry:
        def add_source(self, *offer: str) -> None:
            added.append(offer)

        def add_command(self, *offer: str) -> None:
            raise AssertionError

    room.register(Registry())

    assert added == [("qtickets", "Qtickets", "qtickets_api.__main__:SOURCE")]
    assert isinstance(room.SOURCE, Source)
    assert room.SOURCE.is_configured({"QTICKETS_TOKEN": "x"})
    assert not room.SOURCE.is_configured({"QTICKETS_TOKEN": " "})


def test_e17_a_missing_token_is_78_without_a_request(
    requests_mock: rm.Mocker, capsys: pytest.CaptureFixture[str], bare: Path
) -> None:
    """Without a token the run ends with exit 78, names the variable and sends nothing."""
    assert room.main([]) == 78

    assert "QTICKETS_TOKEN" in capsys.readouterr().err
    assert requests_mock.request_history == []
    assert files(bare) == []


def test_e17_a_stub_run_says_so_and_sends_nothing(
    requests_mock: rm.Mocker,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    bare: Path,
) -> None:
    """DRY_RUN against the live service: exit 0, no request, no file, and the log says stub mode."""
    monkeypatch.setenv("DRY_RUN", "true")

    assert room.main(["--dry-run"]) == 0

    printed = capsys.readouterr()
    assert "stub mode" in printed.err + printed.out
    assert requests_mock.request_history == []
    assert files(bare) == []


def test_a_stub_run_speaks_json_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --json the report of a dry run is one object."""
    monkeypatch.setenv("DRY_RUN", "true")

    assert room.main(["--json"]) == 0

    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["exit_code"], told["dry_run"]) == (0, True)
    assert told["sources"][0]["requests"] == 0


def test_an_env_file_of_the_folder_is_read(capsys: pytest.CaptureFixture[str], bare: Path) -> None:
    """The variables of .env in the current folder count, as for the zakaz command."""
    (bare / ".env").write_text("DRY_RUN=true\nQTICKETS_PAGE_SIZE=0\n")

    assert room.main([]) == 78
    assert "QTICKETS_PAGE_SIZE" in capsys.readouterr().err


@pytest.mark.parametrize(
    "days",
    [["--from", "2026-13-01"], ["--to", "tomorrow"], ["--from", "2999-01-01"],
     ["--from", "2026-02-02", "--to", "2026-02-01"]],
)  # fmt: skip
def test_c06_impossible_days_are_78(
    days: list[str], capsys: pytest.CaptureFixture[str], requests_mock: rm.Mocker
) -> None:
    """Days that do not exist, are reversed or lie ahead are refused before any request."""
    assert room.main(days) == 78
    assert days[-2] in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--nonsense"], ["--from"]])
def test_k10_a_usage_error_is_2(arguments: list[str]) -> None:
    """A misspelt option ends with the parser's own exit code."""
    with pytest.raises(SystemExit) as caught:
        room.main(arguments)

    assert caught.value.code == 2


def test_help_needs_neither_engine_nor_settings() -> None:
    """The help page imports no engine, no HTTP and no settings machinery."""
    program = (
        "import sys, runpy\n"
        "sys.argv = ['qtickets_api', '--help']\n"
        "try: runpy.run_module('qtickets_api', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(sorted({'chdb', 'requests', 'pydantic', 'clickhouse_driver'} & set(sys.modules)))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )

    assert "--full-refresh" in answer.stdout
    assert answer.stdout.rstrip().endswith("[]")


@pytest.mark.usefixtures("requests_mock")
def test_x07_repeat_loads_again_and_again_until_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bare: Path
) -> None:
    """--repeat stays and loads at ZAKAZ_SYNC_EVERY; SIGTERM between two loads ends it with 75."""
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise Terminated

    monkeypatch.setattr("zakaz.cli.repeat.repeat", partial(repeat, clock=lambda: 0.0, sleep=sleep))
    monkeypatch.setenv("DRY_RUN", "true")
    monkeypatch.setenv("ZAKAZ_SYNC_EVERY", "2h")

    assert room.main(["--repeat"]) == 75

    assert waited == [7200.0] * 3
    assert capsys.readouterr().out.count("stub mode") == 3
    assert files(bare) == []


@pytest.mark.parametrize("option", [["--from", "2026-02-01"], ["--full-refresh"], ["--dry-run"]])
def test_repeat_takes_no_other_way_to_read(option: list[str]) -> None:
    """A reload of old days every half hour is a mistake, told as one with exit 2."""
    with pytest.raises(SystemExit) as end:
        room.main(["--repeat", *option])

    assert end.value.code == 2


def test_an_interval_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """ZAKAZ_SYNC_EVERY that cannot be read is exit 78 before the first load."""
    monkeypatch.setenv("DRY_RUN", "true")
    monkeypatch.setenv("ZAKAZ_SYNC_EVERY", "hourly")

    assert room.main(["--repeat"]) == 78

    assert "ZAKAZ_SYNC_EVERY" in capsys.readouterr().err
