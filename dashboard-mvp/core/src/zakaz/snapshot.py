"""A copy of an engine's folder that costs links, not bytes.

The engine never changes a file inside a finished part, it only adds and removes whole parts. So
part files are hard-linked (copied where the disk cannot link), everything else is copied, and
symbolic links are made relative, because chDB 3.2.0 writes them absolute.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from zakaz.errors import WarehouseError

# <partition>_<first block>_<last block>_<level>[_<mutation>]
_PART = re.compile(r"[^_]\S*_\d+_\d+_\d+(_\d+)?\Z")
_UNFINISHED = ("tmp_", "tmp-", "delete_tmp_", "detached", "moving")
_TRIES = 5


Bring = Callable[[str, Path], None]  # how a file of a part gets from here to there


def link_or_copy(source: str, target: Path) -> None:
    """Bring a part's file by a hard link, or as a copy where the disk cannot link."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one that knows no hard links
        shutil.copyfile(source, target)


def point_to(source: str, target: Path) -> None:
    """Bring a part's file by a symbolic link: it takes no room, and lasts as long as the source."""
    if not os.access(source, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), source)
    target.symlink_to(Path(source).absolute())


def snapshot(source: Path, target: Path, bring: Bring = link_or_copy) -> None:
    """Copy the engine folder ``source`` to the new folder ``target``.

    The source may be open: parts that merge away while being copied make the copy start again,
    and unfinished ones are left out, just as the engine itself does after a crash.
    """
    for _ in range(_TRIES):
        try:
            _copy_folder(source, target, source, bring)
        except FileNotFoundError:
            shutil.rmtree(target, ignore_errors=True)
            if not source.is_dir():
                raise
        else:
            return
    raise WarehouseError(f"{source} kept changing while it was copied: run again")


def _copy_folder(source: Path, target: Path, root: Path, bring: Bring) -> None:
    target.mkdir(mode=0o700)
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.name.startswith(_UNFINISHED) or entry.name == "status":
                continue
            place = target / entry.name
            if entry.is_symlink():
                place.symlink_to(_relative(Path(entry.path), root))
            elif not entry.is_dir(follow_symlinks=False):
                shutil.copyfile(entry.path, place)
            elif _PART.match(entry.name):
                _bring_part(Path(entry.path), place, bring)
            else:
                _copy_folder(Path(entry.path), place, root, bring)


def _bring_part(source: Path, target: Path, bring: Bring) -> None:
    target.mkdir(mode=0o700)
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _bring_part(Path(entry.path), target / entry.name, bring)
            else:
                bring(entry.path, target / entry.name)


def _relative(link: Path, root: Path) -> str:
    """Give where a symbolic link points, told from its own folder."""
    told = link.readlink()
    if not told.is_absolute():
        return str(told)
    # Always …/store/<three letters>/<uuid>; what precedes may be an older place of the store.
    if told.parts[-3:-2] != ("store",):
        raise WarehouseError(f"{link} is not a link that the engine makes")
    return os.path.relpath(root.joinpath(*told.parts[-3:]).absolute(), link.parent.absolute())
