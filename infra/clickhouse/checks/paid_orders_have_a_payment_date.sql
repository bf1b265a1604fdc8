-- Grain: one row per paid order without an instant of payment; none is right.
-- Source: zakaz.stg_qtickets_orders.
-- Key: (account_id, order_id). Such an order has no day of sale and would be missing from the facts.
SELECT
    account_id,
    order_id
FROM zakaz.stg_qtickets_orders
FINAL
WHERE payed AND (payed_at IS NULL) AND (deleted_at IS NULL)
ORDER BY
    account_id ASC,
    order_id ASC
SETTINGS do_not_merge_across_partitions_select_final = 1
