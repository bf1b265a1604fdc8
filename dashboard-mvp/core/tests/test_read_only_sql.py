"""Which SQL is answered: reading statements over database bi, and nothing else."""

from __future__ import annotations

import pytest
from zakaz.errors import DataError
from zakaz.read_only_sql import require_readable


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "SELECT * FROM bi.v_sales_daily;",
        "select sum(revenue) r from bi.`v_sales_daily` where d >= '2026-01-01' and city in ('a')",
        "WITH a AS (SELECT 1 AS x), b AS (SELECT * FROM a) SELECT * FROM b JOIN bi.v_events ON 1",
        "SELECT * FROM (SELECT d FROM bi.v_sales_daily UNION ALL SELECT d FROM bi.v_sales_daily)",
        "SELECT 1 FROM bi.v_events WHERE event_id IN (SELECT event_id FROM bi.v_sales_daily)",
        "DESCRIBE bi.v_sales_daily",
        "DESC TABLE bi.v_sales_daily",
        "SHOW TABLES FROM bi",
        "show create view bi.v_events",
        "FROM bi.v_events SELECT city",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n FROM bi.v_events) SELECT n FROM t",
    ],
)
def test_a_reading_statement_over_bi_is_answered(sql: str) -> None:
    """The statement comes back without its semicolon, otherwise untouched."""
    assert require_readable(sql) == sql.rstrip(";")


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT * FROM zakaz.stg_qtickets_orders", "outside database bi"),
        ("SELECT * FROM system.users", "outside database bi"),
        ("SELECT * FROM bi.v_events JOIN zakaz.dim_events USING (event_id)", "outside"),
        ("FROM zakaz.dim_events SELECT *", "outside"),
        ("SELECT 1 WHERE 1 IN (SELECT 1 FROM zakaz.dim_events)", "outside"),
        ("SELECT (SELECT count() FROM zakaz.dim_events)", "outside"),
        ("SELECT 1 WHERE 'a' IN zakaz.dim_events", "after IN"),
        ("SELECT 1 WHERE 'a' GLOBAL NOT IN dim_events", "after IN"),
        ("SELECT in('a', zakaz.dim_events)", ""),
        ("SELECT globalIn('a', zakaz.dim_events)", "globalIn"),
        ("SELECT * FROM stg_qtickets_orders", "bi.stg_qtickets_orders"),
        ("WITH dim_events AS (SELECT * FROM dim_events) SELECT * FROM dim_events", "bi.dim_events"),
        (
            "SELECT * FROM dim_events WHERE 1 IN (WITH dim_events AS (SELECT 1) "
            "SELECT * FROM dim_events)",
            "bi.dim_events",
        ),
        ("SELECT * FROM file('/etc/passwd', 'LineAsString')", "file"),
        ("SELECT file('/etc/passwd')", "file"),
        ("SELECT * FROM url('http://example.test/', 'CSV')", "url"),
        ("SELECT * FROM remote('host', zakaz.dim_events)", "remote"),
        ("SELECT * FROM merge('zakaz', '.*')", "merge"),
        ("SELECT * FROM view(SELECT * FROM zakaz.dim_events)", "view|outside"),
        ("SELECT * FROM executable('x', 'TSV', 'a String')", "executable"),
        ("SELECT dictGet('zakaz.d', 'a', 1)", "dictGet"),
        ("SELECT joinGet('zakaz.j', 'a', 1)", "joinGet"),
        ("DESCRIBE TABLE file('/etc/passwd')", ""),
        ("DESCRIBE (SELECT 1 FROM zakaz.dim_events)", "outside"),
        ("SHOW TABLES FROM zakaz", "only SELECT"),
        ("SHOW GRANTS", "only SELECT"),
        ("EXPLAIN SELECT 1", "only SELECT"),
        ("INSERT INTO bi.x SELECT 1", "only SELECT"),
        ("ALTER TABLE bi.x DELETE WHERE 1", "only SELECT"),
        ("DROP VIEW bi.v_events", "only SELECT"),
        ("CREATE TABLE bi.x (a Int8) ENGINE = Memory", "only SELECT"),
        ("SYSTEM SHUTDOWN", "only SELECT"),
        ("SET readonly = 0", "only SELECT"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT 1 FORMAT CSV", "--csv"),
        ("SELECT 1 INTO OUTFILE '/tmp/x'", ""),
        ("", "empty"),
        (" ; ", "empty"),
        ("SELEC 1", ""),
        ("-- only a comment", ""),
    ],
)
def test_w13_everything_else_is_refused_with_a_reason(sql: str, told: str) -> None:
    """Writes, staging, system tables, files and URLs end in exit 65 and a sentence."""
    with pytest.raises(DataError, match=rf"(?s)This query is refused: .*({told})") as caught:
        require_readable(sql)

    assert caught.value.exit_code == 65
