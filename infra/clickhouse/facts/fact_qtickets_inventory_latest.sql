-- Grain: one row per show of one account: its newest snapshot.
-- Source: zakaz.stg_qtickets_inventory under FINAL.
-- Key: that of the fact. Rebuilt whole into the twin; zakaz.facts swaps it in.
INSERT INTO zakaz.fact_qtickets_inventory_latest_next (account_id, show_id, event_id, snapshot_at, seats_total, seats_sold, seats_reserved, seats_left, _ver, _loaded_at)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0
SELECT
    account_id,
    show_id,
    event_id,
    snapshot_at,
    seats_total,
    seats_sold,
    seats_reserved,
    seats_left,
    {rebuilt_at_ms:UInt64} AS _ver,
    toDateTime(intDiv({rebuilt_at_ms:UInt64}, 1000), 'Europe/Moscow') AS _loaded_at
FROM zakaz.stg_qtickets_inventory
FINAL
ORDER BY snapshot_at DESC
LIMIT 1 BY
    account_id,
    show_id
