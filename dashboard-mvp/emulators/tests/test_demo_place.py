"""Where the demo lives: its own marked folder, dated by its first day, never somebody's data."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from zakaz.errors import SettingsError
from zakaz_emulators import demo_place
from zakaz_emulators.demo_place import MARKER, Bill

TODAY = date(2026, 10, 20)


def test_the_default_folder_lies_beside_real_data(tmp_path: Path) -> None:
    """A demo never mixes with a promoter's own store."""
    folder = demo_place.default_place({"XDG_DATA_HOME": str(tmp_path)})
    assert folder == tmp_path / "zakaz-demo"


def test_a_new_store_is_dated_by_today(tmp_path: Path) -> None:
    """It is known from then on."""
    place = demo_place.prepare(tmp_path / "new", TODAY)
    assert not place.is_known
    place.remember()
    again = demo_place.prepare(tmp_path / "new", TODAY)
    assert again.is_known
    assert again.bill == Bill("2026-10-20")
    assert again.url == f"chdb://{tmp_path / 'new'}"


def test_a_few_days_later_the_same_bill_goes_on(tmp_path: Path) -> None:
    """That is what makes the second run incremental."""
    demo_place.prepare(tmp_path, TODAY).remember()
    later = demo_place.prepare(tmp_path, TODAY + timedelta(days=5))
    assert (later.is_known, later.bill.today) == (True, "2026-10-20")


@pytest.mark.parametrize(
    ("today", "edition"),
    [
        (TODAY + timedelta(days=15), demo_place.EDITION),
        (TODAY - timedelta(days=1), demo_place.EDITION),
        (TODAY, demo_place.EDITION - 1),
    ],
)
def test_an_old_or_foreign_bill_starts_anew(tmp_path: Path, today: date, edition: int) -> None:
    """Older data would not equal the ledger, or show an organisation whose shows are over."""
    told = asdict(Bill("2026-10-20", edition=edition))
    (tmp_path / MARKER).write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "live").mkdir()
    place = demo_place.prepare(tmp_path, today)
    assert (place.is_known, place.bill.today) == (False, today.isoformat())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("schema", ["of another day", None])
def test_a_demo_store_of_another_schema_starts_anew(tmp_path: Path, schema: str | None) -> None:
    """The demo goes on after an update; its data is invented, so nothing has to be migrated."""
    told = asdict(Bill("2026-10-20")) | {"schema": schema}
    if schema is None:
        del told["schema"]  # as demos of the first edition wrote it
    (tmp_path / MARKER).write_text(json.dumps(told), encoding="utf-8")
    assert demo_place.prepare(tmp_path, TODAY).is_known is False
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_demo_store_is_refused_untouched(tmp_path: Path) -> None:
    """The message names the folder and the option."""
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "data").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError, match="--store"):
        demo_place.prepare(tmp_path, TODAY)
    assert (tmp_path / "live" / "data").read_text(encoding="utf-8") == "mine"


def test_a_broken_marker_is_no_licence_to_remove(tmp_path: Path) -> None:
    """Only a readable marker makes a folder ours."""
    (tmp_path / MARKER).write_text("{", encoding="utf-8")
    with pytest.raises(SettingsError):
        demo_place.prepare(tmp_path, TODAY)
