"""Where the warehouse is: one URL, or the classic variables that spell the same thing apart."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from zakaz.errors import SettingsError

URL_VARIABLE = "ZAKAZ_WAREHOUSE_URL"
CA_VARIABLE = "CLICKHOUSE_CA_FILE"
CLASSIC = {
    "host": "CLICKHOUSE_HOST",
    "port": "CLICKHOUSE_PORT",
    "user": "CLICKHOUSE_USER",
    "password": "CLICKHOUSE_PASSWORD",
    "database": "CLICKHOUSE_DB",
}
DATABASE = "zakaz"
PLAIN_PORT = 9000
TLS_PORT = 9440
_SHAPES = "chdb:///absolute/folder or clickhouse[s]://user:password@host:port/zakaz"


class Secret:
    """A text that never shows itself; ``reveal`` gives it to the one place that needs it."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the secret text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')" if self._text else "Secret('')"

    def __str__(self) -> str:
        return "***" if self._text else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True)
class WarehouseUrl:
    """A warehouse address: ``path`` counts for ``embedded``, the other fields for ``server``."""

    kind: Literal["embedded", "server"]
    path: Path = Path()
    host: str = ""
    port: int = PLAIN_PORT
    user: str = "default"
    password: Secret = field(default_factory=Secret)
    secure: bool = False
    database: str = DATABASE
    ca_file: Path | None = None

    def __str__(self) -> str:
        if self.kind == "embedded":
            return f"chdb://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        login = f"{self.user}:***" if str(self.password) else self.user
        return f"clickhouse{'s' if self.secure else ''}://{login}@{host}:{self.port}/zakaz"


def warehouse_url(environ: Mapping[str, str]) -> WarehouseUrl:
    """Read the warehouse's address; every fault is a SettingsError naming its variables."""
    text = environ.get(URL_VARIABLE, "").strip()
    classic = {part: environ.get(name, "") for part, name in CLASSIC.items()}
    classic = {
        part: value if part == "password" else value.strip() for part, value in classic.items()
    }
    given = {part: value for part, value in classic.items() if value}
    ca_text = environ.get(CA_VARIABLE, "").strip()
    if text:
        url = parse(text, ca_text)
        _refuse_contradiction(url, given)
        return url
    if given:
        return _from_classic(given, ca_text)
    return WarehouseUrl("embedded", path=default_folder(environ))


def default_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the embedded store under the user's data directory."""
    data = environ.get("XDG_DATA_HOME", "")
    # The base directory specification says that a relative value is to be ignored.
    if data.startswith("/") and sys.platform != "darwin":
        return Path(data) / "zakaz"
    home = _home(environ)
    if home is None:
        text = environ.get(URL_VARIABLE, "").strip()
        if text.startswith("chdb:"):
            return parse(text).path  # what belongs to a user without a home lies in his store
        raise SettingsError(
            "HOME is not set and this user has no home folder, so there is no place for the store "
            "and the tokens. Set HOME or XDG_DATA_HOME to a folder that this user may write to; "
            f"{URL_VARIABLE}=chdb:///absolute/folder alone will do with the embedded store"
        )
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "zakaz"
    return home / ".local" / "share" / "zakaz"


def _home(environ: Mapping[str, str]) -> Path | None:
    """Return the user's home as an absolute folder, None where neither HOME nor passwd has one."""
    told = environ.get("HOME", "").strip()
    try:
        return Path(os.path.abspath(told or pwd.getpwuid(os.getuid()).pw_dir))  # noqa: PTH100
    except KeyError:
        return None
    except OSError:
        raise SettingsError(
            f"HOME is {told}, told from the working folder, which was removed: set HOME to an "
            "absolute folder"
        ) from None


def parse(text: str, ca_text: str = "") -> WarehouseUrl:
    """Read one URL; the text itself is never quoted in an error, it may hold a password."""
    scheme = text.partition(":")[0].lower()
    if scheme not in ("chdb", "clickhouse", "clickhouses"):
        raise SettingsError(f"{URL_VARIABLE}: unknown scheme; write {_SHAPES}")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise SettingsError(
            f"{URL_VARIABLE} cannot be read: write {_SHAPES}, "
            "and percent-encode special letters of the password (%40 for @, %2F for /)"
        ) from None
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise SettingsError(
            f"{URL_VARIABLE} takes no options after ? or #: write {_SHAPES} "
            "(percent-encode ? and # inside a password)"
        )
    return _embedded(parts) if scheme == "chdb" else _server(parts, port, ca_text)


