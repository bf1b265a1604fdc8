-- Grain: one row per order or ticket that counts twice, or lives although it was deleted; none is right.
-- Source: the Qtickets staging tables that facts read month by month, under FINAL.
-- Key: (account_id, id). FINAL stays inside a partition for speed, so of an id whose created_at moved
--   to another month the row left behind must carry a deletion mark (T06). Readers of the other
--   tables merge the months. Only ids found in two months are read under FINAL, which is slower.
SELECT
    'stg_qtickets_orders' AS staging_table,
    account_id,
    order_id AS row_key,
    countIf(deleted_at IS NULL) AS live_rows
FROM zakaz.stg_qtickets_orders
FINAL
WHERE (account_id, order_id) IN (
    SELECT
        account_id,
        order_id
    FROM zakaz.stg_qtickets_orders
    GROUP BY
        account_id,
        order_id
    HAVING uniqExact(toYYYYMM(created_at)) > 1
)
GROUP BY
    account_id,
    order_id
HAVING live_rows > argMax(deleted_at IS NULL, (_ver, deleted_at IS NULL))
UNION ALL
SELECT
    'stg_qtickets_baskets' AS staging_table,
    account_id,
    basket_id AS row_key,
    countIf(deleted_at IS NULL) AS live_rows
FROM zakaz.stg_qtickets_baskets
FINAL
WHERE (account_id, basket_id) IN (
    SELECT
        account_id,
        basket_id
    FROM zakaz.stg_qtickets_baskets
    GROUP BY
        account_id,
        basket_id
    HAVING uniqExact(toYYYYMM(created_at)) > 1
)
GROUP BY
    account_id,
    basket_id
HAVING live_rows > argMax(deleted_at IS NULL, (_ver, deleted_at IS NULL))
SETTINGS do_not_merge_across_partitions_select_final = 1
