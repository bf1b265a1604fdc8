"""Drift: where the live schema differs from the declared one.

``IF NOT EXISTS`` hides a table of an older shape, so this runs before the first write of a sync.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from zakaz.errors import SchemaDrift
from zakaz.schema import declared, live, migrate, sources
from zakaz.schema.ddl import Column, TableDefinition, ViewDefinition
from zakaz.schema.live import LOSING_SETTINGS, LiveObject
from zakaz.warehouse.port import Warehouse

NOTHING = "nothing"
_OFF = ("0", "Never", "false")  # written down, but as the engine has it anyway


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: which object, what was declared, what is there."""

    object: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.object}: expected {self.expected}, found {self.found}"


def check(warehouse: Warehouse, root: Path | None = None) -> None:
    """Raise SchemaDrift naming object, expected and found, unless the live schema is declared."""
    refuse(differences(warehouse, root))


def refuse(found: Sequence[Difference]) -> None:
    """Raise SchemaDrift naming every difference, if there is one."""
    if not found:
        return
    listed = "\n".join(f"  {difference}" for difference in found)
    raise SchemaDrift(
        f"The schema of the store is not the declared one:\n{listed}\n"
        "Nothing was written. `zakaz bootstrap` applies pending migrations and replaces views;"
        " a table that differs was changed by hand and must be changed back by hand, columns by"
        " ALTER TABLE, a lifetime by ALTER TABLE … REMOVE TTL, a setting by … RESET SETTING."
    )


def differences(
    warehouse: Warehouse, root: Path | None = None, there: dict[str, LiveObject] | None = None
) -> list[Difference]:
    """Return every difference between the live schema and the declared one of the journal.

    ``there`` is what the store holds, from a caller who has just looked. Views are compared once no
    migration is pending: bootstrap replaces them behind the last one.
    """
    state = migrate.state(warehouse, root)
    found = []
    if state.pending:
        newest = state.pending[-1].version
        at = str(state.version) if state.version else NOTHING
        found.append(Difference(migrate.JOURNAL, f"version {newest}", at))
    if not state.applied:
        return found
    objects = live.objects(warehouse) if there is None else there
    found += table_differences(state, objects)
    if state.pending:
        return found
    views = sources.views(root)
    selects = live.formatted_selects(warehouse, views)
    for file in views:
        for statement in file.parts:
            if statement.view is not None:
                select = selects[statement.target]
                found += view_differences(statement.view, select, objects.get(statement.target))
    return found


def table_differences(
    state: migrate.JournalState, objects: dict[str, LiveObject]
) -> list[Difference]:
    """Compare tables: those of the journal, and those that a pending migration would create.

    A migration that was stopped before its journal row has taken place all the same, and so may
    have those behind it where rows of the journal were lost: a table may have the shape that any
    of the pending ones gives it. Bootstrap repeats them, which changes nothing.
    """
    known = declared.tables(state.applied)
    shapes: dict[str, list[TableDefinition]] = {name: [table] for name, table in known.items()}
    for count in range(1, len(state.pending) + 1):
        for name, table in declared.tables((*state.applied, *state.pending[:count])).items():
            earlier = shapes.setdefault(name, [])
            if table not in earlier:
                earlier.append(table)
    found: list[Difference] = []
    for name, wanted in shapes.items():
        there = objects.get(name)
        if there is None and name not in known:
            continue
        compared = [list(_table(table, there)) for table in wanted]
        if all(compared):
            found += compared[0]
    return found


def _table(table: TableDefinition, there: LiveObject | None) -> Iterator[Difference]:
    if there is None:
        yield Difference(table.name, "a table", NOTHING)
        return
    engine = f"{table.engine}({table.engine_arguments})"
    if engine != (real := f"{there.engine}({there.engine_arguments})"):
        yield Difference(f"{table.name} engine", engine, real)
    if table.order_by != there.order_by:
        yield Difference(f"{table.name} sorting key", table.order_by, there.order_by or NOTHING)
    if table.partition_by != there.partition_by:
        expected, real = table.partition_by or NOTHING, there.partition_by or NOTHING
        yield Difference(f"{table.name} partition key", expected, real)
    if table.ttl != there.ttl:
        yield Difference(f"{table.name} TTL", table.ttl or NOTHING, there.ttl or NOTHING)
    ours, theirs = dict(table.settings), dict(there.settings)
    for name in LOSING_SETTINGS:
        expected, real = ours.get(name, "0"), theirs.get(name, "0")
        if expected != real and real not in _OFF:
            yield Difference(f"{table.name} setting {name}", expected, real)
    yield from _columns(table.name, table.columns, there.columns)


def view_differences(
    view: ViewDefinition, select: str, there: LiveObject | None
) -> Iterator[Difference]:
    """Compare one view; ``select`` is its query in the engine's own spelling."""
    if there is None:
        yield Difference(view.name, "a view", NOTHING)
    elif there.engine != "View":
        yield Difference(view.name, "a view", f"a table of engine {there.engine}")
    elif select != there.select:
        yield Difference(f"{view.name} text", *_apart(select, there.select))
    else:
        yield from _columns(view.name, view.columns, there.columns)


def _columns(
    name: str, declared_columns: tuple[Column, ...], live_columns: tuple[Column, ...]
) -> Iterator[Difference]:
    real = {column.name: column for column in live_columns}
    for column in declared_columns:
        there = real.pop(column.name, None)
        if there is None:
            yield Difference(f"{name}.{column.name}", column.type, NOTHING)
        elif there.type != column.type:
            yield Difference(f"{name}.{column.name}", column.type, there.type)
        elif _default(there) != _default(column):
            expected, found = _default(column) or "no default", _default(there) or "no default"
            yield Difference(f"{name}.{column.name} default", expected, found)
        elif there.ttl != column.ttl:
            yield Difference(
                f"{name}.{column.name} TTL", column.ttl or NOTHING, there.ttl or NOTHING
            )
    for extra in real.values():
        yield Difference(f"{name}.{extra.name}", NOTHING, extra.type)


def _default(column: Column) -> str:
    return f"{column.default_kind} {column.default}".strip()


def _apart(expected: str, found: str) -> tuple[str, str]:
    """Cut two long texts down to where they part."""
    place = next(
        (i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b),
        min(len(expected), len(found)),
    )
    window = slice(max(place - 20, 0), place + 40)
    return f"…{expected[window]}…", f"…{found[window]}…"
