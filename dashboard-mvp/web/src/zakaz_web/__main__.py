"""What this room hangs on the ``zakaz`` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zakaz.source import Registry


def register(registry: Registry) -> None:
    """Offer ``zakaz serve``."""
    registry.add_command(
        "serve", "Show the dashboard on this machine; Ctrl-C stops.", "zakaz_web.serve:serve"
    )
