-- Grain: one row per acknowledged batch.
-- Source: zakaz.manifest, after the batch was inserted.
-- Key: (job, recorded_at) serves the newest batches; a log has nothing to replace.
CREATE TABLE IF NOT EXISTS zakaz.meta_manifest
(
    `job` LowCardinality(String) COMMENT 'Job that loaded the batch',
    `run_id` String COMMENT 'Run that loaded the batch',
    `stream` LowCardinality(String) COMMENT 'Stream the batch belongs to',
    `batch` UInt32 COMMENT 'Number of the batch within run and stream, from 1',
    `received` UInt64 COMMENT 'Items the source delivered',
    `accepted` UInt64 COMMENT 'Items taken',
    `quarantined` UInt64 COMMENT 'Items set aside',
    `duplicate` UInt64 COMMENT 'Items delivered more than once',
    `recorded_at` DateTime('Europe/Moscow') COMMENT 'Instant the batch was acknowledged',
    `_ver` UInt64 DEFAULT toUnixTimestamp64Micro(now64(6)) COMMENT 'Version: instant of the write in microseconds',
    `_loaded_at` DateTime('Europe/Moscow') DEFAULT now() COMMENT 'Instant the row was written here'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(recorded_at)
ORDER BY (job, recorded_at)
COMMENT 'Manifest of loaded batches: received = accepted + quarantined + duplicate'
