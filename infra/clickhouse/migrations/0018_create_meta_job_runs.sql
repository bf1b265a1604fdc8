-- Grain: one row per run, written once at its end whatever the outcome (D4, D7).
-- Source: zakaz.run_journal.
-- Key: (job, started_at) serves the newest runs of a job; a journal has nothing to replace.
CREATE TABLE IF NOT EXISTS zakaz.meta_job_runs
(
    `job` LowCardinality(String) COMMENT 'Job: qtickets or vk',
    `run_id` String COMMENT 'Identifier of the run',
    `started_at` DateTime('Europe/Moscow') COMMENT 'Instant the run started',
    `finished_at` DateTime('Europe/Moscow') COMMENT 'Instant the run ended',
    `status` Enum8('ok' = 1, 'empty' = 2, 'partial' = 3, 'failed' = 4, 'skipped' = 5) COMMENT 'Outcome; an unknown word is refused (D6)',
    `rows_processed` UInt64 COMMENT 'Rows written, equal to inserted (D13)',
    `message` String COMMENT 'What happened, one line, scrubbed',
    `received` UInt64 COMMENT 'Items the source delivered',
    `accepted` UInt64 COMMENT 'Items taken',
    `quarantined` UInt64 COMMENT 'Items set aside with a reason',
    `duplicate` UInt64 COMMENT 'Items delivered more than once',
    `inserted` UInt64 COMMENT 'Rows written to staging',
    `requests` UInt64 COMMENT 'HTTP requests made',
    `mode` LowCardinality(String) COMMENT 'How the source was read: updated_at, keyset or full',
    `months` Array(UInt32) COMMENT 'Months (yyyymm) the run made dirty',
    `_ver` UInt64 DEFAULT toUnixTimestamp64Micro(now64(6)) COMMENT 'Version: instant of the write in microseconds',
    `_loaded_at` DateTime('Europe/Moscow') DEFAULT now() COMMENT 'Instant the row was written here'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(started_at)
ORDER BY (job, started_at)
COMMENT 'Journal of runs: one row for every run that was not a dry run'
