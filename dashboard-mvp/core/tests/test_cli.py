"""The zakaz command: quick to help, exact in its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from zakaz.cli.app import COMMANDS
from zakaz.cli.edge import Terminated, exit_code_of
from zakaz.errors import DataError, Locked, PartialLoad, SettingsError, WarehouseError
from zakaz.rooms import load_object

HEAVY = (
    "chdb",
    "pandas",
    "pyarrow",
    "pydantic",
    "requests",
    "sqlglot",
    "clickhouse_driver",
    "rich",
)


def test_help_imports_nothing_heavy() -> None:
    """The help pages, and a command without a number or a path, cost what typer costs."""
    code = (
        "import sys\n"
        "from zakaz.cli.app import run\n"
        "codes = [run(given) for given in (['--help'], ['sync', '--help'], ['plan', 'template'])]\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules], codes)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, stdin=subprocess.DEVNULL,
        check=True, timeout=300,
    )  # fmt: skip

    assert done.stdout.splitlines()[-1] == "LOADED [] [0, 0, 0]"


def test_help_lists_every_command_in_its_section(cli: Callable[..., Any]) -> None:
    """A newcomer finds the first command first."""
    done = cli("--help")

    assert done.code == 0
    for name, _panel, text, _target in COMMANDS:
        assert f"\n  {name} " in done.out
        assert text.split(";")[0].split(":")[0][:30] in done.out
    assert done.out.index("Start here:") < done.out.index("Load:") < done.out.index("Look:")
    assert "78 fix the" in done.out


@pytest.mark.parametrize("name", [name for name, *_ in COMMANDS])
def test_every_command_explains_itself(cli: Callable[..., Any], name: str) -> None:
    """--help of a command begins with the sentence that the list shows."""
    done = cli(name, "--help")

    assert done.code == 0
    assert done.out.startswith(f"Usage: zakaz {name} ")


def test_the_list_says_what_the_commands_say() -> None:
    """Help line and first sentence of a command are the same text."""
    for _name, _panel, text, target in COMMANDS:
        body: Any = load_object(target)
        callback = getattr(body, "registered_callback", None)
        said = (callback.callback if callback else body).__doc__
        first = " ".join(said.split("\n\n")[0].split())
        assert first.split(";")[0].split(" ")[0] == text.split(" ")[0], target


def test_without_arguments_the_help_is_shown(cli: Callable[..., Any]) -> None:
    """A bare command is a usage error that helps."""
    done = cli()

    assert done.code == 2
    assert "Start here:" in done.out + done.err


def test_a_misspelt_command_is_guessed(cli: Callable[..., Any]) -> None:
    """A usage error keeps the parser's exit code 2."""
    done = cli("snyc")

    assert done.code == 2
    assert "'sync'" in done.err


def test_k10_an_environment_file_given_positionally_is_a_usage_message(
    cli: Callable[..., Any],
) -> None:
    """zakaz .env sync explains itself instead of failing barely."""
    done = cli(".env", "sync")

    assert done.code == 2
    assert "Usage: zakaz" in done.err


def test_k10_an_environment_file_behind_the_command_is_told_where_it_belongs(
    cli: Callable[..., Any],
) -> None:
    """The right place of the option is named."""
    done = cli("sync", "--env-file", "x")

    assert done.code == 2
    assert "zakaz --env-file FILE sync" in done.err


def test_the_env_file_of_the_folder_is_read(
    cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """.env of the current folder counts, the process wins."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("ZAKAZ_LOG_LEVEL=loud\n", encoding="utf-8")

    assert "ZAKAZ_LOG_LEVEL is 'loud'" in cli("status").err
    assert cli("status", ZAKAZ_LOG_LEVEL="info").code == 0


def test_b13_a_malformed_env_file_is_a_setting_to_fix(
    cli: Callable[..., Any], tmp_path: Path
) -> None:
    """Exit 78, file and line named, no traceback."""
    file = tmp_path / "my.env"
    file.write_text("QTICKETS_TОKEN=x\n", encoding="utf-8")

    done = cli("--env-file", str(file), "status")

    assert done.code == 78
    assert "my.env" in done.err
    assert "line 1" in done.err
    assert "Traceback" not in done.err


def test_the_version_is_printed(cli: Callable[..., Any]) -> None:
    """One number and nothing else."""
    done = cli("--version")

    assert (done.code, done.out.strip()) == (0, "0.1.0")


def test_an_in_process_run_leaves_the_environment_as_it_was(cli: Callable[..., Any]) -> None:
    """The fixture of these tests is itself clean."""
    before = dict(os.environ)
    cli("status")

    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("s"), 78), (DataError("d"), 65), (WarehouseError("w"), 75),
        (Locked("l"), 75), (PartialLoad("p"), 75),
    ],
)  # fmt: skip
def test_d2_what_a_user_can_fix_has_no_traceback(
    error: Exception, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """R11: 65, 75 and 78 come as one sentence."""

    def fail() -> None:
        raise error

    assert exit_code_of(fail) == code
    assert capfd.readouterr().err == f"Error: {error}\n"


def test_d2_a_bug_has_class_message_and_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """R11: 70 keeps everything a developer needs."""

    def fail() -> None:
        raise KeyError("missing")

    assert exit_code_of(fail) == 70
    assert "Traceback" in caplog.text
    assert "KeyError: 'missing'" in caplog.text


def test_x01_a_terminated_command_exits_75(capfd: pytest.CaptureFixture[str]) -> None:
    """SIGTERM is a pause, and says so."""

    def stop() -> None:
        raise Terminated

    assert exit_code_of(stop) == 75
    assert "SIGTERM" in capfd.readouterr().err


def test_ctrl_c_exits_130() -> None:
    """As shells expect."""

    def stop() -> None:
        raise KeyboardInterrupt

    assert exit_code_of(stop) == 130


def test_e19_an_error_is_scrubbed_on_its_way_out(capfd: pytest.CaptureFixture[str]) -> None:
    """The last gate masks what slipped into a message."""

    def fail() -> None:
        raise SettingsError("password=canary for anna@example.test")

    exit_code_of(fail)

    told = capfd.readouterr().err
    assert "canary" not in told
    assert "anna" not in told
