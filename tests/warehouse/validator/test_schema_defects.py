"""The validator proves itself: it names every planted defect."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from planted import (
    EVENTS,
    RIGHTS,
    SHOWS,
    TTL,
    TWICE_ENCODED,
    TWIN,
    VIEW,
    VK,
    VK_FILE,
    Planted,
    table,
    view,
)  # fmt: skip

DEFECTS: dict[str, tuple[str, Callable[[Planted], None]]] = {
    "a3-duplicate-in-one-file": (
        "duplicate-create",
        lambda p: p.add(VK_FILE, ";\n" + table(VK)),
    ),
    "a2-duplicate-across-files": (
        "duplicate-create",
        lambda p: p.migrate("create_stg_vk_ads_daily", table(VK)),
    ),
    "a3-duplicate-in-other-case": (
        "duplicate-create",
        lambda p: p.migrate("create_again", table("Zakaz.STG_VK_Ads_Daily").lower()),
    ),
    "a3-duplicate-with-other-spacing": (
        "duplicate-create",
        lambda p: p.migrate("create_again", table("zakaz . stg_vk_ads_daily").replace(" ", "\n ")),
    ),
    "a3-duplicate-in-back-ticks": (
        "duplicate-create",
        lambda p: p.migrate("create_again", table("`zakaz`.`stg_vk_ads_daily`")),
    ),
    "a16-a-view-and-a-table-of-one-name": (
        "duplicate-create",
        lambda p: p.migrate("create_v_events", table("bi.v_events")),
    ),
    "a4-alter-before-create": (
        "alter-before-create",
        lambda p: p.edit(
            "migrations/0003_create_database_bi.sql",
            "CREATE DATABASE IF NOT EXISTS bi\n"
            "COMMENT 'Views for dashboards: the only database readers see'",
            f"ALTER TABLE {VK} ADD COLUMN IF NOT EXISTS `x` String COMMENT 'c'",
        ),
    ),
    "a5-alter-table-if-exists": (
        "guard",
        lambda p: p.migrate(
            "alter_it", f"ALTER TABLE IF EXISTS {VK} ADD COLUMN `x` String COMMENT 'c'"
        ),
    ),
    "a7-drop-table": ("destructive", lambda p: p.migrate("drop_it", f"DROP TABLE {VK}")),
    "a7-create-or-replace-table": (
        "destructive",
        lambda p: p.migrate(
            "create_planted", table().replace("TABLE IF NOT EXISTS", "OR REPLACE TABLE")
        ),
    ),
    "create-without-a-guard": (
        "guard",
        lambda p: p.migrate("create_planted", table().replace("IF NOT EXISTS ", "")),
    ),
    "two-statements-in-a-migration": (
        "one-statement",
        lambda p: p.migrate("create_two", table() + ";\n" + table("zakaz.other")),
    ),
    "a6-table-before-its-database": (
        "order",
        lambda p: p.migrate("create_elsewhere", table("elsewhere.planted")),
    ),
    "a10-view-on-a-missing-column": (
        "unknown-column",
        lambda p: p.edit(EVENTS, "    place_name,\n", "    venue AS place_name,\n"),
    ),
    "view-on-a-missing-table": (
        "unknown-object",
        lambda p: p.edit(EVENTS, "FROM zakaz.dim_events", "FROM zakaz.dim_event"),
    ),
    "h7-view-without-final": (
        "final",
        lambda p: p.edit(EVENTS, "FROM zakaz.dim_events\nFINAL", "FROM zakaz.dim_events"),
    ),
    "h7-fact-without-final": (
        "final",
        lambda p: p.edit(SHOWS, "\n    FINAL", ""),
    ),
    "view-with-a-star": (
        "star",
        lambda p: p.add(VIEW, view("SELECT * FROM zakaz.dim_events FINAL")),
    ),
    "a17-alias-hides-its-column": (
        "alias-shadow",
        lambda p: p.add(
            VIEW,
            view(
                "SELECT any(event_id) AS event_id FROM zakaz.dim_events FINAL WHERE event_id != ''"
            ),
        ),
    ),
    "h2-full-join": (
        "full-join",
        lambda p: p.add(
            VIEW,
            view(
                "SELECT a.event_id AS event_id FROM zakaz.dim_events AS a FINAL"
                " FULL JOIN zakaz.dim_shows AS b FINAL ON a.event_id = b.event_id"
            ),
        ),
    ),
    "h13-the-clock-of-the-server": (
        "server-clock",
        lambda p: p.edit("views/bi.v_ops_freshness.sql", "toDate(now('Europe/Moscow'))", "today()"),
    ),
    "view-gives-other-columns-than-it-declares": (
        "view-columns",
        lambda p: p.edit(EVENTS, "starts_on,\n    ends_on,", "ends_on,\n    starts_on,"),
    ),
    "view-file-of-another-name": (
        "file-name",
        lambda p: p.add(
            "views/bi.v_other.sql", view("SELECT event_id FROM zakaz.dim_events FINAL")
        ),
    ),
    "view-without-a-definer": (
        "definer",
        lambda p: p.add(VIEW, view("SELECT event_id FROM zakaz.dim_events FINAL")),
    ),
    "a8-partition-by-today": (
        "partition",
        lambda p: p.migrate("create_planted", table(partition="today()")),
    ),
    "a9-ttl-on-the-version": (
        "ttl",
        lambda p: p.migrate("create_planted", table(rest=f"{TTL} COMMENT 'c'")),
    ),
    "a9-ttl-by-alter": (
        "ttl",
        lambda p: p.migrate("alter_ttl", f"ALTER TABLE {VK} MODIFY {TTL}"),
    ),
    "missing-comment-of-a-column": (
        "comment",
        lambda p: p.edit(
            VK_FILE,
            " COMMENT 'ISO code of spend'",
            "",
        ),
    ),
    "missing-comment-of-a-table": (
        "comment",
        lambda p: p.migrate("create_planted", table(rest="")),
    ),
    "missing-comment-of-an-added-column": (
        "comment",
        lambda p: p.migrate("alter_it", f"ALTER TABLE {VK} ADD COLUMN IF NOT EXISTS `x` String"),
    ),
    "missing-comment-of-a-view": (
        "comment",
        lambda p: p.edit(EVENTS, "COMMENT 'Events with city and dates'", ""),
    ),
    "missing-header": (
        "header",
        lambda p: p.edit(EVENTS, "-- Grain: ", "-- About: "),
    ),
    "a24-city-in-the-key": (
        "key",
        lambda p: p.edit(
            "migrations/0010_create_dim_events.sql",
            "ORDER BY (account_id, event_id)",
            "ORDER BY (account_id, event_id, city)",
        ),
    ),
    "key-that-may-be-null": (
        "key",
        lambda p: p.edit(
            "migrations/0010_create_dim_events.sql",
            "ORDER BY (account_id, event_id)",
            "ORDER BY (account_id, starts_on)",
        ),
    ),
    "version-column-missing": (
        "version",
        lambda p: p.migrate("create_planted", table(engine="ReplacingMergeTree")),
    ),
    "technical-columns-missing": (
        "technical-columns",
        lambda p: p.migrate("create_planted", table(columns="`id` String COMMENT 'c'", order="id")),
    ),
    "float-money": (
        "type",
        lambda p: p.edit(VK_FILE, "`spend` Decimal(18, 2)", "`spend` Float64"),
    ),
    "instant-without-a-zone": (
        "type",
        lambda p: p.edit(
            "migrations/0018_create_meta_job_runs.sql",
            "`started_at` DateTime('Europe/Moscow')",
            "`started_at` DateTime",
        ),
    ),
    "twin-differs": (
        "twin",
        lambda p: p.edit(TWIN, "`shows` UInt32", "`shows` UInt64"),
    ),
    "a13-insert-without-columns": (
        "insert-columns",
        lambda p: p.edit(
            "migrations/0023_insert_dim_city_alias.sql",
            "zakaz.dim_city_alias (alias, city, _ver, _loaded_at)",
            "zakaz.dim_city_alias",
        ),
    ),
    "a13-insert-leaves-a-column-out": (
        "insert-columns",
        lambda p: p.edit(SHOWS, "is_active, deleted_at, _ver", "is_active, _ver"),
    ),
    "a14-insert-in-another-order": (
        "insert-columns",
        lambda p: p.edit(
            SHOWS, "(account_id, show_id, event_id,", "(account_id, event_id, show_id,"
        ),
    ),
    "rebuild-into-the-fact-itself": (
        "twin",
        lambda p: p.edit(SHOWS, "zakaz.dim_shows_next", "zakaz.dim_shows"),
    ),
    "a21-grant-on-a-missing-table": (
        "grant",
        lambda p: p.add(RIGHTS, "GRANT SELECT ON zakaz.fact_gone TO role_bi_reader;"),
    ),
    "a21-grant-on-a-missing-database": (
        "grant",
        lambda p: p.add(RIGHTS, "GRANT SELECT ON mart.* TO role_bi_reader;"),
    ),
    "a21-grant-to-a-missing-role": (
        "account",
        lambda p: p.add(RIGHTS, "GRANT SELECT ON bi.* TO role_of_nobody;"),
    ),
    "l4-a-password-in-a-file": (
        "secret",
        lambda p: p.edit("access/0002_create_users.sql", "BY '" + "0" * 64, "BY '" + "a1" * 32),
    ),
    "a19-byte-order-mark": (
        "encoding",
        lambda p: p.edit(EVENTS, "-- Grain", "\ufeff-- Grain"),
    ),
    "a19-cyrillic-encoded-twice": (
        "encoding",
        lambda p: p.edit(EVENTS, "-- Grain", f"-- {TWICE_ENCODED}\n-- Grain"),
    ),
    "hash-comment": ("comment-style", lambda p: p.add(EVENTS, "# a note")),
    "block-comment": ("comment-style", lambda p: p.add(EVENTS, "/* a /* b */ */")),
    "heredoc": ("lexical", lambda p: p.migrate("insert_it", "SELECT $tag$text$tag$")),
    "unclosed-quote": ("lexical", lambda p: p.migrate("insert_it", "SELECT 'it")),
    "gap-in-the-numbers": (
        "numbering",
        lambda p: p.add("migrations/0099_create_planted.sql", table()),
    ),
    "bad-file-name": (
        "file-name",
        lambda p: p.add("migrations/0024-planted.sql", table()),
    ),
    "a18-syntax-that-no-parser-takes": (
        "syntax",
        lambda p: p.edit(EVENTS, "FROM zakaz.dim_events", "FORM zakaz.dim_events"),
    ),
}


@pytest.mark.criterion("CH-1")
@pytest.mark.criterion("CH-2")
@pytest.mark.criterion("CH-5")
@pytest.mark.parametrize(("rule", "plant"), DEFECTS.values(), ids=DEFECTS)
def test_k3_the_validator_names_a_planted_defect(
    planted: Planted, rule: str, plant: Callable[[Planted], None]
) -> None:
    """The rule that the defect breaks is among the findings."""
    plant(planted)
    assert rule in planted.rules()
