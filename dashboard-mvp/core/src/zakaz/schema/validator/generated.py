"""Rules on generated files: bundles and reference page follow their sources."""

from __future__ import annotations

from collections.abc import Iterator

from zakaz.schema import bundle, reference
from zakaz.schema.sources import SqlFile
from zakaz.schema.validator import creates
from zakaz.schema.validator.catalogue import Catalogue
from zakaz.schema.validator.finding import Finding


def check(catalogue: Catalogue) -> Iterator[Finding]:
    """Check the generated files of a checkout; a wheel ships none of them."""
    root = catalogue.root
    if not (root / bundle.SCHEMA).exists() and not (root / bundle.ALL).exists():
        return
    for name in bundle.stale(root):
        yield Finding(name, 1, "stale", "run python -m zakaz.schema.bundle")
    if reference.stale(root):
        yield Finding(reference.PAGE, 1, "stale", "run python -m zakaz.schema.reference")
    for name in (bundle.SCHEMA, bundle.ALL):
        if (root / name).is_file():
            yield from creates.duplicates((SqlFile(root / name),))
