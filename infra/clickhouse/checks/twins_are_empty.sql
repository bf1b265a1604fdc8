-- Grain: one row per twin that holds rows; none is right outside a rebuild.
-- Source: the _next tables. A rebuild that was cut leaves rows here; the next one clears them.
-- Key: table name.
SELECT
    'dim_events_next' AS twin,
    count() AS left_over
FROM zakaz.dim_events_next
HAVING left_over > 0
UNION ALL
SELECT
    'dim_shows_next' AS twin,
    count() AS left_over
FROM zakaz.dim_shows_next
HAVING left_over > 0
UNION ALL
SELECT
    'fact_qtickets_sales_daily_next' AS twin,
    count() AS left_over
FROM zakaz.fact_qtickets_sales_daily_next
HAVING left_over > 0
UNION ALL
SELECT
    'fact_qtickets_sales_hourly_next' AS twin,
    count() AS left_over
FROM zakaz.fact_qtickets_sales_hourly_next
HAVING left_over > 0
UNION ALL
SELECT
    'fact_qtickets_inventory_latest_next' AS twin,
    count() AS left_over
FROM zakaz.fact_qtickets_inventory_latest_next
HAVING left_over > 0
UNION ALL
SELECT
    'fact_qtickets_promo_codes_daily_next' AS twin,
    count() AS left_over
FROM zakaz.fact_qtickets_promo_codes_daily_next
HAVING left_over > 0
UNION ALL
SELECT
    'dim_ads_next' AS twin,
    count() AS left_over
FROM zakaz.dim_ads_next
HAVING left_over > 0
UNION ALL
SELECT
    'fact_ads_daily_next' AS twin,
    count() AS left_over
FROM zakaz.fact_ads_daily_next
HAVING left_over > 0
