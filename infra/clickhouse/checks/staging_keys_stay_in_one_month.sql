-- Grain: one row per staging key found in two partitions; none is right.
-- Source: the Qtickets staging tables of things that live on, every version of every row.
-- Key: (account_id, id). FINAL stays inside a partition for speed, so a created_at that moved to
--   another month would show one row twice (T06).
SELECT
    'stg_qtickets_orders' AS staging_table,
    account_id,
    order_id AS row_key,
    uniqExact(toYYYYMM(created_at)) AS months
FROM zakaz.stg_qtickets_orders
GROUP BY
    account_id,
    order_id
HAVING months > 1
UNION ALL
SELECT
    'stg_qtickets_baskets' AS staging_table,
    account_id,
    basket_id AS row_key,
    uniqExact(toYYYYMM(created_at)) AS months
FROM zakaz.stg_qtickets_baskets
GROUP BY
    account_id,
    basket_id
HAVING months > 1
UNION ALL
SELECT
    'stg_qtickets_events' AS staging_table,
    account_id,
    event_id AS row_key,
    uniqExact(toYYYYMM(created_at)) AS months
FROM zakaz.stg_qtickets_events
GROUP BY
    account_id,
    event_id
HAVING months > 1
UNION ALL
SELECT
    'stg_qtickets_shows' AS staging_table,
    account_id,
    show_id AS row_key,
    uniqExact(toYYYYMM(created_at)) AS months
FROM zakaz.stg_qtickets_shows
GROUP BY
    account_id,
    show_id
HAVING months > 1
UNION ALL
SELECT
    'stg_qtickets_discounts' AS staging_table,
    account_id,
    discount_id AS row_key,
    uniqExact(toYYYYMM(created_at)) AS months
FROM zakaz.stg_qtickets_discounts
GROUP BY
    account_id,
    discount_id
HAVING months > 1
UNION ALL
SELECT
    'stg_qtickets_promo_codes' AS staging_table,
    account_id,
    promo_code_id AS row_key,
    uniqExact(toYYYYMM(created_at)) AS months
FROM zakaz.stg_qtickets_promo_codes
GROUP BY
    account_id,
    promo_code_id
HAVING months > 1
