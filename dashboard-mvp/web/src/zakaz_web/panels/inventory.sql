-- Panel: seats of each show.
-- Grain: one row per show that is not deleted; a show that was never counted has no seats (NULL).
-- Reads: bi.v_inventory for the counts, bi.v_shows for the shows without one: where a show is in
--   both, the row with the count is kept.
SELECT
    account_id,
    show_id,
    show_name,
    event_id,
    event_name,
    city,
    city_name,
    city_timezone,
    place_name,
    starts_at,
    event_date,
    is_active,
    seats_total,
    seats_sold,
    seats_reserved,
    seats_left,
    snapshot_at
FROM
(
    SELECT
        account_id,
        show_id,
        show_name,
        event_id,
        event_name,
        city,
        city_name,
        city_timezone,
        place_name,
        starts_at,
        event_date,
        is_active,
        toNullable(seats_total) AS seats_total,
        toNullable(seats_sold) AS seats_sold,
        toNullable(seats_reserved) AS seats_reserved,
        toNullable(seats_left) AS seats_left,
        toNullable(snapshot_at) AS snapshot_at
    FROM bi.v_inventory
    UNION ALL
    SELECT
        account_id,
        show_id,
        show_name,
        event_id,
        event_name,
        city,
        city_name,
        city_timezone,
        place_name,
        toNullable(starts_at) AS starts_at,
        toNullable(event_date) AS event_date,
        is_active,
        NULL AS seats_total,
        NULL AS seats_sold,
        NULL AS seats_reserved,
        NULL AS seats_left,
        NULL AS snapshot_at
    FROM bi.v_shows
    WHERE NOT is_deleted
)
WHERE (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
    AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
    AND (
        {shows:String} = 'all'
        OR ({shows:String} = 'ahead' AND ifNull(starts_at >= {now:DateTime('Europe/Moscow')}, true))
        OR ({shows:String} = 'past' AND ifNull(starts_at < {now:DateTime('Europe/Moscow')}, false))
    )
ORDER BY starts_at, event_name, account_id, show_id, snapshot_at NULLS LAST
LIMIT 1 BY account_id, show_id
