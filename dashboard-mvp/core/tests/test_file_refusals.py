"""The file system's refusals in words, each decided from the error and the folder alone."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from zakaz import file_faults
from zakaz.errors import DiskFull, SettingsError
from zakaz.file_faults import explained, explained_engine, explained_opening, explaining


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store with one file that no right opens, whoever runs the test."""
    (tmp_path / "published").mkdir()
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "part").write_bytes(b"x")
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path).name != "part" and real(path, mode)
    )
    return tmp_path


def test_field_p06_what_the_engine_may_not_open_is_the_file_that_is_closed(closed: Path) -> None:
    """The engine names no file: the closed one is looked for in its folder."""
    denied = "Code: 76. DB::ErrnoException: Cannot open file: , errno: 13, Permission denied"
    for told in (explained_engine(denied, closed), explained_opening(closed)):
        assert isinstance(told, SettingsError)
        assert str(closed / "live" / "part") in str(told)


def test_field_p06_a_closed_folder_is_named_before_the_files_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One folder without rights explains everything below it."""
    (tmp_path / "live" / "deep").mkdir(parents=True)
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path).name != "live" and real(path, mode)
    )
    assert f"{tmp_path}/live is closed" in str(explained_opening(tmp_path))


def test_field_p12_a_read_only_disk_is_told_by_the_engine_and_by_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mounting it for writing, or another folder, is what a person can do."""
    told = explained_engine("Code: 76. DB::Exception: errno: 30, Read-only file system", tmp_path)
    assert "read-only" in str(told)
    assert explained_engine("Code: 79. DB::Exception: Unknown mark file", tmp_path) is None
    assert explained_opening(tmp_path) is None
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    assert "read-only" in str(explained_opening(tmp_path))


def test_found_e3_an_engine_that_does_not_open_on_a_full_disk_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Less than what the engine asks for is full, also when temporary files find no folder."""
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_bavail=1, f_frsize=1024))
    assert isinstance(explained_opening(tmp_path), DiskFull)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    nowhere = FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")
    assert isinstance(explained(nowhere), DiskFull)


def test_field_p07_no_folder_for_temporary_files_names_tmpdir(tmp_path: Path) -> None:
    """With room on its disk, the folder of TMPDIR is closed or gone."""
    nowhere = FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")
    told = explained(nowhere)
    assert isinstance(told, SettingsError)
    assert "TMPDIR" in str(told)
    assert explained(ConnectionResetError(errno.ECONNRESET, "x")) is None
    assert explained(OSError("without a number")) is None
    assert explained(OSError(errno.EROFS, "x")) is None, "no path, and no folder was written to"


@pytest.mark.parametrize(
    ("owner_of_file", "owner_of_store", "words"),
    [
        (4321, None, "run the command as 4321"),
        (4321, 1234, "sudo -u #1234 zakaz"),
        (4321, 77, "chown -R 77 "),
        (77, None, "its owner: permission denied"),
    ],
)
def test_field_p06_the_remedy_follows_the_owners(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    owner_of_file: int,
    owner_of_store: int | None,
    words: str,
) -> None:
    """A file of one's own, of another user, and in a store of one's own or of another's."""
    file = tmp_path / "file"
    if owner_of_store is not None:
        (tmp_path / "published").mkdir()
    owners = {file: owner_of_file, tmp_path: owner_of_store}
    monkeypatch.setattr(file_faults, "_nearest_owner", lambda path: (path, owners[path]))
    monkeypatch.setattr("os.geteuid", lambda: 77)
    assert words in str(explained(PermissionError(errno.EACCES, "denied", str(file))))


def test_a_refusal_is_raised_in_words_and_a_bug_as_it_is(tmp_path: Path) -> None:
    """Around a block that writes, what a person can mend becomes an error that says how."""
    with pytest.raises(SettingsError, match="Read-only"), explaining(tmp_path):
        raise OSError(errno.EROFS, "x")
    with pytest.raises(BrokenPipeError), explaining(tmp_path):
        raise BrokenPipeError(errno.EPIPE, "x")
