"""One client's session: who it is, what it asks, what it gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from blocks import Block
from engine import Engine, EngineError
from wire import CANCEL, HELLO, PING, QUERY, SERVER_END, SERVER_PONG, Channel, Hello, Query

AUTHENTICATION_FAILED, READONLY, UNKNOWN_PACKET = 516, 164, 99
_READ = re.compile(r"[\s(]*(?:select|with|show|describe|desc|explain|exists|check)\b", re.I)
_ROWS = re.compile(
    r"\s*insert\s+into\s+(?:table\s+)?([\w.`]+)\s*(?:\(([^()]*)\))?\s*"
    r"(?:values|format\s+(?:values|native))?\s*;?\s*\Z",
    re.I,
)
_INLINE = re.compile(r"\s*insert\s+into\s+[\w.`]+\s*(?:\([^()]*\))?\s*values\b", re.I)
_ACCESS = re.compile(
    r"\s*(?:(?:create|alter|drop)\s+(?:user|role|quota|(?:row\s+)?policy|settings\s+profile)"
    r"|alter\s+table\s+[\w.`]+\s*\(?\s*modify\s+(?:definer|sql\s+security)"
    r"|grant|revoke|set\s+(?:default\s+)?role)\b",
    re.I,
)
_SET = re.compile(r"\s*set\s+(.*?);?\s*\Z", re.I | re.S)
_PAIR = re.compile(r"(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|[\w.+-]+)")
_USE = re.compile(r"\s*use\s+`?(\w+)`?\s*;?\s*\Z", re.I)


@dataclass(frozen=True)
class Account:
    """A user of the server; ``readonly`` is its profile's setting of that name."""

    password: str = ""
    readonly: int = 0


class Session:
    """What one connection remembers between its queries."""

    def __init__(self, channel: Channel, engine: Engine, accounts: Mapping[str, Account]) -> None:
        self._channel = channel
        self._engine = engine
        self._accounts = accounts
        self._settings: dict[str, str] = {}
        self._database = ""
        self._readonly = 0

    def serve(self, zone: str) -> None:
        """Serve the client until it leaves."""
        kind = self._channel.read_packet_type()
        if kind == ord("G"):
            self._channel.answer_web_request()
            return
        if kind != HELLO or not self._admit(self._channel.read_hello()):
            return
        self._channel.send_hello(self._engine.version, zone)
        while True:
            kind = self._channel.read_packet_type()
            if kind == PING:
                self._channel.send_bare(SERVER_PONG)
            elif kind == QUERY:
                self._answer(self._channel.read_query())
            elif kind != CANCEL:  # a cancel may come when the answer is already out
                self._channel.send_exception(UNKNOWN_PACKET, f"DB::Exception: packet {kind}")
                return

    def _admit(self, hello: Hello) -> bool:
        user = hello.user or "default"
        account = self._accounts.get(user)
        if account is None or account.password != hello.password:
            self._channel.send_exception(
                AUTHENTICATION_FAILED,
                f"DB::Exception: {user}: Authentication failed: password is incorrect, "
                "or there is no user with such name. (AUTHENTICATION_FAILED)",
            )
            return False
        self._readonly, self._database = account.readonly, hello.database
        return True

    def _answer(self, query: Query) -> None:
        try:
            self._run(query)
        except EngineError as error:
            self._channel.send_exception(error.code, str(error))
            return
        except InterruptedError:
            pass
        self._channel.send_bare(SERVER_END)

    def _run(self, query: Query) -> None:
        settings = self._allowed({**self._settings, **query.settings}, query.settings)
        text = query.text
        if database := _USE.match(text):
            self._engine.run("SELECT 1", {}, database[1])
            self._database = database[1]
        elif pairs := _SET.match(text):
            if _ACCESS.match(text):
                self._engine.run(f"EXPLAIN AST {text}", {}, "")
            else:
                self._remember(pairs[1])
        elif _READ.match(text):
            self._select(query, settings)
        elif int(settings.get("readonly", "0")):
            raise EngineError(
                READONLY, "DB::Exception: Cannot execute query in readonly mode. (READONLY)"
            )
        elif rows := _ROWS.match(text):
            self._insert(rows[1], rows[2] or "", query, settings)
        elif _INLINE.match(text):
            # A server, too, waits here for blocks that clickhouse-driver never sends.
            self._insert(text.split("(")[0].split()[2], "", query, settings)
        elif _ACCESS.match(text):
            # chDB has no access management: such a statement is only checked for its syntax.
            self._engine.run(f"EXPLAIN AST {text}", {}, "")
        else:
            self._engine.run(text, _without_readonly(settings), self._database)

    def _allowed(self, settings: dict[str, str], asked: Mapping[str, str]) -> dict[str, str]:
        """Hold a client to its profile: under readonly=1 no setting, under 2 not that one."""
        for name, value in asked.items():
            told = str(self._readonly) if name == "readonly" else None
            if self._readonly and value != told and (self._readonly == 1 or name == "readonly"):
                raise EngineError(
                    READONLY,
                    f"DB::Exception: Cannot modify '{name}' setting in readonly mode. (READONLY)",
                )
        settings.setdefault("readonly", str(self._readonly))
        return settings

    def _remember(self, pairs: str) -> None:
        told = {name: value.strip("'") for name, value in _PAIR.findall(pairs)}
        self._settings = self._allowed({**self._settings, **told}, told)

    def _select(self, query: Query, settings: dict[str, str]) -> None:
        text = query.text
        if "getSetting('readonly')" in text:  # the engine itself is never made readonly
            text = text.replace("getSetting('readonly')", settings["readonly"])
        for block in self._engine.ask(text, _without_readonly(settings), self._database):
            if self._channel.is_cancelled():
                return
            self._channel.send_block(block, compressed=query.compressed)

    def _insert(self, table: str, names: str, query: Query, settings: dict[str, str]) -> None:
        wanted = [name.strip().strip("`") for name in names.split(",") if name.strip()]
        columns = self._engine.columns(table, wanted, self._database)
        self._channel.send_block(Block(columns=columns), compressed=query.compressed)
        blocks: list[Block] = []
        while (block := self._channel.read_data(compressed=query.compressed)).columns:
            if block.rows:
                blocks.append(block)
        if blocks:
            self._engine.store(table, blocks, _without_readonly(settings), self._database)


def _without_readonly(settings: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if name != "readonly"}
