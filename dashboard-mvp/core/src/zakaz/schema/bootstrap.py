"""Bootstrap: databases, tables, alters, views, accounts, in this order, as often as you like.

It stops at the first error, never drops a table, and proves at the end that every view answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zakaz.errors import SchemaDrift
from zakaz.schema import access as accounts
from zakaz.schema import declared, drift, live, migrate, sources
from zakaz.schema.access import AccessSecrets
from zakaz.schema.live import LiveObject
from zakaz.warehouse.port import Warehouse

_UNPLANNED = " SETTINGS query_plan_enable_optimizations = 0, max_threads = 1"


@dataclass(frozen=True, slots=True)
class BootstrapReport:
    """What a bootstrap did; all empty when the store was up to date."""

    created: tuple[str, ...]
    migrations: tuple[str, ...]
    changed_views: tuple[str, ...]
    checked_views: tuple[str, ...]
    access: bool

    @property
    def is_no_op(self) -> bool:
        """Say whether nothing had to be done to tables and views."""
        return not (self.created or self.migrations or self.changed_views)


def prepare(warehouse: Warehouse, root: Path | None = None) -> None:
    """Raise SchemaDrift unless the live schema is the declared one, before the first write.

    An embedded store that nothing was ever loaded into is our own to make: its schema is created
    here, or finished where a first bootstrap was stopped.
    """
    found = drift.differences(warehouse, root)
    if found and warehouse.backend == "embedded" and is_unused(warehouse, root):
        bootstrap(warehouse, root=root)
    else:
        drift.refuse(found)


def is_unused(warehouse: Warehouse, root: Path | None = None) -> bool:
    """Return whether no table of ours holds a row but those that migrations put in."""
    files = sources.migrations(root)
    given = {part.target for file in files for part in file.parts if part.action == "INSERT"}
    loaded = set(declared.tables(files)) - given - {migrate.JOURNAL}
    filled = warehouse.query(
        "SELECT concat(database, '.', name) FROM system.tables"
        " WHERE database = 'zakaz' AND total_rows > 0"
    ).rows
    return loaded.isdisjoint(name for (name,) in filled)


def bootstrap(
    warehouse: Warehouse, *, access: AccessSecrets | None = None, root: Path | None = None
) -> BootstrapReport:
    """Bring a store to the declared schema; accounts only on a server and if ``access`` is given.

    Raises SchemaDrift, having written nothing, if a table is not what the journal says.
    """
    before = live.objects(warehouse)
    _refuse_foreign_tables(migrate.state(warehouse, root), before)
    applied = migrate.apply(warehouse, root, before)
    there = live.objects(warehouse) if applied else before
    changed = _replace_views(warehouse, there, root)
    with_access = access is not None and warehouse.backend == "server"
    if access is not None and with_access:
        accounts.apply(warehouse, access, root)
    after = live.objects(warehouse) if changed else there
    drift.refuse(drift.differences(warehouse, root, after))
    return BootstrapReport(
        created=tuple(sorted(set(after) - set(before))),
        migrations=tuple(file.name for file in applied),
        changed_views=changed,
        checked_views=check_views(warehouse, root),
        access=with_access,
    )


def check_views(warehouse: Warehouse, root: Path | None = None) -> tuple[str, ...]:
    """Select nothing from every view: a view over a dropped column fails only here.

    Its columns are looked up while the query is analysed; to plan it well would take as long again.
    """
    names = tuple(file.name for file in sources.views(root))
    for name in names:
        warehouse.query(f"SELECT * FROM {name} LIMIT 0{_UNPLANNED}")  # noqa: S608  # our own names
    return names


def _refuse_foreign_tables(state: migrate.JournalState, there: dict[str, LiveObject]) -> None:
    """Stop before IF NOT EXISTS would hide a table of another shape."""
    found = drift.table_differences(state, there)
    if found:
        listed = "\n".join(f"  {difference}" for difference in found)
        raise SchemaDrift(
            f"Tables of the store are not the declared ones:\n{listed}\n"
            "Nothing was changed: bootstrap never drops or rewrites a table. Move such a table"
            " away (RENAME TABLE) or bring it to the declared shape."
        )


def _replace_views(
    warehouse: Warehouse, there: dict[str, LiveObject], root: Path | None
) -> tuple[str, ...]:
    """Replace the views that differ from their files; returns their names."""
    files = sources.views(root)
    secured = live.secured_views(warehouse) if warehouse.backend == "server" else None
    selects = live.formatted_selects(warehouse, files)
    changed = []
    for file in files:
        for statement in file.parts:
            view = statement.view
            if view is None:
                continue
            known = there.get(statement.target)
            if any(drift.view_differences(view, selects[statement.target], known)):
                warehouse.execute(statement.text)
                changed.append(statement.target)
    if secured:
        accounts.secure_views(warehouse, changed, root)
    return tuple(changed)
