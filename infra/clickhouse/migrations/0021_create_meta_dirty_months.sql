-- Grain: one row per month ever touched.
-- Source: zakaz.dirty_months sets it before a load, zakaz.facts clears it after the swap.
-- Key: month is the identity: the newest flag wins, so a crash between load and rebuild loses
--   nothing.
CREATE TABLE IF NOT EXISTS zakaz.meta_dirty_months
(
    `month` UInt32 COMMENT 'Month as yyyymm',
    `is_dirty` Bool COMMENT 'True from before the staging insert until the facts of the month were swapped',
    `_ver` UInt64 DEFAULT toUnixTimestamp64Micro(now64(6)) COMMENT 'Version: instant of the write in microseconds',
    `_loaded_at` DateTime('Europe/Moscow') DEFAULT now() COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY month
COMMENT 'Months whose facts must be rebuilt'
