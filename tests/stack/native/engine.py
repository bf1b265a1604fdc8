"""The engine behind the test server: chDB, asked one statement at a time."""

from __future__ import annotations

import io
import json
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chdb
from blocks import Block, read_block, write_block
from clickhouse_driver.bufferedreader import BufferedSocketReader
from clickhouse_driver.bufferedwriter import BufferedSocketWriter

_CODE = re.compile(r"Code:\s*(\d+)\.\s*(.*)", re.DOTALL)
_BUFFER = 1 << 20


class EngineError(Exception):
    """What the engine refused, with its code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Bytes(io.BytesIO):
    """Bytes in the shape of the socket that the driver's buffered reader expects."""

    def recv_into(self, buffer: Any) -> int:
        return self.readinto(buffer)


class _Sink:
    """A file in the shape of the socket that the driver's buffered writer expects."""

    def __init__(self, file: Any) -> None:
        self.sendall = file.write


class Engine:
    """One folder, one connection, one lock; ``profile`` are the server's default settings."""

    def __init__(self, folder: Path, profile: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._connection = chdb.connect(str(folder))
        self._profile = dict(profile)
        self._database = "default"
        names = self._native("SELECT name FROM system.settings")
        self._known = {name.decode() for block in names for name in block.data[0]}
        self._set(self._profile)

    @property
    def version(self) -> str:
        """Give the engine's version."""
        return str(chdb.engine_version)

    def run(self, sql: str, settings: Mapping[str, str], database: str) -> None:
        """Run a statement that gives no rows."""
        with self._session(settings, database):
            self._native(sql)

    def ask(self, sql: str, settings: Mapping[str, str], database: str) -> list[Block]:
        """Run a query and give its blocks, the header (0 rows) first."""
        with self._session(settings, database):
            blocks = self._native(sql)
            header = Block(columns=blocks[0].columns if blocks else self._header(sql))
            if any("DateTime" in kind for _, kind in header.columns):
                # Native output names a plain DateTime('Europe/Moscow') DateTime.
                header.columns = self._described(f"DESCRIBE ({sql.rstrip().rstrip(';')})")
            for block in blocks:
                block.columns = header.columns
        return [header, *(block for block in blocks if block.rows)]

    def columns(self, table: str, names: list[str], database: str) -> list[tuple[str, str]]:
        """Give the target columns of an insert, all of them where none are named."""
        with self._session({}, database):
            described = dict(self._described(f"DESCRIBE TABLE {table}"))
        for name in names:
            if name not in described:
                raise EngineError(16, f"DB::Exception: No such column {name} in table {table}")
        return [(name, described[name]) for name in names or described]

    def store(
        self, table: str, blocks: list[Block], settings: Mapping[str, str], database: str
    ) -> None:
        """Insert blocks as the server does: each block on its own, in their order."""
        names = ", ".join(f"`{name}`" for name, _ in blocks[0].columns)
        with tempfile.TemporaryDirectory(prefix="native-server-") as folder:
            path = Path(folder) / "blocks.native"
            with path.open("wb") as file:
                sink = BufferedSocketWriter(_Sink(file), _BUFFER)
                for block in blocks:
                    write_block(sink, block, with_info=False)
                sink.flush()
            with self._session(settings, database):
                self._native(f"INSERT INTO {table} ({names}) SELECT * FROM file('{path}', Native)")

    def close(self) -> None:
        """Release the folder."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _session(self, settings: Mapping[str, str], database: str) -> Iterator[None]:
        """Lend the one connection with a client's settings and database."""
        with self._lock:
            if database and database != self._database:
                self._native(f"USE `{database}`")
                self._database = database
            # Like a server, pass over settings that are unknown and not marked as important.
            own = {name: value for name, value in settings.items() if name in self._known}
            self._set(own)
            try:
                yield
            finally:
                self._set({name: self._profile.get(name, "") for name in own}, reset=True)

    def _set(self, settings: Mapping[str, str], *, reset: bool = False) -> None:
        parts = []
        for name, value in settings.items():
            text = value.replace("\\", "\\\\").replace("'", "\\'")
            parts.append(f"{name} = DEFAULT" if reset and not value else f"{name} = '{text}'")
        if parts:
            self._native(f"SET {', '.join(parts)}")

    def _described(self, sql: str) -> list[tuple[str, str]]:
        return [
            (name.decode(), kind.decode())
            for block in self._native(sql)
            if block.rows
            for name, kind in zip(block.data[0], block.data[1], strict=True)
        ]

    def _header(self, sql: str) -> list[tuple[str, str]]:
        """Ask an empty answer for its columns, which Native output leaves out."""
        lines = self._query(sql, "JSONCompactEachRowWithNamesAndTypes").splitlines()
        names, kinds = (json.loads(line) for line in lines[:2]) if lines else ((), ())
        return list(zip(names, kinds, strict=True))

    def _native(self, sql: str) -> list[Block]:
        source, blocks = BufferedSocketReader(_Bytes(self._query(sql, "Native")), _BUFFER), []
        while True:
            try:
                blocks.append(read_block(source, with_info=False))
            except EOFError:
                return blocks

    def _query(self, sql: str, form: str) -> bytes:
        try:
            return bytes(self._connection.query(sql, form).bytes() or b"")
        except RuntimeError as error:
            # A failed query leaves its remains in the next answer: throw one away.
            self._connection.query("SELECT 1", "CSV")
            found = _CODE.search(str(error))
            code, message = (int(found[1]), found[2]) if found else (1001, str(error))
            raise EngineError(code, message.strip()) from None
