-- Grain: one row per show of one account, deleted shows included: sold tickets still name them.
-- Source: zakaz.stg_qtickets_shows under FINAL; of a show whose created_at moved to another month the
--   newest row of all months.
-- Key: that of the dimension. Rebuilt whole into the twin; zakaz.facts swaps it in.
INSERT INTO zakaz.dim_shows_next (account_id, show_id, event_id, show_name, starts_at, event_date, is_active, deleted_at, _ver, _loaded_at)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0
SELECT
    account_id,
    show_id,
    event_id,
    show_name,
    starts_at,
    event_date,
    is_active,
    deleted_at,
    {rebuilt_at_ms:UInt64} AS _ver,
    toDateTime(intDiv({rebuilt_at_ms:UInt64}, 1000), 'Europe/Moscow') AS _loaded_at
FROM
(
    SELECT
        account_id,
        show_id,
        event_id,
        show_name,
        starts_at,
        event_date,
        is_active,
        deleted_at
    FROM zakaz.stg_qtickets_shows
    FINAL
    ORDER BY _ver DESC
    LIMIT 1 BY
        account_id,
        show_id
)
