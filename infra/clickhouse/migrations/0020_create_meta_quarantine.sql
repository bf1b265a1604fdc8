-- Grain: one row per refused item and run; no item is dropped silently (R4).
-- Source: zakaz.quarantine.
-- Key: (quarantined_at, source) serves the newest first; a log has nothing to replace.
CREATE TABLE IF NOT EXISTS zakaz.meta_quarantine
(
    `quarantined_at` DateTime('Europe/Moscow') COMMENT 'Instant the item was set aside',
    `job` LowCardinality(String) COMMENT 'Job that read it',
    `run_id` String COMMENT 'Run that read it',
    `source` LowCardinality(String) COMMENT 'Source system',
    `entity` LowCardinality(String) COMMENT 'Kind of item: order, basket, event, show, banner',
    `row_key` String COMMENT 'Identity of the item as far as known',
    `reason` LowCardinality(String) COMMENT 'Reason code: missing_key, bad_date, amount_range, bad_json and so on',
    `context` String COMMENT 'Scrubbed context, never personal data',
    `_ver` UInt64 DEFAULT toUnixTimestamp64Micro(now64(6)) COMMENT 'Version: instant of the write in microseconds',
    `_loaded_at` DateTime('Europe/Moscow') DEFAULT now() COMMENT 'Instant the row was written here'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(quarantined_at)
ORDER BY (quarantined_at, source)
COMMENT 'Items that could not be taken, each with its reason'
