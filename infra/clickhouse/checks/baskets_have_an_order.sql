-- Grain: one row per live basket whose order was never stored; none is right.
-- Source: zakaz.stg_qtickets_baskets against zakaz.stg_qtickets_orders.
-- Key: (account_id, basket_id). Order and baskets come from one page, so a lone basket is half a load.
SELECT
    account_id,
    basket_id,
    order_id
FROM zakaz.stg_qtickets_baskets
FINAL
WHERE (deleted_at IS NULL) AND ((account_id, order_id) NOT IN (
    SELECT
        account_id,
        order_id
    FROM zakaz.stg_qtickets_orders
))
ORDER BY
    account_id ASC,
    basket_id ASC
SETTINGS do_not_merge_across_partitions_select_final = 1
