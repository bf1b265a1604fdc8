-- Grain: one row per run.
-- Source: zakaz.meta_job_runs.
-- Key: run_id. Columns are listed, not starred: a starred view would freeze its list anyway.
CREATE OR REPLACE VIEW bi.v_job_runs
(
    `job` LowCardinality(String) COMMENT 'Job: qtickets, vk, plan, or facts for a rebuild on demand',
    `run_id` String COMMENT 'Identifier of the run',
    `started_at` DateTime('Europe/Moscow') COMMENT 'Instant the run started',
    `finished_at` DateTime('Europe/Moscow') COMMENT 'Instant the run ended',
    `duration_seconds` Int64 COMMENT 'Seconds from start to end',
    `status` Enum8('ok' = 1, 'empty' = 2, 'partial' = 3, 'failed' = 4, 'skipped' = 5) COMMENT 'Outcome of the run',
    `rows_processed` UInt64 COMMENT 'Rows written, equal to inserted',
    `message` String COMMENT 'What happened, one line',
    `received` UInt64 COMMENT 'Items the source delivered',
    `accepted` UInt64 COMMENT 'Items taken',
    `quarantined` UInt64 COMMENT 'Items set aside with a reason',
    `duplicate` UInt64 COMMENT 'Items delivered more than once',
    `inserted` UInt64 COMMENT 'Rows written to staging',
    `requests` UInt64 COMMENT 'HTTP requests made',
    `mode` LowCardinality(String) COMMENT 'How the source was read',
    `months` Array(UInt32) COMMENT 'Months (yyyymm) the run made dirty',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
AS (SELECT
    job,
    run_id,
    started_at,
    finished_at,
    dateDiff('second', started_at, finished_at) AS duration_seconds,
    status,
    rows_processed,
    message,
    received,
    accepted,
    quarantined,
    duplicate,
    inserted,
    requests,
    mode,
    months,
    _loaded_at
FROM zakaz.meta_job_runs)
COMMENT 'Journal of runs with their duration'
