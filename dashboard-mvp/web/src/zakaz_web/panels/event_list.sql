-- Panel: the event list; also what an event may be compared with.
-- Grain: one row per event of one account that is loaded, with currency '', and one more per event
--   and currency that ever sold: the page joins them, and an event not loaded yet keeps its sales.
-- Reads: bi.v_events, bi.v_sales_daily. A day may hold nothing but a refund: it is no last sale.
SELECT
    account_id,
    event_id,
    '' AS currency,
    event_name AS shown_name,
    city AS city_key,
    city_name AS shown_city,
    place_name,
    starts_on,
    ends_on,
    shows AS show_count,
    is_active,
    NULL AS last_sale,
    toUInt64(0) AS orders_sum,
    toUInt64(0) AS tickets_sum,
    toDecimal128(0, 2) AS revenue_sum
FROM bi.v_events
UNION ALL
SELECT
    account_id,
    event_id,
    currency,
    max(event_name) AS shown_name,
    max(city) AS city_key,
    max(city_name) AS shown_city,
    '' AS place_name,
    NULL AS starts_on,
    NULL AS ends_on,
    toUInt32(0) AS show_count,
    false AS is_active,
    maxOrNull(if(orders + tickets_sold > 0 OR gross != 0, d, NULL)) AS last_sale,
    sum(orders) AS orders_sum,
    sum(tickets_sold) AS tickets_sum,
    sum(revenue) AS revenue_sum
FROM bi.v_sales_daily
GROUP BY account_id, event_id, currency
ORDER BY account_id, event_id, currency
