"""Accounts: born locked, given passwords by bootstrap alone, and bound to what they need.

The embedded engine has no accounts, so what would be sent to a server is recorded here, and the
statements themselves are parsed by the engine (``test_schema_sources``). The native-protocol
server of ``tests/stack`` executes what it can.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from zakaz.errors import SettingsError, WarehouseError
from zakaz.schema import access, sources
from zakaz.schema.access import AccessSecrets
from zakaz.schema.bootstrap import bootstrap
from zakaz.warehouse.embedded import EmbeddedWarehouse
from zakaz.warehouse.port import Table

WRITER, READER = "writer-of-the-tests", "reader-of-the-tests"
SECRETS = AccessSecrets(writer=WRITER, reader=READER)
ACCESS = [part.text for file in sources.access() for part in file.parts]
GRANTS = [text for text in ACCESS if text.startswith("GRANT")]


class Server:
    """The embedded engine in the role of a server: statements on accounts are recorded only."""

    backend = "server"

    def __init__(self, warehouse: EmbeddedWarehouse, secured: bool = False) -> None:
        self.warehouse = warehouse
        self.secured = secured
        self.sent: list[str] = []
        self.insert = warehouse.insert
        self.version = warehouse.version

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Record what the engine cannot do, and do the rest."""
        if re.match(r"GRANT|(CREATE|ALTER) (ROLE|USER|SETTINGS|QUOTA)|ALTER TABLE bi\.", sql):
            self.sent.append(sql)
        else:
            self.warehouse.execute(sql, params)

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> Table:
        """Ask the engine; tell that views have a definer if they do."""
        if "SQL SECURITY DEFINER" in sql and self.secured:
            return Table(("name",), ("String",), [("bi.v_events",)])
        return self.warehouse.query(sql, params)


def test_c12_accounts_are_born_locked() -> None:
    """No host may log in and no password fits, until an operator sets one."""
    users = [text for text in ACCESS if text.startswith("CREATE USER")]
    assert len(users) == 3
    for text in users:
        assert text.endswith(f"IDENTIFIED WITH sha256_hash BY '{'0' * 64}' HOST NONE")
        assert "IF NOT EXISTS" in text  # OR REPLACE would take an operator's password away


def test_a_bootstrap_of_a_server_makes_accounts_and_sets_their_passwords(
    emptied: EmbeddedWarehouse,
    few_views: Path,
) -> None:
    """After tables and views; the password travels as its hash only."""
    server = Server(emptied)
    report = bootstrap(server, access=SECRETS, root=few_views)  # type: ignore[arg-type]
    assert report.access
    assert server.sent[: len(ACCESS)] == ACCESS
    unlocked = server.sent[len(ACCESS) :]
    assert [text.split()[2] for text in unlocked] == ["etl_writer", "datalens_reader"]
    for text, password in zip(unlocked, (WRITER, READER), strict=True):
        assert hashlib.sha256(password.encode()).hexdigest() in text
        assert password not in text
    assert not [text for text in server.sent if "bi_definer" in text and "HOST ANY" in text]


def test_an_empty_password_leaves_its_account_locked(
    emptied: EmbeddedWarehouse, few_views: Path
) -> None:
    """Setting only the reader's password says nothing about the writer."""
    server = Server(emptied)
    bootstrap(server, access=AccessSecrets(reader=READER), root=few_views)  # type: ignore[arg-type]
    assert [text.split()[2] for text in server.sent if text.startswith("ALTER USER")] == [
        "datalens_reader"
    ]


def test_without_access_no_account_is_touched(emptied: EmbeddedWarehouse, few_views: Path) -> None:
    """Neither on a server nor, ever, in an embedded store."""
    server = Server(emptied)
    assert not bootstrap(server, access=None, root=few_views).access  # type: ignore[arg-type]
    assert server.sent == []
    assert not bootstrap(emptied, access=SECRETS, root=few_views).access


