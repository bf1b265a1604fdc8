-- Grain: one row per key of a staging table at the newest version that was ever stored.
-- Source: zakaz.landed, beside every insert into a table that sources or plans are loaded into.
-- Key: (stg_table, account_id, row_key) is identity; the newest version replaces the row, so that the
--   table grows with the keys and not with the loads. Never emptied: a row that the staging table has
--   no more, or only older, was lost (zakaz verify).
CREATE TABLE IF NOT EXISTS zakaz.meta_landed_rows
(
    `stg_table` LowCardinality(String) COMMENT 'Table the row was stored in',
    `account_id` String COMMENT 'Account of the row there',
    `row_key` String COMMENT 'Key of the row there: its columns without the account and without the instant of a snapshot, joined by a stroke',
    `job` LowCardinality(String) COMMENT 'Job that stored this version, empty for what was stored before this table existed',
    `run_id` String COMMENT 'Run that stored it',
    `batch` UInt32 COMMENT 'Number of the batch within the run',
    `is_deleted` Bool COMMENT 'True when this version counts no more: its loss is one only if an older version is there',
    `_ver` UInt64 COMMENT 'Version of the row there',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the batch was stored'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY (stg_table, account_id, row_key)
COMMENT 'What has landed in staging, row by row, so that a loss is seen'