def _embedded(parts: SplitResult) -> WarehouseUrl:
    path = unquote(parts.path)
    if parts.netloc or not path.startswith("/"):
        raise SettingsError(
            f"{URL_VARIABLE}: the embedded store needs an absolute folder with three slashes, "
            "chdb:///home/you/zakaz; a relative one would depend on where you stand"
        )
    if "?" in path or "\0" in path:
        raise SettingsError(f"{URL_VARIABLE}: the folder's name may not hold '?'")
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise SettingsError(
            f"{URL_VARIABLE}: the folder's name is not UTF-8, and the engine reads no other: "
            "rename the folder, or write the variable in UTF-8"
        ) from None
    return WarehouseUrl("embedded", path=Path(path))


def _server(parts: SplitResult, port: int | None, ca_text: str) -> WarehouseUrl:
    if not parts.hostname:
        raise SettingsError(f"{URL_VARIABLE} names no host: write {_SHAPES}")
    secure = parts.scheme == "clickhouses"
    _check_database(unquote(parts.path.strip("/")), URL_VARIABLE)
    return WarehouseUrl(
        "server",
        host=parts.hostname,
        port=port or (TLS_PORT if secure else PLAIN_PORT),
        user=unquote(parts.username or "") or "default",
        password=Secret(unquote(parts.password or "")),
        secure=secure,
        ca_file=_ca_file(ca_text, secure=secure),
    )


def _from_classic(given: Mapping[str, str], ca_text: str) -> WarehouseUrl:
    host = given.get("host", "")
    if not host:
        names = ", ".join(CLASSIC[part] for part in given)
        raise SettingsError(f"{names} set, but CLICKHOUSE_HOST is not")
    _check_host(host)
    _check_database(given.get("database", ""), CLASSIC["database"])
    return WarehouseUrl(
        "server",
        host=host,
        port=_port(given.get("port", str(PLAIN_PORT))),
        user=given.get("user", "default"),
        password=Secret(given.get("password", "")),
        ca_file=_ca_file(ca_text, secure=False),
    )


def _check_host(host: str) -> None:
    if "://" in host or "/" in host or "@" in host:
        raise SettingsError(
            "CLICKHOUSE_HOST is a plain host name; the scheme, port and user "
            f"have their own variables, or write {URL_VARIABLE} instead"
        )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError(
            "CLICKHOUSE_PORT must be a port number: ClickHouse's native TCP port is 9000 "
            "(8123 is its HTTP port)"
        )
    return int(text)


def _check_database(name: str, variable: str) -> None:
    if name not in ("", DATABASE):
        raise SettingsError(
            f"{variable}: the databases are always `zakaz` and `bi`; "
            "leave the name out or write zakaz"
        )


def _ca_file(text: str, *, secure: bool) -> Path | None:
    if not text:
        return None
    if not secure:
        raise SettingsError(
            f"{CA_VARIABLE} is set, but the connection has no TLS: "
            f"write {URL_VARIABLE}=clickhouses://…"
        )
    path = Path(text)
    if not path.is_file():
        raise SettingsError(f"{CA_VARIABLE}: there is no file {path}")
    return path


def _refuse_contradiction(url: WarehouseUrl, given: Mapping[str, str]) -> None:
    """Stop when the two spellings name different warehouses; neither may win silently."""
    told = {
        "host": url.host,
        "port": str(url.port),
        "user": url.user,
        "password": url.password.reveal(),
        "database": url.database,
    }
    names = [CLASSIC[part] for part, value in given.items() if told[part] != value]
    if url.kind == "embedded" and given:
        names = [CLASSIC[part] for part in given]
    if names:
        raise SettingsError(
            f"{URL_VARIABLE} and {', '.join(names)} contradict each other: keep one of the two"
        )
