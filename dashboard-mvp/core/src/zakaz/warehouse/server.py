"""The server adapter: a ClickHouse server over its native protocol, by clickhouse-driver."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from zakaz.errors import WarehouseError
from zakaz.warehouse.columns import check_shape, check_values, packed_columns
from zakaz.warehouse.decode import DEFAULT_ZONE, decode_rows, native_decoders
from zakaz.warehouse.driver import load_driver
from zakaz.warehouse.parameters import identifier, rendered, table_name
from zakaz.warehouse.port import Table
from zakaz.warehouse.server_faults import connection_fault, statement_fault
from zakaz.warehouse.statements import is_read, refuse_inline_rows
from zakaz.warehouse.url import WarehouseUrl

CONNECT_SECONDS = 10
ANSWER_SECONDS = 300
# Whatever the server's profiles say: texts and joins mean the same as in the embedded engine.
_PINNED = {"session_timezone": DEFAULT_ZONE, "join_use_nulls": 0}
# An insert is acknowledged when it is stored, is never taken for a repetition and dropped, and
# keeps its order. max_partitions_per_insert_block stays the server's: see ``batches``.
_PINNED_INSERT = {
    "async_insert": 0,
    "wait_for_async_insert": 1,
    "insert_deduplicate": 0,
    "max_insert_threads": 1,
}
# The driver logs a failed connection with its traceback, and at DEBUG every statement with its
# values; what a user should know is in our errors.
logging.getLogger("clickhouse_driver").setLevel(logging.CRITICAL)


class ServerWarehouse:
    """One connection to a server; ``readonly`` asks the server itself to refuse writes."""

    backend = "server"

    def __init__(
        self, url: WarehouseUrl, *, readonly: bool = False, query_seconds: int = 0
    ) -> None:
        self._url = url
        self._lock = threading.RLock()
        # No database is named: before the first bootstrap there is none to name.
        self._client: Any = load_driver().Client(
            host=url.host,
            port=url.port,
            user=url.user,
            password=url.password.reveal(),
            database="",
            secure=url.secure,
            verify=True,
            ca_certs=str(url.ca_file) if url.ca_file else None,
            client_name="zakaz",
            connect_timeout=CONNECT_SECONDS,
            # An HTTP port may wait for ever for our greeting to end; a server answers at once.
            send_receive_timeout=CONNECT_SECONDS,
            tcp_keepalive=True,
        )
        self._open = True
        self._settings: dict[str, Any] = {}
        try:
            self._greet(readonly=readonly, query_seconds=query_seconds)
        except BaseException:
            self.close()
            raise

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run one statement that returns nothing; rows go in through ``insert``."""
        refuse_inline_rows(sql)
        self._ask(rendered(sql, params), repeatable=False)

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Run one SELECT and give its answer; asked again once if the connection was cut."""
        text = rendered(sql, params)
        refuse_inline_rows(text)
        rows, columns = self._ask(text, repeatable=is_read(text))
        types = [kind for _, kind in columns]
        decoders = native_decoders(types, self._server_zone())
        return Table(tuple(name for name, _ in columns), tuple(types), decode_rows(rows, decoders))

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> int:
        """Insert columns in one statement; a cut connection is an error, never a second try."""
        rows = check_shape(table, columns)
        if not rows:
            return 0
        declared = self._declared(table)
        packed = packed_columns(table, declared, columns)
        if packed is None:
            data = check_values(table, declared, columns).data
        else:
            data = [column.plain() for column in packed.values()]
        names = ", ".join(identifier(name) for name in columns)
        self._ask(f"INSERT INTO {table_name(table)} ({names}) VALUES", repeatable=False, data=data)
        return rows

    def version(self) -> str:
        """Give the server's version."""
        return str(self.query("SELECT version()").scalar())

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._open = False
            self._client.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ServerWarehouse {self._url}>"

    def _greet(self, *, readonly: bool, query_seconds: int) -> None:
        """Connect, and see which settings the account's profile lets us send."""
        from clickhouse_driver import errors

        try:
            self._client.connection.connect()
        except (errors.Error, EOFError, OSError) as error:
            raise connection_fault(error, self._url) from None
        connection = self._client.connection
        connection.send_receive_timeout = ANSWER_SECONDS
        connection.socket.settimeout(ANSWER_SECONDS)
        allowed = int(self.query("SELECT getSetting('readonly')").scalar())
        if allowed == 1:
            return  # such an account may not send any setting
        self._settings = dict(_PINNED)
        if query_seconds:
            self._settings["max_execution_time"] = query_seconds
        if readonly and allowed == 0:
            self._settings["readonly"] = 2
        elif not readonly:
            self._settings |= _PINNED_INSERT

    def _declared(self, table: str) -> dict[str, str]:
        answer = self.query(f"DESCRIBE TABLE {table_name(table)}")
        return {row[0]: row[1] for row in answer.rows}

    def _server_zone(self) -> str:
        info = self._client.connection.server_info
        return str(info.get_timezone() or "") if info else ""

    def _ask(self, sql: str, *, repeatable: bool, data: list[list[Any]] | None = None) -> Any:
        from clickhouse_driver import errors

        with self._lock:
            if not self._open:
                raise WarehouseError("the warehouse is closed")
            for may_repeat in (repeatable, False):
                try:
                    return self._send(sql, data)
                except (EOFError, ConnectionError) as error:
                    if not may_repeat:
                        raise statement_fault(error, self._url, sql) from None
                except (errors.NetworkError, errors.SocketTimeoutError) as error:
                    # These come from connecting again: the server is away.
                    raise connection_fault(error, self._url) from None
                except (errors.Error, OSError) as error:
                    raise statement_fault(error, self._url, sql) from None
        raise AssertionError("the second try either answers or fails")

    def _send(self, sql: str, data: list[list[Any]] | None) -> Any:
        if data is not None:
            return self._client.execute(sql, data, columnar=True, settings=self._settings)
        return self._client.execute(sql, with_column_types=True, settings=self._settings)
