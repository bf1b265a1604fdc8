"""What the file system refuses, told with path, owner and remedy: a full disk, another's file.

The code that opens a file lets an OSError pass; whoever ends a run asks here what it means.
"""

from __future__ import annotations

import errno
import os
import pwd
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from zakaz.errors import DiskFull, SettingsError, ZakazError
from zakaz.warehouse.engine_errors import code_of

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_DENIED = frozenset({errno.EACCES, errno.EPERM})
_HANDLES = frozenset({errno.EMFILE, errno.ENFILE})
# What a person mends at the path that the error names.
_PLACE = frozenset(
    {errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EIO,
     errno.ESTALE, errno.EFBIG, errno.ETXTBSY}
)  # fmt: skip
_FULL_BYTES = 2 * 1024**2  # the engine asks for 1 MiB before it writes a row
_ELSEWHERE = "choose another folder with ZAKAZ_WAREHOUSE_URL=chdb:///absolute/folder"
# Codes under which engines speak of files: open, read, write, close, no space, the C++ library's.
_ENGINE_FILES = frozenset({36, 73, 74, 75, 76, 77, 78, 79, 87, 243, 1000, 1001, 1002})
_ENGINE_FULL = re.compile(r"No space left on device|errno: 28\b|NOT_ENOUGH_SPACE|Disk quota")
_ENGINE_DENIED = re.compile(r"Permission denied|errno: 13\b|Operation not permitted")
_ENGINE_READ_ONLY = re.compile(r"Read-only file system|errno: 30\b")


@contextmanager
def explaining(*folders: Path) -> Iterator[None]:
    """Raise what a person can do instead of a refusal of the file system within the block."""
    try:
        yield
    except OSError as error:
        told = explained(error, *folders)
        if told is None:
            raise
        raise told from None


def explained(error: OSError, *folders: Path) -> ZakazError | None:
    """Return what a person can do about a refusal of the file system, None where it is a bug.

    ``folders`` are those that were written to; they count where the error names no path.
    """
    if isinstance(error, ConnectionError) or error.errno is None:
        return None
    path = _path_of(error)
    if error.errno in _FULL:
        return disk_full([path.parent] if path else folders)
    if error.errno in _DENIED:
        return denied(path or next(iter(folders), Path()))
    if error.errno in _HANDLES:
        return SettingsError(
            f"{os.strerror(error.errno)}: raise the limit of this process (ulimit -n, or "
            "LimitNOFILE of the unit), then run again."
        )
    if error.errno == errno.ENOENT and "temporary directory" in str(error.strerror):
        return _no_temporary_folder()
    if error.errno in _PLACE and (path or folders):
        return SettingsError(
            f"{path or folders[0]} cannot be used: {os.strerror(error.errno)}. Mend it, or "
            f"{_ELSEWHERE}."
        )
    return None


def explained_engine(message: str, folder: Path) -> ZakazError | None:
    """Return the same for what the engine said about the folder it works in."""
    if code_of(message) not in _ENGINE_FILES:
        return None
    if _ENGINE_FULL.search(message):
        return disk_full([folder, Path(tempfile.gettempdir())])
    if _ENGINE_DENIED.search(message):
        return denied(_closed_file(folder) or folder)
    return _read_only(folder) if _ENGINE_READ_ONLY.search(message) else None


def explained_opening(folder: Path) -> ZakazError | None:
    """Return why the engine may not have opened its folder, which it does not say."""
    if closed := _closed_file(folder):
        return denied(closed)
    if (_free(folder) or 0) < _FULL_BYTES:
        return disk_full([folder])
    return None if os.access(folder, os.W_OK) else _read_only(folder)


def disk_full(folders: Iterable[Path]) -> DiskFull:
    """Return the error of a full disk: which folders are on it, and what to free."""
    known = list(dict.fromkeys(_store_of(folder) or folder for folder in folders))
    full = [folder for folder in known if (_free(folder) or 0) < _FULL_BYTES] or known
    places = [_with_free(folder) for folder in full] or [f"of {Path.cwd()}"]
    return DiskFull(
        f"The disk is full: {', '.join(places)}. What was loaded before is kept. Delete or move "
        "away other files on that disk (the store takes as much again while it loads), then run "
        "again; zakaz doctor tells how much is needed."
    )


