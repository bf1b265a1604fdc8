"""Columns written as one block of ClickHouse's Native format, by clickhouse-driver's writers.

The same code that talks to a server thus writes what the embedded engine reads, so both adapters
store a value in exactly the same way.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO

from zakaz.errors import SettingsError
from zakaz.packed import Columns, varint, with_length
from zakaz.warehouse.columns import CheckedColumns
from zakaz.warehouse.driver import load_driver

_BUFFER = 1 << 20
# The engine's file() takes them for a pattern or for a file within an archive.
_PATTERN = re.compile(r"[*?{}]|::")


class _Sink:
    """A file in the shape of the socket that the driver's buffered writer expects."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def sendall(self, data: bytes) -> None:
        self._file.write(data)


def named_plainly(*folders: str | Path) -> str:
    """Return the first writable folder whose name the engine's file() takes as it is written."""
    for folder in map(str, folders):
        if not _PATTERN.search(folder) and os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise SettingsError(
        f"no folder for temporary files can be used: {', '.join(map(str, folders))} cannot be"
        " written, or hold one of * ? { } :: in their names. Set TMPDIR to another folder."
    )


def write_block(path: Path, columns: CheckedColumns) -> None:
    """Write the columns as a Native file; the lists may be changed on the way."""
    load_driver()
    from clickhouse_driver.block import ColumnOrientedBlock
    from clickhouse_driver.bufferedwriter import BufferedSocketWriter
    from clickhouse_driver.connection import ServerInfo
    from clickhouse_driver.context import Context
    from clickhouse_driver.streams.native import BlockOutputStream

    context = Context()
    context.settings = {}
    context.client_settings = {"use_numpy": False, "strings_as_bytes": False}
    # Revision 0 is the plain file format: no block info, no custom serialization.
    context.server_info = ServerInfo("file", 0, 0, 0, 0, "UTC", "file", 0)
    block = ColumnOrientedBlock(list(zip(columns.names, columns.types, strict=True)), columns.data)
    with path.open("wb") as file:
        BlockOutputStream(BufferedSocketWriter(_Sink(file), _BUFFER), context).write(block)


def write_packed(path: Path, columns: Columns, rows: int) -> None:
    """Write packed columns as a Native file, their numbers as they lie."""
    with path.open("wb") as file:
        file.write(varint(len(columns)) + varint(rows))
        for name, column in columns.items():
            file.write(with_length(name.encode()) + with_length(column.lies_as.encode()))
            file.write(column.native())