def test_a_replaced_view_gets_its_definer_back(emptied: EmbeddedWarehouse, few_views: Path) -> None:
    """Otherwise readers would lose a view whenever its text changes."""
    emptied.execute("CREATE OR REPLACE VIEW bi.v_sales_daily AS SELECT 1 AS old")
    server = Server(emptied, secured=True)
    bootstrap(server, access=None, root=few_views)  # type: ignore[arg-type]
    (sent,) = server.sent
    assert "bi.v_sales_daily" in sent
    assert "DEFINER = bi_definer" in sent


def test_l4_a_refused_password_is_never_told(
    emptied: EmbeddedWarehouse, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the password nor its hash stands in an error or in the log."""
    caplog.set_level(logging.DEBUG)

    class Refusing(Server):
        def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
            if sql.startswith("ALTER USER"):
                raise WarehouseError(f"cannot do {sql}", code=497)
            super().execute(sql, params)

    with pytest.raises(WarehouseError) as caught:
        access.apply(Refusing(emptied), SECRETS)  # type: ignore[arg-type]
    told = f"{caught.value!r} {caught.value.__cause__!r} {caplog.text}"
    assert WRITER not in told
    assert hashlib.sha256(WRITER.encode()).hexdigest() not in told
    assert caught.value.code == 497
    assert repr(SECRETS) == "AccessSecrets()"


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"ZAKAZ_WRITER_PASSWORD": "tiny-one"}, "ZAKAZ_WRITER_PASSWORD is shorter"),
        ({"ZAKAZ_READER_PASSWORD": "changeme"}, "ZAKAZ_READER_PASSWORD is shorter"),
        (
            {"ZAKAZ_WRITER_PASSWORD": "one-for-both", "ZAKAZ_READER_PASSWORD": "one-for-both"},
            "the same password",
        ),
    ],
)
def test_weak_passwords_are_refused_by_name(environ: dict[str, str], told: str) -> None:
    """The variable is named, its value is not."""
    with pytest.raises(SettingsError, match=told) as caught:
        AccessSecrets.from_environ(environ)
    assert not [value for value in environ.values() if value in str(caught.value)]


def test_passwords_come_from_the_environment() -> None:
    """An absent one is empty."""
    environ = {"ZAKAZ_WRITER_PASSWORD": WRITER}
    assert AccessSecrets.from_environ(environ) == AccessSecrets(writer=WRITER)
    assert AccessSecrets.from_environ({}) == AccessSecrets()


def test_c7_readers_are_granted_bi_alone() -> None:
    """Tables are read for them by the definer; nothing lets them write."""
    assert [text for text in GRANTS if "TO role_bi_reader" in text] == [
        "GRANT SELECT ON bi.* TO role_bi_reader"
    ]
    assert "GRANT SELECT ON zakaz.* TO bi_definer" in GRANTS
    secured = " ".join(text for text in ACCESS if text.startswith("ALTER TABLE"))
    for file in sources.views():
        assert f"{file.name}\n" in secured


def test_c7_c8_the_writer_may_load_and_swap_but_never_drop() -> None:
    """INSERT everywhere in zakaz; ALTER DELETE, which partitions need, on rebuilt tables only."""
    rights = {}
    for text in GRANTS:
        match = re.fullmatch(r"GRANT (.+) ON (\S+) TO role_etl_writer", text)
        if match:
            rights[match[2]] = match[1]
    assert rights.pop("zakaz.*") == "SELECT, INSERT"
    assert rights.pop("bi.*") == "SELECT"
    rebuilt = {f"zakaz.{file.name}" for file in sources.facts()}
    assert set(rights) == rebuilt | {f"{name}_next" for name in rebuilt}
    assert set(rights.values()) == {"ALTER DELETE"}


def test_c9_readers_may_send_settings_within_limits() -> None:
    """readonly = 2, and every limit has a floor that forbids 0, which would mean no limit."""
    (profile,) = [text for text in ACCESS if "zakaz_reader" in text and "PROFILE" in text]
    assert "readonly = 2" in profile
    limits = re.findall(r"(max_\w+) = (\d+) MIN (\d+) MAX (\d+)", profile)
    assert {name for name, *_ in limits} == {
        "max_memory_usage", "max_threads", "max_execution_time", "max_result_rows",
    }  # fmt: skip
    assert {floor for _, _, floor, _ in limits} == {"1"}