def denied(path: Path) -> SettingsError:
    """Return the error of a file that this user may not use: which, whose, and who asked."""
    found, owner = _nearest_owner(path)
    me = os.geteuid()
    if owner is None or owner == me:
        return SettingsError(
            f"{found} is closed to {_user(me)}, its owner: permission denied. Open it again "
            f"(chmod u+rwX), or {_ELSEWHERE}."
        )
    told = f"{found} belongs to {_user(owner)} and is closed to {_user(me)}. "
    root = _store_of(found)
    if root is None:
        return SettingsError(
            f"{told}Let this user use it, or run the command as {_name(owner) or owner}."
        )
    store, store_owner = _nearest_owner(root)
    if store_owner in (me, 0):
        return SettingsError(
            f"{told}A command was run here as another user; give all of it back, as root: "
            f"chown -R {_name(me) or me} {store}"
        )
    name = _name(store_owner or owner) or f"#{store_owner or owner}"
    return SettingsError(
        f"{told}Run the command as the owner of {store}: sudo -u {name} zakaz …; or {_ELSEWHERE}."
    )


def _read_only(folder: Path) -> SettingsError:
    return SettingsError(
        f"{folder} is on a file system that is read-only: mount it for writing, or {_ELSEWHERE}."
    )


def _store_of(path: Path) -> Path | None:
    """Return the folder of the store that a path lies in."""
    above = (path, *path.parents)
    return next((one for one in above if os.path.isdir(one / "published")), None)  # noqa: PTH112


def written_folders(environ: Mapping[str, str]) -> list[Path]:
    """Return the folders that a command writes to: store, home of the tokens, temporary files."""
    from zakaz.warehouse.url import default_folder, warehouse_url

    found = []
    try:
        url = warehouse_url(environ)
        found.append(url.path if url.kind == "embedded" else default_folder(environ))
        found.append(Path(tempfile.gettempdir()))
    except (ZakazError, OSError):
        pass
    return found


def _path_of(error: OSError) -> Path | None:
    """Return the path at fault; of a copy that is the target, unless its source is closed."""
    names = [name for name in (error.filename2, error.filename) if isinstance(name, str)]
    if not names:
        return None
    if error.errno in _DENIED and len(names) == 2 and not os.access(names[1], os.R_OK):
        return Path(names[1])
    return Path(names[0])


def _no_temporary_folder() -> ZakazError:
    """Explain tempfile's last word: each folder it tried is full or closed."""
    tried = [Path(os.environ.get(name, "") or "/tmp") for name in ("TMPDIR",)]  # noqa: S108
    if any((_free(folder) or _FULL_BYTES) < _FULL_BYTES for folder in tried):
        return disk_full(tried)
    return SettingsError(
        "There is no folder for temporary files: set TMPDIR to one that this user may write to."
    )


def _closed_file(folder: Path) -> Path | None:
    """Return the first file or folder in a folder that this user may not use."""
    for parent, folders, files in os.walk(folder, onerror=None):
        for name in folders:
            place = Path(parent, name)
            if not place.is_symlink() and not os.access(place, os.R_OK | os.W_OK | os.X_OK):
                return place
        for name in files:
            if not os.access(Path(parent, name), os.R_OK):
                return Path(parent, name)
    return None


def _nearest_owner(path: Path) -> tuple[Path, int | None]:
    """Return the path, or the folder above it that hides it, with the owner's number."""
    for place in (path, *path.parents):
        try:
            return place, place.stat().st_uid
        except OSError:
            continue
    return path, None


def _free(folder: Path) -> int | None:
    for place in (folder, *folder.parents):
        try:
            told = os.statvfs(place)
        except OSError:
            continue
        return told.f_bavail * told.f_frsize
    return None


def _with_free(folder: Path) -> str:
    free = _free(folder)
    return f"{folder}" if free is None else f"{folder} has {free // 1024} kB left"


def _user(number: int) -> str:
    name = _name(number)
    return f"user {name} ({number})" if name else f"user {number}"


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return ""
