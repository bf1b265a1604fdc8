-- Grain: one row per event of one account.
-- Source: rebuilt whole from stg_qtickets_events, stg_qtickets_shows and dim_city_alias by
--   facts/dim_events.sql.
-- Key: (account_id, event_id) is identity only: city and name are attributes (A24, F24).
CREATE TABLE IF NOT EXISTS zakaz.dim_events
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `event_id` String COMMENT 'Event id of the source',
    `event_name` String COMMENT 'Name of the event',
    `city` String COMMENT 'Canonical city in lower case, unknown when the source names none',
    `city_name` String COMMENT 'City as the source spells it',
    `city_timezone` LowCardinality(String) COMMENT 'IANA time zone of the city, empty when absent',
    `place_name` String COMMENT 'Venue name',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns, from currency_id of the source',
    `starts_on` Nullable(Date) COMMENT 'First day of the live shows, local to the venue; NULL without shows (F3)',
    `ends_on` Nullable(Date) COMMENT 'Last day of the live shows, local to the venue; NULL without shows (F3)',
    `shows` UInt32 COMMENT 'Number of shows that are not deleted',
    `is_active` Bool COMMENT 'True while the source shows the event as active',
    `deleted_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the source deleted the event, NULL while it lives',
    `_ver` UInt64 COMMENT 'Version: instant of the rebuild in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY (account_id, event_id)
COMMENT 'Events with canonical city and dates of their live shows'
