"""The environment: read once at the edge from ``.env`` and the process, then passed inward."""

from __future__ import annotations

import logging
import re
import stat
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from zakaz.errors import SettingsError

log = logging.getLogger(__name__)

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


def read(
    process: Mapping[str, str], *, env_file: Path | None = None, folder: Path | None = None
) -> dict[str, str]:
    """Return the variables of the ``.env`` file overlaid by those of the process.

    Without ``env_file`` the ``.env`` of ``folder`` (the working folder) is read if there is one;
    a named file must exist. An empty variable counts as unset.
    """
    path, why_not = (env_file, "") if env_file is not None else own_file(folder)
    if why_not:
        log.warning("no .env was read: %s", why_not)
    values: dict[str, str] = {} if path is None else read_file(path)
    values.update({key: value for key, value in process.items() if value.strip()})
    return {key: value for key, value in values.items() if value.strip()}


def own_file(folder: Path | None = None) -> tuple[Path | None, str]:
    """Return the ``.env`` of the working folder, or None and why it could not be looked for.

    The reason is '' where there simply is none. A service started from another user's folder, or
    from one that is gone, has its variables from elsewhere.
    """
    try:
        path = (Path.cwd() if folder is None else folder) / ".env"
    except OSError:
        return None, "the working folder was removed"
    try:
        return (path, "") if stat.S_ISREG(path.stat().st_mode) else (None, "")
    except PermissionError:
        return None, f"the working folder {path.parent} is closed to this user"
    except OSError:
        return None, ""


def read_file(path: Path) -> dict[str, str]:
    """Read an env file; every malformed line is named in one SettingsError."""
    from dotenv.parser import parse_stream

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(
            f"Cannot read the environment file {path}: {error.strerror}. "
            "Give an existing file with --env-file."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(
            f"The environment file {path} is not UTF-8 text; save it as UTF-8."
        ) from None
    import io

    values: dict[str, str] = {}
    faults: list[str] = []
    for binding in parse_stream(io.StringIO(text)):
        line = binding.original.line
        if binding.key is None and not binding.error:
            continue
        if binding.error or binding.key is None or binding.value is None:
            faults.append(f"line {line}: expected NAME=value")
        elif not _KEY.fullmatch(binding.key):
            shown = binding.key.encode("unicode_escape").decode("ascii")
            faults.append(f"line {line}: the name {shown} may hold only latin letters, digits, _")
        elif not _fits(binding.value):
            faults.append(f"line {line}: the value of {binding.key} holds a NUL or half a letter")
        else:
            values[binding.key] = binding.value
    if faults:
        raise SettingsError(f"The environment file {path} is malformed:\n  " + "\n  ".join(faults))
    return values


def _fits(value: str) -> bool:
    """Return whether a process can have a variable of this value."""
    try:
        return "\0" not in value and bool(value.encode("utf-8") or True)
    except UnicodeEncodeError:
        return False


def is_true(environ: Mapping[str, str], name: str) -> bool:
    """Read a yes/no variable; a word that is neither is a SettingsError."""
    text = environ.get(name, "").strip().strip("'\"").lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise SettingsError(f"{name} is {text!r}; write true or false.")


def is_loopback(url: str) -> bool:
    """Say whether a URL points at this very machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def clean_secret(text: str) -> str:
    """Give a token without the BOM, line ends, blanks and quotes that copying leaves around it.

    A control character, blank or non-ASCII letter inside raises ValueError: such a token is a
    mistake, and could carry a second header.
    """
    cleaned = text.strip().strip("\ufeff\u200b").strip()
    if len(cleaned) >= 2 and cleaned[0] == cleaned[-1] and cleaned[0] in "'\"":
        cleaned = cleaned[1:-1].strip()
    cleaned = cleaned.strip("\ufeff\u200b")
    if any(not ("!" <= letter <= "~") for letter in cleaned):
        raise ValueError("holds a blank, a line end or a letter outside ASCII; copy it again")
    return cleaned
