-- Grain: one row per fact and key that occurs more than once; none is right.
-- Source: the facts, deliberately without FINAL: a rebuild swaps whole months, so a double would be
--   a rebuild gone wrong.
-- Key: the key of the fact.
SELECT
    'fact_qtickets_sales_daily' AS fact,
    concat(account_id, ' ', toString(sales_date), ' ', event_id, ' ', show_id, ' ', currency) AS fact_key,
    count() AS copies
FROM zakaz.fact_qtickets_sales_daily
GROUP BY
    account_id,
    sales_date,
    event_id,
    show_id,
    currency,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_content,
    utm_term
HAVING copies > 1
UNION ALL
SELECT
    'fact_qtickets_sales_hourly' AS fact,
    concat(account_id, ' ', toString(sales_hour), ' ', event_id, ' ', show_id, ' ', currency) AS fact_key,
    count() AS copies
FROM zakaz.fact_qtickets_sales_hourly
GROUP BY
    account_id,
    sales_hour,
    event_id,
    show_id,
    currency
HAVING copies > 1
UNION ALL
SELECT
    'fact_qtickets_promo_codes_daily' AS fact,
    concat(account_id, ' ', toString(sales_date), ' ', event_id, ' ', promo_code_id, ' ', currency) AS fact_key,
    count() AS copies
FROM zakaz.fact_qtickets_promo_codes_daily
GROUP BY
    account_id,
    sales_date,
    event_id,
    promo_code_id,
    discount_id,
    currency
HAVING copies > 1
UNION ALL
SELECT
    'fact_qtickets_inventory_latest' AS fact,
    concat(account_id, ' ', show_id) AS fact_key,
    count() AS copies
FROM zakaz.fact_qtickets_inventory_latest
GROUP BY
    account_id,
    show_id
HAVING copies > 1
UNION ALL
SELECT
    'fact_ads_daily' AS fact,
    concat(account_id, ' ', toString(stat_date), ' ', banner_id) AS fact_key,
    count() AS copies
FROM zakaz.fact_ads_daily
GROUP BY
    account_id,
    stat_date,
    banner_id
HAVING copies > 1
