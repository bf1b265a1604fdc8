-- Not shown: the sources and media a reader may filter by.
-- Grain: one row per field and value that ever sold, unknown where the tag is absent.
-- Reads: bi.v_sales_utm_daily.
SELECT
    field AS field_name,
    value AS value_key,
    sum(orders) AS orders_sum
FROM bi.v_sales_utm_daily
ARRAY JOIN
    ['source', 'medium'] AS field,
    [utm_source, utm_medium] AS value
WHERE orders + tickets_sold > 0 OR gross != 0
GROUP BY field_name, value_key
ORDER BY field_name, orders_sum DESC, value_key
