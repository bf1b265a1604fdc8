-- Grain: one row per event of one account, deleted events included: their sales stay visible.
-- Source: zakaz.dim_events.
-- Key: (account_id, event_id). Serves the event and city filters.
CREATE OR REPLACE VIEW bi.v_events
(
    `account_id` String COMMENT 'Organiser account',
    `event_id` String COMMENT 'Event id of the source',
    `event_name` String COMMENT 'Name of the event',
    `city` String COMMENT 'Canonical city, unknown when the source names none',
    `city_name` String COMMENT 'City as the source spells it',
    `place_name` String COMMENT 'Venue name',
    `starts_on` Nullable(Date) COMMENT 'First venue-local day of the live shows',
    `ends_on` Nullable(Date) COMMENT 'Last venue-local day of the live shows',
    `shows` UInt32 COMMENT 'Number of shows that are not deleted',
    `is_active` Bool COMMENT 'True while the source shows the event as active and has not deleted it'
)
AS (SELECT
    account_id,
    event_id,
    event_name,
    city,
    city_name,
    place_name,
    starts_on,
    ends_on,
    shows,
    is_active AND (deleted_at IS NULL) AS is_active
FROM zakaz.dim_events
FINAL)
COMMENT 'Events with city and dates'
