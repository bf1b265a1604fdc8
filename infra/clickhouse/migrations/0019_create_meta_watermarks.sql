-- Grain: one row per job and stream.
-- Source: zakaz.watermarks, committed only after the data.
-- Key: (job, stream) is the identity: the newest mark wins.
CREATE TABLE IF NOT EXISTS zakaz.meta_watermarks
(
    `job` LowCardinality(String) COMMENT 'Job the mark belongs to',
    `stream` String COMMENT 'Stream of the job; part of the key, so marks never overwrite each other (A27)',
    `value` String COMMENT 'Position reached, as the loader writes it',
    `_ver` UInt64 DEFAULT toUnixTimestamp64Micro(now64(6)) COMMENT 'Version: instant of the write in microseconds',
    `_loaded_at` DateTime('Europe/Moscow') DEFAULT now() COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY (job, stream)
COMMENT 'How far each stream was read'
