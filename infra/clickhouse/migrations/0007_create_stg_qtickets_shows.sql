-- Grain: one row per show of one account at its newest known state.
-- Source: Qtickets REST API, shows[] of GET /events; written by qtickets_api.
-- Key: (account_id, show_id) is identity only: a moved date replaces the row (A24).
--   Partition by month of its own created_at, which never changes (T06).
CREATE TABLE IF NOT EXISTS zakaz.stg_qtickets_shows
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `show_id` String COMMENT 'Show id of the source',
    `event_id` String COMMENT 'Event the show belongs to',
    `show_name` String COMMENT 'Name of the show, empty when the source gives none',
    `starts_at` DateTime('Europe/Moscow') COMMENT 'Instant the show starts',
    `finishes_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the show ends, NULL when unknown',
    `event_date` Date COMMENT 'Day the show starts in the zone of its city (F18)',
    `sale_starts_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the sale opens, NULL when unknown',
    `sale_finishes_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the sale closes, NULL when unknown',
    `is_active` Bool COMMENT 'True while the source shows the show as active',
    `created_at` DateTime('Europe/Moscow') COMMENT 'Instant the source created it; never changes, so it carries the partition',
    `updated_at` DateTime('Europe/Moscow') COMMENT 'Instant the source last changed it',
    `deleted_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the source deleted it, NULL while it lives (tombstone, F5)',
    `_ver` UInt64 COMMENT 'Version: own updated_at of the source in the high 32 bits, fetch instant of the page in the low 32 bits (seconds)',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(created_at)
ORDER BY (account_id, show_id)
COMMENT 'Shows (dates) of Qtickets events, newest known state of each'
