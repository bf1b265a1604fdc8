-- Grain: one row per show of one account, deleted shows included: their sales stay visible.
-- Source: zakaz.dim_shows, named by zakaz.dim_events.
-- Key: (account_id, show_id).
CREATE OR REPLACE VIEW bi.v_shows
(
    `account_id` String COMMENT 'Organiser account',
    `show_id` String COMMENT 'Show id of the source',
    `show_name` String COMMENT 'Name of the show, empty when the source gives none',
    `event_id` String COMMENT 'Event the show belongs to',
    `event_name` String COMMENT 'Name of the event',
    `city` String COMMENT 'Canonical city, unknown when the source names none',
    `city_name` String COMMENT 'City as the source spells it',
    `city_timezone` LowCardinality(String) COMMENT 'IANA time zone of the city, empty when absent',
    `place_name` String COMMENT 'Venue name',
    `starts_at` DateTime('Europe/Moscow') COMMENT 'Instant the show starts',
    `event_date` Date COMMENT 'Day the show starts in the zone of its city',
    `is_active` Bool COMMENT 'True while the source shows it as active; a show whose sale is closed is not',
    `is_deleted` Bool COMMENT 'True when the source deleted the show or its event'
)
AS (SELECT
    s.account_id AS account_id,
    s.show_id AS show_id,
    s.show_name AS show_name,
    s.event_id AS event_id,
    e.event_name AS event_name,
    if(e.city = '', 'unknown', e.city) AS city,
    e.city_name AS city_name,
    e.city_timezone AS city_timezone,
    e.place_name AS place_name,
    s.starts_at AS starts_at,
    s.event_date AS event_date,
    s.is_active AS is_active,
    (s.deleted_at IS NOT NULL) OR (e.deleted_at IS NOT NULL) AS is_deleted
FROM
(
    SELECT
        account_id,
        show_id,
        show_name,
        event_id,
        starts_at,
        event_date,
        is_active,
        deleted_at
    FROM zakaz.dim_shows
    FINAL
) AS s
LEFT JOIN
(
    SELECT
        account_id,
        event_id,
        event_name,
        city,
        city_name,
        city_timezone,
        place_name,
        deleted_at
    FROM zakaz.dim_events
    FINAL
) AS e ON (e.account_id = s.account_id) AND (e.event_id = s.event_id)
SETTINGS join_use_nulls = 0)
COMMENT 'Shows with event, city and venue'
