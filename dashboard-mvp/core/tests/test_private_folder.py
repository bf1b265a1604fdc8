"""A store and all that is in it are open to their owner only, whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zakaz import run_journal
from zakaz.store import Store


def test_found_e7_everything_of_a_store_is_its_owners_alone(
    cli: Callable[..., Any], shop: Any, tmp_path: Path
) -> None:
    """Whatever the umask, no folder and no file of a store is open to others.

    Under one that allows everything it is made and loaded, under one that allows nothing loaded.
    """
    store = tmp_path / "deep" / "store"
    for mask in (0o000, 0o077):
        before = os.umask(mask)
        try:
            done = cli("sync", SHOP_TOKEN="x", ZAKAZ_WAREHOUSE_URL=f"chdb://{store}")
            assert os.umask(mask) == mask
        finally:
            os.umask(before)

        assert done.code == 0, done.err
        assert (store / "state" / "runs.jsonl").is_file()
        entries = [store, *store.rglob("*")]
        opened = [
            entry
            for entry in entries
            if stat.S_IMODE(entry.lstat().st_mode) & 0o077 and not entry.is_symlink()
        ]
        assert (mask, opened) == (mask, [])
        assert len(entries) > 100


def test_found_e7_a_loader_that_is_no_command_keeps_a_store_closed(
    tmp_path: Path,
) -> None:
    """The folder of a store is closed also where only the library opens it."""
    store = tmp_path / "store"
    before = os.umask(0)
    try:
        run_journal.require_writable(store / "state")
        Store(store).create()
    finally:
        os.umask(before)

    for folder in (store, *store.iterdir()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_found_e7_doctor_names_a_store_that_is_open_to_others(
    cli: Callable[..., Any], ready_store: Path
) -> None:
    """A store of an earlier version, made by the umask, is closed by the command that is told."""
    ready_store.chmod(0o755)
    assert f"Run: chmod 700 {ready_store}" in cli("doctor").out
    ready_store.chmod(0o700)
    assert "chmod 700" not in cli("doctor").out
