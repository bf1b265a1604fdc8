-- Grain: one row per run and stream of a source, written at the end of the run.
-- Source: zakaz.stream_journal.
-- Key: (job, stream, started_at) serves the newest run of a stream; a journal has nothing to replace.
CREATE TABLE IF NOT EXISTS zakaz.meta_stream_runs
(
    `job` LowCardinality(String) COMMENT 'Job: qtickets or vk',
    `stream` LowCardinality(String) COMMENT 'Stream of the source, as --only names it',
    `run_id` String COMMENT 'Run the stream was read in',
    `started_at` DateTime('Europe/Moscow') COMMENT 'Instant the stream was begun',
    `finished_at` DateTime('Europe/Moscow') COMMENT 'Instant the stream was through',
    `status` Enum8('ok' = 1, 'empty' = 2, 'partial' = 3, 'failed' = 4, 'skipped' = 5) COMMENT 'Outcome of the stream; an unknown word is refused (D6)',
    `mode` LowCardinality(String) COMMENT 'How the stream was read: updated_at, keyset, full, entity',
    `received` UInt64 COMMENT 'Items the source delivered',
    `accepted` UInt64 COMMENT 'Items taken',
    `quarantined` UInt64 COMMENT 'Items set aside with a reason',
    `duplicate` UInt64 COMMENT 'Items delivered more than once',
    `message` String COMMENT 'What happened, one line, scrubbed',
    `_ver` UInt64 DEFAULT toUnixTimestamp64Micro(now64(6)) COMMENT 'Version: instant of the write in microseconds',
    `_loaded_at` DateTime('Europe/Moscow') DEFAULT now() COMMENT 'Instant the row was written here'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(started_at)
ORDER BY (job, stream, started_at)
COMMENT 'Journal of streams: how each stream of a run ended'
