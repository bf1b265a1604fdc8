-- Grain: one row per event of one account.
-- Source: zakaz.stg_qtickets_events, dates from zakaz.stg_qtickets_shows, cities from
--   zakaz.dim_city_alias; all under FINAL. Of an event or a show whose created_at moved to another
--   month the newest row of all months counts.
-- Key: that of the dimension. Rebuilt whole into the twin; zakaz.facts swaps it in.
-- Rules: the city is brought to normal form (lower case, е for ё, no quotes, single spaces, plain
--   hyphens, no leading г.), then looked up as an alias; an unmatched name keeps itself, an empty one
--   is unknown (F25, H5). Dates are those of the shows that are not deleted (F3).
INSERT INTO zakaz.dim_events_next (account_id, event_id, event_name, city, city_name, city_timezone, place_name, currency, starts_on, ends_on, shows, is_active, deleted_at, _ver, _loaded_at)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0
SELECT
    e.account_id AS account_id,
    e.event_id AS event_id,
    e.event_name AS event_name,
    multiIf(a.city != '', a.city, e.city_key != '', e.city_key, 'unknown') AS city,
    e.city_name AS city_name,
    e.city_timezone AS city_timezone,
    e.place_name AS place_name,
    e.currency AS currency,
    s.first_day AS starts_on,
    s.last_day AS ends_on,
    s.show_count AS shows,
    e.is_active AS is_active,
    e.deleted_at AS deleted_at,
    {rebuilt_at_ms:UInt64} AS _ver,
    toDateTime(intDiv({rebuilt_at_ms:UInt64}, 1000), 'Europe/Moscow') AS _loaded_at
FROM
(
    SELECT
        account_id,
        event_id,
        event_name,
        city_name,
        city_timezone,
        place_name,
        currency,
        is_active,
        deleted_at,
        replaceRegexpOne(trimBoth(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(replaceAll(lowerUTF8(city_name), 'ё', 'е'), '[«»"\'“”„]', ''), '[\\s\\x{00A0}]+', ' '), ' ?[-‐‑–—−] ?', '-')), '^(г\\. ?|г |город )', '') AS city_key
    FROM zakaz.stg_qtickets_events
    FINAL
    ORDER BY _ver DESC
    LIMIT 1 BY
        account_id,
        event_id
) AS e
LEFT JOIN
(
    SELECT
        account_id,
        event_id,
        minOrNull(event_date) AS first_day,
        maxOrNull(event_date) AS last_day,
        toUInt32(count()) AS show_count
    FROM
    (
        SELECT
            account_id,
            event_id,
            event_date,
            deleted_at
        FROM zakaz.stg_qtickets_shows
        FINAL
        ORDER BY _ver DESC
        LIMIT 1 BY
            account_id,
            show_id
    )
    WHERE deleted_at IS NULL
    GROUP BY
        account_id,
        event_id
) AS s ON (s.account_id = e.account_id) AND (s.event_id = e.event_id)
LEFT JOIN
(
    SELECT
        alias,
        city
    FROM zakaz.dim_city_alias
    FINAL
) AS a ON a.alias = e.city_key
