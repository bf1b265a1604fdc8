"""The passwords of the composed server."""

from __future__ import annotations

from pathlib import Path

import pytest
from zakaz.cli import server_env
from zakaz.errors import SettingsError

EXAMPLE = "# Comment\nCLICKHOUSE_USER=admin\nCLICKHOUSE_PASSWORD=\nZAKAZ_READER_PASSWORD=\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".env.example").write_text(EXAMPLE, encoding="utf-8")
    return tmp_path


def values(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_c12_a_missing_file_is_made_with_random_passwords_for_its_owner_only(folder: Path) -> None:
    """Every empty password becomes a long random one, and nobody else may read the file."""
    path = server_env.ensure(folder)

    made = values(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert made["CLICKHOUSE_USER"] == "admin"
    passwords = {made["CLICKHOUSE_PASSWORD"], made["ZAKAZ_READER_PASSWORD"]}
    assert len(passwords) == 2
    assert all(len(password) >= 32 for password in passwords)


def test_an_existing_file_keeps_its_passwords(folder: Path) -> None:
    """A second start does not lock the first one's server out of its own passwords."""
    first = server_env.ensure(folder).read_bytes()

    assert server_env.ensure(folder).read_bytes() == first


def test_an_existing_file_is_closed_to_others(folder: Path) -> None:
    """A file that others could read is readable by its owner only afterwards."""
    server_env.ensure(folder).chmod(0o644)

    assert server_env.ensure(folder).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("password", ["", "changeme", "clickhouse"])
def test_b9_a_default_password_is_refused(folder: Path, password: str) -> None:
    """An empty, short or placeholder password stops before a server is started with it."""
    (folder / ".env").write_text(f"CLICKHOUSE_PASSWORD={password}\n", encoding="utf-8")

    with pytest.raises(SettingsError, match="CLICKHOUSE_PASSWORD"):
        server_env.ensure(folder)


def test_a_wrong_password_file_ends_the_command_with_exit_78(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints what to do on standard error, without the password itself."""
    (folder / ".env").write_text("CLICKHOUSE_PASSWORD=s3same\n", encoding="utf-8")

    assert server_env.main([str(folder)]) == 78
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "s3same" not in captured.err


def test_the_command_names_the_file_it_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script reads the path from standard output."""
    assert server_env.main([str(folder)]) == 0
    assert capsys.readouterr().out.strip() == str(folder / ".env")
    assert server_env.main([]) == 2
