"""Accounts and rights of a server: the files of access/, and passwords from the environment.

The embedded engine has no accounts. A statement that holds a secret is executed and nothing
else: it is not logged, not parse-checked, and its errors do not repeat it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from zakaz.errors import SettingsError, WarehouseError
from zakaz.schema import sources
from zakaz.warehouse.port import Warehouse

WRITER, READER = "etl_writer", "datalens_reader"
WRITER_VARIABLE, READER_VARIABLE = "ZAKAZ_WRITER_PASSWORD", "ZAKAZ_READER_PASSWORD"
SHORTEST = 12


@dataclass(frozen=True, slots=True)
class AccessSecrets:
    """Passwords to give to the accounts; an empty one leaves its account as it is."""

    writer: str = field(default="", repr=False)
    reader: str = field(default="", repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read both passwords; raises SettingsError naming every variable that is too weak."""
        found = {name: environ.get(name, "") for name in (WRITER_VARIABLE, READER_VARIABLE)}
        faults = [
            f"{name} is shorter than {SHORTEST} characters"
            for name, value in found.items()
            if value and len(value) < SHORTEST
        ]
        if found[WRITER_VARIABLE] and len(set(found.values())) == 1:
            faults.append(f"{WRITER_VARIABLE} and {READER_VARIABLE} are the same password")
        if faults:
            raise SettingsError("; ".join(faults) + ". Choose long random ones.")
        return cls(writer=found[WRITER_VARIABLE], reader=found[READER_VARIABLE])


def apply(warehouse: Warehouse, secrets: AccessSecrets, root: Path | None = None) -> None:
    """Create roles, accounts and rights on a server and set the passwords given."""
    for file in sources.access(root):
        for statement in file.parts:
            warehouse.execute(statement.text)
    for user, password in ((WRITER, secrets.writer), (READER, secrets.reader)):
        if password:
            _unlock(warehouse, user, password)


def secure_views(warehouse: Warehouse, names: Collection[str], root: Path | None = None) -> None:
    """Let views run as their definer again: replacing a view forgets it."""
    for file in sources.access(root):
        for statement in file.parts:
            if statement.action == "ALTER TABLE" and statement.target in names:
                warehouse.execute(statement.text)


def _unlock(warehouse: Warehouse, user: str, password: str) -> None:
    digest = hashlib.sha256(password.encode()).hexdigest()
    try:
        warehouse.execute(f"ALTER USER {user} IDENTIFIED WITH sha256_hash BY '{digest}' HOST ANY")
    except WarehouseError as error:
        raise WarehouseError(f"cannot set the password of {user}", code=error.code) from None
