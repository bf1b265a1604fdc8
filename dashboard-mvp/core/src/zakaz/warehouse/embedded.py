"""The embedded adapter: chDB, the ClickHouse engine inside this process.

The caller holds the store's lock (``zakaz.store``): the engine's own folder lock poisons the
process on a collision and reports codes that cannot be relied on.
"""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from zakaz.errors import SettingsError, WarehouseError
from zakaz.file_faults import explained_engine, explained_opening
from zakaz.warehouse.columns import check_shape, check_values, packed_columns
from zakaz.warehouse.decode import DEFAULT_ZONE, decode_rows, json_decoders
from zakaz.warehouse.engine_errors import engine_error
from zakaz.warehouse.engine_exit import end_before_destructors
from zakaz.warehouse.engine_signals import kept_signals
from zakaz.warehouse.engine_start import engine_start
from zakaz.warehouse.native_file import named_plainly, write_block, write_packed
from zakaz.warehouse.parameters import identifier, quoted, rendered, table_name
from zakaz.warehouse.port import Table
from zakaz.warehouse.statements import may_change, refuse_inline_rows

_FORMAT = "JSONCompactEachRowWithNamesAndTypes"
_SETTINGS = {
    "session_timezone": DEFAULT_ZONE,
    "date_time_output_format": "unix_timestamp",
    "output_format_json_quote_64bit_integers": 1,
    "output_format_json_quote_decimals": 1,
    "output_format_decimal_trailing_zeros": 1,
    "output_format_json_quote_denormals": 0,
    "output_format_json_validate_utf8": 1,
    "output_format_json_named_tuples_as_objects": 0,
    # What checks and facts ask for: a read-only session takes a setting only if it changes nothing.
    "do_not_merge_across_partitions_select_final": 1,
    # One thread keeps rows in their order: of equal versions the last inserted wins.
    "max_insert_threads": 1,
    # Compiling an expression to machine code takes longer than any of our queries runs.
    "compile_expressions": 0,
    "compile_aggregate_expressions": 0,
    "compile_sort_description": 0,
}
_MANY_ROWS = 10_000
_GROWN = 16 * 1024**2  # less is not worth the 3 ms of handing it back and taking it again
_guard = threading.Lock()
_open_folder: list[Path] = []  # at most one: the engine knows one folder per process


