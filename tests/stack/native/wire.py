"""The packets of ClickHouse's native protocol, seen from the server's side."""

from __future__ import annotations

import contextlib
import select
import socket
from dataclasses import dataclass, field
from typing import Any

from blocks import CONTEXT, REVISION, Block, read_block, write_block
from clickhouse_driver.bufferedreader import BufferedSocketReader
from clickhouse_driver.bufferedwriter import BufferedSocketWriter
from clickhouse_driver.reader import read_binary_str, read_binary_uint8
from clickhouse_driver.varint import read_varint, write_varint
from clickhouse_driver.writer import write_binary_int32, write_binary_str, write_binary_uint8

HELLO, QUERY, DATA, CANCEL, PING = 0, 1, 2, 3, 4
SERVER_HELLO, SERVER_DATA, SERVER_EXCEPTION, SERVER_PONG, SERVER_END = 0, 1, 2, 4, 5
_BUFFER = 1 << 20


@dataclass
class Hello:
    """Who knocks."""

    database: str
    user: str
    password: str


@dataclass
class Query:
    """What is asked."""

    text: str
    settings: dict[str, str] = field(default_factory=dict)
    compressed: bool = False


class Channel:
    """One client's connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        # Small packets go back and forth: without this each would wait 40 ms for the other.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._in = BufferedSocketReader(connection, _BUFFER)
        self._out = BufferedSocketWriter(connection, _BUFFER)

    def read_packet_type(self) -> int:
        """Wait for the client's next packet; EOFError when it is gone."""
        return int(read_varint(self._in))

    def read_hello(self) -> Hello:
        """Read the rest of a hello packet."""
        read_binary_str(self._in)  # the client's name
        for _ in range(3):  # its version and revision
            read_varint(self._in)
        return Hello(*(read_binary_str(self._in) for _ in range(3)))

    def send_hello(self, version: str, zone: str) -> None:
        """Introduce the server."""
        major, minor, patch = (int(part) for part in version.split(".")[:3])
        write_varint(SERVER_HELLO, self._out)
        write_binary_str("ClickHouse", self._out)
        for number in (major, minor, REVISION):
            write_varint(number, self._out)
        write_binary_str(zone, self._out)
        write_binary_str("native test server over chDB", self._out)
        write_varint(patch, self._out)
        self._out.flush()

    def read_query(self) -> Query:
        """Read the rest of a query packet, with the block that ends its external tables."""
        read_binary_str(self._in)  # query id
        self._skip_client_info()
        settings: dict[str, str] = {}
        while name := read_binary_str(self._in):
            read_binary_uint8(self._in)  # flags
            settings[name] = read_binary_str(self._in)
        read_binary_str(self._in)  # interserver secret
        read_varint(self._in)  # stage
        compressed = bool(read_varint(self._in))
        query = Query(read_binary_str(self._in), settings, compressed)
        while self.read_data(compressed=compressed).columns:
            pass
        return query

    def _skip_client_info(self) -> None:
        if not read_binary_uint8(self._in):  # kind of query
            return
        for _ in range(3):  # initial user, query id, address
            read_binary_str(self._in)
        read_binary_uint8(self._in)  # interface
        for _ in range(3):  # OS user, host, client name
            read_binary_str(self._in)
        for _ in range(3):  # major, minor, revision
            read_varint(self._in)
        read_binary_str(self._in)  # quota key
        read_varint(self._in)  # patch

    def read_data(self, *, compressed: bool) -> Block:
        """Read a data packet; a cancel in its place is an interruption."""
        kind = self.read_packet_type()
        if kind == CANCEL:
            raise InterruptedError("cancelled by the client")
        if kind != DATA:
            raise ValueError(f"packet {kind} where data was expected")
        read_binary_str(self._in)  # external table's name
        return read_block(self._unpacked() if compressed else self._in, with_info=True)

    def send_block(self, block: Block, *, compressed: bool) -> None:
        """Send one data packet."""
        write_varint(SERVER_DATA, self._out)
        write_binary_str("", self._out)
        if not compressed:
            write_block(self._out, block, with_info=True)
            self._out.flush()
            return
        from clickhouse_driver.compression.lz4 import Compressor
        from clickhouse_driver.streams.compressed import CompressedBlockOutputStream

        packed = CompressedBlockOutputStream(Compressor, _BUFFER, self._out, CONTEXT)
        write_block(packed.fout, block, with_info=True)
        packed.finalize()

    def _unpacked(self) -> Any:
        from clickhouse_driver.streams.compressed import CompressedBlockInputStream

        return CompressedBlockInputStream(self._in, CONTEXT).fin

    def send_exception(self, code: int, message: str) -> None:
        """Send an error; the stack is a server's own and stays empty here."""
        write_varint(SERVER_EXCEPTION, self._out)
        write_binary_int32(code, self._out)
        for text in ("DB::Exception", message, ""):
            write_binary_str(text, self._out)
        write_binary_uint8(0, self._out)  # nothing nested
        self._out.flush()

    def send_bare(self, kind: int) -> None:
        """Send a packet that is only its type: pong, or the end of a stream."""
        write_varint(kind, self._out)
        self._out.flush()

    def is_cancelled(self) -> bool:
        """Say whether the client sent a cancel while an answer is under way."""
        waiting = self._in.position < self._in.current_buffer_size  # read along with the query
        if not waiting:
            waiting = bool(select.select([self._socket], [], [], 0)[0])
        return waiting and self.read_packet_type() == CANCEL

    def answer_web_request(self) -> None:
        """Answer a browser as ClickHouse's native port does."""
        hint = "Port 9000 is for clickhouse-client program\r\nYou must use port 8123 for HTTP.\r\n"
        with contextlib.suppress(OSError):
            self._socket.sendall(f"HTTP/1.0 400 Bad Request\r\n\r\n{hint}".encode("ascii"))
