"""Rooms: found through entry points, and one broken room takes nothing down."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import pytest
from zakaz.errors import SettingsError
from zakaz.rooms import GROUP, configured_sources, discover, load_sources
from zakaz.source import Source, SyncReport


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give an importable room called shop_room with one source."""
    room: Any = ModuleType("shop_room")
    room.SOURCE = Source(
        "shop", "Shop", lambda environ: "SHOP_TOKEN" in environ, lambda _: None,
        lambda _w, _r: SyncReport(), lambda _: SyncReport(),
    )  # fmt: skip

    def register(registry: Any) -> None:
        registry.add_source("shop", "Shop", "shop_room:SOURCE")
        registry.add_command("open", "Open the shop.", "shop_room:open_shop")

    room.register = register
    monkeypatch.setitem(__import__("sys").modules, "shop_room", room)
    return room  # type: ignore[no-any-return]


def point(name: str, target: str) -> EntryPoint:
    """Write an entry point as an installed room has it."""
    return EntryPoint(name, target, GROUP)


@pytest.mark.usefixtures("shop")
def test_a_room_offers_sources_and_commands() -> None:
    """What register names can be used by its name."""
    rooms = discover([point("shop", "shop_room:register")])

    assert list(rooms.commands) == ["open"]
    assert [source.title for source in load_sources(rooms)] == ["Shop"]
    assert rooms.broken == []


@pytest.mark.usefixtures("shop")
def test_a_broken_room_is_named_and_the_others_work() -> None:
    """A missing module, a missing function and a failing one leave the shop open."""
    rooms = discover(
        [
            point("a", "no_such_room:register"),
            point("b", "shop_room:no_such_function"),
            point("c", "shop_room:SOURCE"),
            point("shop", "shop_room:register"),
        ]
    )

    assert [room.name for room in rooms.broken] == ["a", "b", "c"]
    assert "no_such_room" in rooms.broken[0].error
    assert list(rooms.sources) == ["shop"]


def test_an_unknown_source_names_the_known_ones_and_the_broken_rooms() -> None:
    """A typing error is told apart from a room that failed to load."""
    rooms = discover([point("vk", "no_such_room:register")])

    with pytest.raises(SettingsError, match=r"no source called vk.*room vk is broken"):
        load_sources(rooms, ["vk"])


@pytest.mark.usefixtures("shop")
def test_only_sources_with_their_settings_are_configured() -> None:
    """A source without a token is not run by ``zakaz sync`` alone."""
    rooms = discover([point("shop", "shop_room:register")])

    assert configured_sources(rooms, {"SHOP_TOKEN": "x"}) == ["shop"]
    assert configured_sources(rooms, {}) == []


def test_a_source_that_cannot_be_imported_is_not_configured() -> None:
    """A broken source is told and does not stop the others."""
    rooms = discover([])
    rooms.add_source("ghost", "Ghost", "no_such_room:SOURCE")

    assert configured_sources(rooms, {}) == []
    assert [room.name for room in rooms.broken] == ["ghost"]
