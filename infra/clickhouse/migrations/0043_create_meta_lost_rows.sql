-- Grain: one row per job and staging table that ever lost rows.
-- Source: zakaz.landed, at the end of every load.
-- Key: (job, stg_table); the newest count replaces the row, 0 once all rows are back.
CREATE TABLE IF NOT EXISTS zakaz.meta_lost_rows
(
    `job` LowCardinality(String) COMMENT 'Job whose rows are lost, empty for what was stored before rows were recorded',
    `stg_table` LowCardinality(String) COMMENT 'Table that lost them',
    `lost_rows` UInt64 COMMENT 'Rows that were stored and are not there any more, or only older',
    `_ver` UInt64 COMMENT 'Version: instant of the count in microseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY (job, stg_table)
COMMENT 'Rows that staging tables have lost, as of the last load'
