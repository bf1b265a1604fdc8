-- Grain: that of dim_events; empty between rebuilds.
-- Source: facts/dim_events.sql writes it, zakaz.facts swaps its partitions into dim_events.
-- Key: exactly that of dim_events, as REPLACE PARTITION demands it.
CREATE TABLE IF NOT EXISTS zakaz.dim_events_next
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
COMMENT 'Permanent twin of dim_events: a rebuild is computed here and swapped in'