class EmbeddedWarehouse:
    """One open embedded store; ``readonly`` refuses every write and every outside table.

    ``query_seconds`` is the longest a query may take, 0 means without end.
    """

    backend = "embedded"

    def __init__(
        self,
        folder: Path,
        *,
        readonly: bool = False,
        query_seconds: int = 0,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._reads_stdin = self.version().startswith(("23.", "24."))
        self._types: dict[str, dict[str, str]] = {}  # of tables that were inserted into
        self._resident = _resident()  # bytes of memory when the engine last handed some back
        self._connection = _connect(folder)
        self._finalizer = weakref.finalize(
            self, _disconnect, self._connection, folder, on_close or _nothing
        )
        try:
            pinned = ", ".join(
                f"{name} = {quoted(value) if isinstance(value, str) else value}"
                for name, value in _SETTINGS.items()
            )
            if query_seconds:
                pinned += f", max_execution_time = {query_seconds:d}"
            self._ask(f"SET {pinned}")
            if readonly:
                self._ask("SYSTEM STOP MERGES")  # a copy that is thrown away needs no tidying
                self._ask("SET readonly = 1")
        except BaseException:
            self.close()
            raise

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run one statement that returns nothing; rows go in through ``insert``."""
        refuse_inline_rows(sql)
        is_insert = sql.lstrip()[:6].upper() == "INSERT"
        text = rendered(sql, params)
        try:
            self._ask(text)
        finally:
            if not is_insert:  # it may have changed a table, which nobody else can
                self._types = {
                    name: of for name, of in self._types.items() if not may_change(text, name)
                }
        if is_insert:
            self._give_back()

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Run one SELECT and give its answer."""
        import msgspec

        text = rendered(sql, params)
        lines = msgspec.json.Decoder().decode_lines(self._ask(text))
        if len(lines) < 2:
            return Table((), (), [])
        names, types = lines[0], lines[1]
        rows = decode_rows(lines[2:], json_decoders(types))
        return Table(tuple(names), tuple(types), rows)

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> int:
        """Insert columns in one statement, through a file and never through standard input."""
        rows = check_shape(table, columns)
        if not rows:
            return 0
        declared = self._declared(table)
        packed = packed_columns(table, declared, columns)
        selected = "*"
        place = named_plainly(tempfile.gettempdir(), self.folder.parent, "/tmp")  # noqa: S108
        with tempfile.TemporaryDirectory(prefix="zakaz-insert-", dir=place) as folder:
            path = Path(folder) / "block.native"
            if packed is None:
                write_block(path, check_values(table, declared, columns))
            else:
                write_packed(path, packed, rows)
                selected = ", ".join(one.selected(identifier(n)) for n, one in packed.items())
            names = ", ".join(identifier(name) for name in columns)
            self._ask(
                f"INSERT INTO {table_name(table)} ({names}) "  # noqa: S608  # quoted above
                f"SELECT {selected} FROM file({quoted(str(path))}, 'Native')"
            )
        if rows >= _MANY_ROWS:
            self._give_back()
        return rows

    def version(self) -> str:
        """Return the engine's version, which chDB knows without being asked for a query."""
        return str(load_engine().engine_version)

    def close(self) -> None:
        """Release the engine and its folder."""
        with self._lock:
            self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _declared(self, table: str) -> dict[str, str]:
        """Return the types of a table's columns, asked once between two changes of the schema."""
        known = self._types.get(table)
        if known is None:
            answer = self.query(f"DESCRIBE TABLE {table_name(table)}")
            known = self._types[table] = {row[0]: row[1] for row in answer.rows}
        return known

    def _ask(self, sql: str) -> bytes:
        with self._lock:
            if not self._finalizer.alive:
                raise WarehouseError("the warehouse is closed")
            try:
                with _stdin_shut(self._reads_stdin, sql):
                    return bytes(self._connection.query(sql, _FORMAT).bytes() or b"")
            except RuntimeError as error:
                self._rinse()
                raise explained_engine(str(error), self.folder) or engine_error(
                    str(error), sql
                ) from None

    def _give_back(self) -> None:
        """Hand the machine what large inserts took: the engine would keep it for the next one."""
        resident = _resident()
        if resident is None or self._resident is None or resident - self._resident > _GROWN:
            self._ask("SYSTEM JEMALLOC PURGE")
            resident = _resident()
        self._resident = min(resident, self._resident) if resident and self._resident else resident

    def _rinse(self) -> None:
        """Throw one answer away: after a failed query the next answer holds its leftovers."""
        try:
            self._connection.query("SELECT 1", "CSV")
        except RuntimeError:
            self.close()


def load_engine() -> Any:
    """Import chDB; its absence is a SettingsError that says what to install."""
    try:
        with kept_signals(), engine_start():
            import chdb
    except ImportError as error:
        missing = "pyarrow" if "pyarrow" in str(error) else "chdb"
        if missing == "chdb" and not isinstance(error, ModuleNotFoundError):
            raise SettingsError(
                f"the engine chdb is installed but cannot be loaded ({error}): "
                "install zakaz-core[embedded] again for this Python and this machine"
            ) from None
        raise SettingsError(
            f"the embedded store (chdb://) needs the package {missing}: "
            "install zakaz-core[embedded], or set ZAKAZ_WAREHOUSE_URL to a server, "
            "clickhouse://user:password@host:9000/zakaz"
        ) from None
    end_before_destructors()
    return chdb


def _connect(folder: Path) -> Any:
    chdb = load_engine()
    with _guard:
        if _open_folder:
            raise RuntimeError(
                f"this process already has the store {_open_folder[0]} open; "
                "the engine allows one folder per process: close it first"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise SettingsError(
                f"the store's folder {folder} cannot be used ({error.strerror})"
            ) from None
        try:
            with kept_signals():
                connection = chdb.connect(str(folder))
        except RuntimeError as error:
            told = engine_error(str(error))
            if explanation := explained_opening(folder):
                raise explanation from None
            raise WarehouseError(
                f"the store {folder} cannot be opened by engine {chdb.engine_version}: {told}",
                code=told.code,
            ) from None
        _open_folder.append(folder)
        return connection


def _disconnect(connection: Any, folder: Path, afterwards: Callable[[], None]) -> None:
    with _guard:
        with kept_signals():
            connection.close()
        _open_folder.remove(folder)
    afterwards()


def _nothing() -> None:
    pass


def _resident() -> int | None:
    """Return how much memory the process holds now, None where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_bytes().split()[1]
    except OSError:  # macOS
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _stdin_shut(needed: bool, sql: str) -> Iterator[None]:
    """Keep chDB 3.2.0 from reading rows out of our standard input during an INSERT."""
    if not needed or "insert" not in sql.lower():
        yield
        return
    try:
        kept = os.dup(0)
    except OSError:  # started without a standard input
        kept = -1
    nothing = os.open(os.devnull, os.O_RDONLY)
    try:
        os.dup2(nothing, 0)
        yield
    finally:
        os.close(nothing) if nothing != 0 else None
        if kept >= 0:
            os.dup2(kept, 0)
            os.close(kept)
        else:
            os.close(0)
