"""The choice of what to synchronise, checked before any work."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from zakaz import choice
from zakaz.errors import SettingsError
from zakaz.rooms import Rooms
from zakaz.source import Source, SyncReport

TODAY = date(2026, 2, 10)


def _source(name: str) -> Source:
    variable = f"{name.upper()}_TOKEN"

    def check(environ: Mapping[str, str]) -> None:
        if variable not in environ and environ.get("DRY_RUN") != "true":
            raise SettingsError(f"{variable} is not set.")

    return Source(
        name, name.title(), lambda environ: variable in environ, check,
        lambda _w, _r: SyncReport(), lambda _: SyncReport(),
    )  # fmt: skip


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    """Give two sources, each configured by its token."""
    room: Any = ModuleType("two_rooms")
    room.QTICKETS, room.VK = _source("qtickets"), _source("vk")
    monkeypatch.setitem(sys.modules, "two_rooms", room)
    rooms = Rooms()
    rooms.add_source("qtickets", "Qtickets", "two_rooms:QTICKETS")
    rooms.add_source("vk", "VK Ads", "two_rooms:VK")
    return rooms


def names(sources: list[Source]) -> list[str]:
    """Give the names of sources."""
    return [source.name for source in sources]


def test_every_configured_source_is_chosen(rooms: Rooms) -> None:
    """Without a name, what has its token is run."""
    assert names(choice.choose(rooms, [], {"VK_TOKEN": "x"})) == ["vk"]


def test_a_named_source_is_chosen_alone(rooms: Rooms) -> None:
    """A name narrows the run."""
    environ = {"VK_TOKEN": "x", "QTICKETS_TOKEN": "y"}

    assert names(choice.choose(rooms, ["qtickets"], environ)) == ["qtickets"]


def test_e17_nothing_configured_is_a_setting_to_fix_and_names_the_variables(
    rooms: Rooms,
) -> None:
    """Without a token nothing runs, nothing looks like success, and both variables are named."""
    with pytest.raises(SettingsError, match=r"(?s)QTICKETS_TOKEN.*VK_TOKEN.*zakaz demo") as caught:
        choice.choose(rooms, [], {})

    assert caught.value.exit_code == 78


def test_c01_a_named_source_without_its_token_is_a_setting_to_fix(rooms: Rooms) -> None:
    """Asking for a source by name does not excuse its token."""
    with pytest.raises(SettingsError, match="VK_TOKEN"):
        choice.choose(rooms, ["vk"], {"QTICKETS_TOKEN": "y"})


def test_the_faults_of_all_sources_come_at_once(rooms: Rooms) -> None:
    """Nobody repairs a configuration one source at a time."""
    with pytest.raises(SettingsError, match=r"(?s)QTICKETS_TOKEN.*VK_TOKEN"):
        choice.choose(rooms, ["qtickets", "vk"], {})


def test_e17_a_stub_run_needs_dry_run_said_aloud(rooms: Rooms) -> None:
    """DRY_RUN=true without any token chooses every source; its absence would be an error."""
    assert names(choice.choose(rooms, [], {"DRY_RUN": "true"})) == ["qtickets", "vk"]


@pytest.mark.parametrize(
    ("environ", "flag", "dry"),
    [({}, False, False), ({}, True, True), ({"DRY_RUN": "true"}, False, True),
     ({"DRY_RUN": "false"}, False, False), ({"DRY_RUN": "1"}, True, True)],
)  # fmt: skip
def test_a_run_is_dry_by_flag_or_by_variable(
    environ: dict[str, str], flag: bool, dry: bool
) -> None:
    """Either is enough; neither weakens the other."""
    assert choice.is_dry(environ, flag=flag) is dry


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 2, 3), date(2026, 2, 1), "later than --to"),
        (date(2026, 2, 11), None, "--from 2026-02-11 is in the future"),
        (None, date(2999, 1, 1), "--to 2999-01-01 is in the future"),
        (date(1999, 1, 1), None, "check the year"),
    ],
)
def test_c06_reversed_and_future_days_are_refused(
    first: date | None, last: date | None, told: str
) -> None:
    """A range that can hold nothing ends in exit 78, never in an empty success."""
    with pytest.raises(SettingsError, match=told):
        choice.check_days(first, last, TODAY)


def test_today_and_a_single_day_are_allowed() -> None:
    """Days are inclusive."""
    choice.check_days(TODAY, TODAY, TODAY)
    choice.check_days(None, None, TODAY)


@pytest.mark.parametrize("text", ["yesterday", "01.02.2026", "2026-02-30", ""])
def test_a_day_is_written_one_way(text: str) -> None:
    """The option with the fault is named."""
    with pytest.raises(SettingsError, match="--from"):
        choice.day(text, "--from")


def test_streams_choose_the_sources_that_have_them() -> None:
    """--only orders leaves a source without orders alone; without --only all are kept."""
    tickets = replace(_source("qtickets"), streams=("orders", "events"))
    ads = replace(_source("vk"), streams=("statistics",))

    assert choice.with_streams([tickets, ads], ["orders"], "5") == [tickets]
    assert choice.with_streams([tickets, ads], [], "") == [tickets, ads]


@pytest.mark.parametrize(
    ("only", "entity", "told"),
    [(["sales"], "", "--only sales: there is no such stream; there are orders, events"),
     ([], "5", "--id 5 needs its stream"), (["orders", "events"], "5", "--id 5 needs its stream")],
)  # fmt: skip
def test_a_stream_that_does_not_exist_is_refused(only: list[str], entity: str, told: str) -> None:
    """What was meant is asked for in words that name the choices."""
    tickets = replace(_source("qtickets"), streams=("orders", "events"))
    with pytest.raises(SettingsError, match=told):
        choice.with_streams([tickets], only, entity)
