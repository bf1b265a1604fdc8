"""Stores that were copied, may only be read, or have no room: what a reader makes of them."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from store_processes import counted, load, url
from zakaz.errors import DiskFull, SettingsError
from zakaz.file_faults import explaining
from zakaz.store import Store
from zakaz.warehouse.connect import generation, open_for_reading
from zakaz.warehouse.url import WarehouseUrl

__all__ = ["url"]


@pytest.mark.parametrize("published", [True, False])
def test_field_p11_a_copy_that_followed_links_is_told_so(
    url: WarehouseUrl, tmp_path: Path, published: bool
) -> None:
    """Reading and loading stop with one sentence that says how to copy and how to load anew."""
    copy = WarehouseUrl("embedded", path=tmp_path / "copy")
    shutil.copytree(url.path, copy.path, symlinks=False)
    asked: list[Callable[[WarehouseUrl], object]] = [load]
    if published:
        asked += [generation, open_for_reading]
    else:
        shutil.rmtree(copy.path / "published")
    for ask in asked:
        with pytest.raises(SettingsError, match=r"followed links.*cp -a.*zakaz sync"):
            ask(copy)


def test_a_copy_that_kept_links_is_a_store(url: WarehouseUrl, tmp_path: Path) -> None:
    """Copied as the sentence says, it reads and loads."""
    load(url, 3)
    copy = WarehouseUrl("embedded", path=tmp_path / "copy")
    shutil.copytree(url.path, copy.path, symlinks=True)
    assert counted(copy) == (3, 3)
    load(copy, 4)
    assert counted(copy) == (7, 7)
    assert counted(url) == (3, 3)


def refuse(monkeypatch: pytest.MonkeyPatch, number: int, below: Path) -> None:
    """Let every write below a folder fail with an error number, as the machine would."""

    def is_inside(target: object) -> bool:
        return str(target).startswith(str(below))

    def refusing(call: Callable[..., Any], place: int) -> Callable[..., Any]:
        def called(*args: Any, **more: Any) -> Any:
            is_write = call is not os.open or args[1] & (os.O_WRONLY | os.O_RDWR)
            if is_write and is_inside(args[place]):
                raise OSError(number, os.strerror(number), str(args[place]))
            return call(*args, **more)

        return called

    monkeypatch.setattr(os, "open", refusing(os.open, 0))
    monkeypatch.setattr(os, "link", refusing(os.link, 1))
    monkeypatch.setattr(shutil, "copyfile", refusing(shutil.copyfile, 1))


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(errno.EROFS, id="read-only"),
        pytest.param(errno.ENOSPC, id="found-e3-full"),
        pytest.param(errno.EACCES, id="field-p06-of-another-user"),
    ],
)
def test_field_p12_a_store_that_takes_no_copy_is_read_from_another_folder(
    url: WarehouseUrl, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    """Symbolic links in the temporary folder serve, gone when the reader closes."""
    load(url, 3)
    monkeypatch.setattr("zakaz.reader_copy.gettempdir", lambda: str(tmp_path))
    refuse(monkeypatch, number, url.path)
    with open_for_reading(url) as reader:
        assert reader.query("SELECT count() FROM zakaz.a").scalar() == 3
        (folder,) = tmp_path.glob("zakaz-readers-*")
        assert folder.stat().st_mode & 0o077 == 0
        assert len(list(folder.iterdir())) == 2
    assert list(folder.iterdir()) == []
    assert list((url.path / "readers").iterdir()) == []


def test_found_e3_no_room_anywhere_says_what_to_free(
    url: WarehouseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is for another time (75), and names the folder."""
    refuse(monkeypatch, errno.ENOSPC, Path("/"))
    full = pytest.raises(DiskFull, match=rf"disk is full: {url.path}.*Delete or move")
    with full, explaining(url.path):
        Store(url.path)._copy("")


def test_field_p06_what_this_user_may_not_read_is_named(
    url: WarehouseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is closed is a matter of configuration."""
    name = str(Store(url.path).current())
    hidden = next((url.path / "published" / name / "metadata").glob("*.sql"))

    def refuse_to_read(source: str, target: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(hidden))

    monkeypatch.setattr(shutil, "copyfile", refuse_to_read)
    closed = pytest.raises(SettingsError, match=f"{hidden} is closed to user {hidden.owner()}")
    with closed, explaining(url.path):
        open_for_reading(url)


def test_a_foreign_folder_in_the_temporary_one_is_left_alone(
    url: WarehouseUrl, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What others may write to, or a link that somebody left there, gets no copy of sales."""
    (tmp_path / "elsewhere").mkdir()
    place = tmp_path / f"zakaz-readers-{os.getuid()}"
    place.symlink_to("elsewhere")
    monkeypatch.setattr("zakaz.reader_copy.gettempdir", lambda: str(tmp_path))
    refuse(monkeypatch, errno.EROFS, url.path)
    monkeypatch.setattr("zakaz.reader_copy._MEMORY", tmp_path / "none")
    with pytest.raises(OSError, match="Read-only file system"):
        open_for_reading(url)
    place.unlink()
    place.mkdir()
    place.chmod(0o777)
    with pytest.raises(OSError, match="Read-only file system"):
        open_for_reading(url)
    assert list(place.iterdir()) == []
