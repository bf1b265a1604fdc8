"""A copy of our SQL in which a test plants a defect."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import qtickets_api.rows
import vk_ads.rows
from zakaz.plan import PlannedDay
from zakaz.schema import validator

ROW_TYPES = (*qtickets_api.rows.ROW_TYPES, *vk_ads.rows.ROW_TYPES, PlannedDay)
WRITERS = {row.table: row for row in ROW_TYPES}
VK = "zakaz.stg_vk_ads_daily"
VK_FILE = "migrations/0008_create_stg_vk_ads_daily.sql"
EVENTS = "views/bi.v_events.sql"
VIEW = "views/bi.v_planted.sql"
SHOWS = "facts/dim_shows.sql"
RIGHTS = "access/0005_grant_rights.sql"
TWICE_ENCODED = "\u0420\u0457\u0420\u00b0"
TWIN = "migrations/0011_create_dim_events_next.sql"
TTL = "TTL _ver + toIntervalDay(30)"
HEADER = "-- Grain: one row.\n-- Source: a test.\n-- Key: none.\n"


@dataclass
class Planted:
    """A copy of our SQL in which a test plants a defect."""

    root: Path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in one file."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        """Append to a file, or make a new one with a header."""
        path = self.root / name
        before = path.read_text(encoding="utf-8") if path.exists() else HEADER
        path.write_text(before + text + "\n", encoding="utf-8")

    def migrate(self, name: str, text: str) -> None:
        """Add the next migration."""
        number = len(list((self.root / "migrations").glob("*.sql"))) + 1
        self.add(f"migrations/{number:04}_{name}.sql", text)

    def rules(self, **asked: object) -> set[str]:
        """Give the rules that are broken."""
        verdict = validator.judge(self.root, with_engine=False, **asked)  # type: ignore[arg-type]
        return {finding.rule for finding in verdict.findings}


def table(name: str = "zakaz.planted", **parts: str) -> str:
    """Give a sound table with one part replaced."""
    text = {
        "columns": "`id` String COMMENT 'c', `day` Date COMMENT 'c',"
        " `_ver` UInt64 COMMENT 'c', `_loaded_at` DateTime('Europe/Moscow') COMMENT 'c'",
        "engine": "ReplacingMergeTree(_ver)",
        "partition": "toYYYYMM(day)",
        "order": "(id, day)",
        "rest": "COMMENT 'c'",
    } | parts
    return (
        f"CREATE TABLE IF NOT EXISTS {name} ({text['columns']}) ENGINE = {text['engine']}"
        f" PARTITION BY {text['partition']} ORDER BY {text['order']} {text['rest']}"
    )


def view(select: str, columns: str = "`event_id` String COMMENT 'c'") -> str:
    """Give a view over a SELECT."""
    return f"CREATE OR REPLACE VIEW bi.v_planted ({columns}) AS ({select}) COMMENT 'c'"
