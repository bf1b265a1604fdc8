"""Rules on the contract between the writers' row types and the declared columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zakaz.rows import disagreements
from zakaz.schema.validator.catalogue import Catalogue
from zakaz.schema.validator.finding import Finding


def check(catalogue: Catalogue, writers: Mapping[str, type]) -> Iterator[Finding]:
    """Check each writer's row type against its table."""
    for name, row_type in writers.items():
        table = catalogue.tables.get(name)
        place = f"{row_type.__module__}.{row_type.__qualname__}"
        if table is None:
            yield Finding(place, 1, "writer", f"writes {name}, which nothing creates")
            continue
        declared = {column.name: column.type for column in table.columns}
        for message in disagreements(row_type, declared):
            yield Finding(place, 1, "writer", message)


def unwritten(catalogue: Catalogue, writers: Mapping[str, type]) -> list[str]:
    """Return the staging tables that none of these writers writes."""
    return [
        name for name in catalogue.tables if name.startswith("zakaz.stg_") and name not in writers
    ]


def check_all_written(catalogue: Catalogue, writers: Mapping[str, type]) -> Iterator[Finding]:
    """Check that every staging table has a writer."""
    for name in unwritten(catalogue, writers):
        yield Finding("migrations", 1, "writer", f"no row type writes {name}")
