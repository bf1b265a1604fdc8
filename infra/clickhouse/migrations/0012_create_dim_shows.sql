-- Grain: one row per show of one account.
-- Source: rebuilt whole from stg_qtickets_shows by facts/dim_shows.sql.
-- Key: (account_id, show_id) is identity only.
CREATE TABLE IF NOT EXISTS zakaz.dim_shows
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `show_id` String COMMENT 'Show id of the source',
    `event_id` String COMMENT 'Event the show belongs to',
    `show_name` String COMMENT 'Name of the show',
    `starts_at` DateTime('Europe/Moscow') COMMENT 'Instant the show starts',
    `event_date` Date COMMENT 'Day the show starts in the zone of its city (F18)',
    `is_active` Bool COMMENT 'True while the source shows the show as active',
    `deleted_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the source deleted the show, NULL while it lives',
    `_ver` UInt64 COMMENT 'Version: instant of the rebuild in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY (account_id, show_id)
COMMENT 'Shows with their venue-local day'
