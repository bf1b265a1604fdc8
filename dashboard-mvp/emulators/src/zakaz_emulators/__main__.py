"""``python -m zakaz_emulators qtickets`` serves an emulator until it is told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zakaz.source import Registry


def register(registry: Registry) -> None:
    """Hang ``zakaz demo`` on the command line."""
    registry.add_command(
        "demo",
        "Show the whole product on invented data, without a token.",
        "zakaz_emulators.demo:demo",
    )
