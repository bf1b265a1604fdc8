-- Grain: one row per event of one account at its newest known state.
-- Source: Qtickets REST API, GET /events; written by qtickets_api.
-- Key: (account_id, event_id) is identity only: a new name or city replaces the row (A24, F24).
--   Partition by month of created_at, which never changes (T06).
CREATE TABLE IF NOT EXISTS zakaz.stg_qtickets_events
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `event_id` String COMMENT 'Event id of the source',
    `event_name` String COMMENT 'Name of the event',
    `city_id` String COMMENT 'City id of the source, empty when absent',
    `city_name` String COMMENT 'City as the source spells it, empty when absent (F1)',
    `city_timezone` LowCardinality(String) COMMENT 'IANA time zone of the city, empty when absent',
    `place_name` String COMMENT 'Venue name, empty when absent',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns, from currency_id of the source',
    `is_active` Bool COMMENT 'True while the source shows the event as active',
    `created_at` DateTime('Europe/Moscow') COMMENT 'Instant the source created it; never changes, so it carries the partition',
    `updated_at` DateTime('Europe/Moscow') COMMENT 'Instant the source last changed it',
    `deleted_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the source deleted it, NULL while it lives (tombstone, F5)',
    `_ver` UInt64 COMMENT 'Version: own updated_at of the source in the high 32 bits, fetch instant of the page in the low 32 bits (seconds)',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(created_at)
ORDER BY (account_id, event_id)
COMMENT 'Events of Qtickets, newest known state of each'
