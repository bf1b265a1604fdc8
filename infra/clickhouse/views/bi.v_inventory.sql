-- Grain: one row per show of one account that was counted at least once, at its newest count;
--   deleted shows and shows of deleted events are left out (F22).
-- Source: zakaz.fact_qtickets_inventory_latest, named by bi.v_shows.
-- Key: (account_id, show_id). A show that no dimension knows keeps its seats under its id.
-- Rules: sold, reserved and left are what the source counts; what is neither (a quota held back)
--   is the rest to the total. Sell-through is (total - left) / total: NULL without seats, 1 when
--   sold out (F19). A past show keeps the last count before it began.
CREATE OR REPLACE VIEW bi.v_inventory
(
    `account_id` String COMMENT 'Organiser account',
    `show_id` String COMMENT 'Show id of the source',
    `show_name` String COMMENT 'Name of the show, empty when the source gives none',
    `event_id` String COMMENT 'Event the show belongs to',
    `event_name` String COMMENT 'Name of the event, empty when it is not loaded yet',
    `city` String COMMENT 'Canonical city, unknown when nothing names one',
    `city_name` String COMMENT 'City as the source spells it, empty when unknown',
    `city_timezone` LowCardinality(String) COMMENT 'IANA time zone of the city, empty when absent',
    `place_name` String COMMENT 'Venue name',
    `starts_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the show starts, NULL when the show is not known',
    `event_date` Nullable(Date) COMMENT 'Day the show starts in the zone of its city, NULL when not known',
    `is_active` Bool COMMENT 'True while the source shows it as active; a show whose sale is closed is not',
    `seats_total` UInt32 COMMENT 'Capacity: seats that are not disabled',
    `seats_sold` UInt32 COMMENT 'Seats paid for',
    `seats_reserved` UInt32 COMMENT 'Seats ordered and not paid, or in a basket',
    `seats_left` UInt32 COMMENT 'Seats free to buy; 0 when sold out',
    `sell_through` Nullable(Float64) COMMENT 'Share of the seats no longer free, NULL without seats',
    `snapshot_at` DateTime('Europe/Moscow') COMMENT 'Instant the seats were counted',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was computed'
)
AS (SELECT
    f.account_id AS account_id,
    f.show_id AS show_id,
    s.show_name AS show_name,
    f.event_id AS event_id,
    s.event_name AS event_name,
    if(s.city = '', 'unknown', s.city) AS city,
    s.city_name AS city_name,
    s.city_timezone AS city_timezone,
    s.place_name AS place_name,
    s.begins_at AS starts_at,
    s.show_day AS event_date,
    s.is_active AS is_active,
    f.seats_total AS seats_total,
    f.seats_sold AS seats_sold,
    f.seats_reserved AS seats_reserved,
    f.seats_left AS seats_left,
    if(f.seats_total = 0, NULL, (toInt64(f.seats_total) - toInt64(f.seats_left)) / f.seats_total) AS sell_through,
    f.snapshot_at AS snapshot_at,
    f._loaded_at AS _loaded_at
FROM
(
    SELECT
        account_id,
        show_id,
        event_id,
        snapshot_at,
        seats_total,
        seats_sold,
        seats_reserved,
        seats_left,
        _loaded_at
    FROM zakaz.fact_qtickets_inventory_latest
    FINAL
) AS f
LEFT JOIN
(
    SELECT
        account_id,
        show_id,
        show_name,
        event_name,
        city,
        city_name,
        city_timezone,
        place_name,
        toNullable(starts_at) AS begins_at,
        toNullable(event_date) AS show_day,
        is_active,
        is_deleted
    FROM bi.v_shows
) AS s ON (s.account_id = f.account_id) AND (s.show_id = f.show_id)
WHERE NOT s.is_deleted
SETTINGS join_use_nulls = 0)
COMMENT 'Seats of each show: capacity, sold, reserved, left'
